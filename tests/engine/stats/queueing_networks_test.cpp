#include "engine/stats/queueing_networks.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "engine/base/check.hpp"

using namespace nephoscope;

TEST_CASE("stats: a Jackson network of two nodes with feedback") {
  // lambda = 1.25 and 1 (see the traffic equations' test); mu = 2.5 and 4: rho = 1/2 and 1/4, L = 1 and 1/3
  const std::vector<JacksonNode> nodes{{1, 2.5, 1}, {0, 4, 1}};
  Eigen::MatrixXd routing(2, 2);
  routing << 0, 0.8, 0.25, 0;
  const JacksonResult result = jackson_network(nodes, routing);
  CHECK(result.nodes[0].utilization == doctest::Approx(0.5));
  CHECK(result.nodes[1].system == doctest::Approx(1.0 / 3));
  CHECK(result.system == doctest::Approx(4.0 / 3));
  CHECK(result.response == doctest::Approx(4.0 / 3));  // Little, with 1 customer/s from outside
}

TEST_CASE("stats: a balanced closed network has throughput N / (D (N + K - 1))") {
  const std::vector<ClosedStation> stations(3, {.demand = 0.5});
  // N = 4, K = 3: 4 / (0.5 * 6)
  const ClosedResult result = closed_network(stations, 4);
  CHECK(result.throughput == doctest::Approx(4.0 / 3));
  CHECK(result.stations[0].system == doctest::Approx(4.0 / 3));
  CHECK(result.stations[0].utilization == doctest::Approx(2.0 / 3));
  CHECK(result.response == doctest::Approx(3));
}

TEST_CASE("stats: mean value analysis by hand for two customers and unequal demands") {
  // D = 1, 2. n = 1: R = 1, 2; X = 1/3; Q = 1/3, 2/3. n = 2: R = 4/3, 10/3; X = 2 / (14/3) = 3/7
  const std::vector<ClosedStation> stations{{.demand = 1}, {.demand = 2}};
  const ClosedResult result = closed_network(stations, 2);
  CHECK(result.throughput == doctest::Approx(3.0 / 7));
  CHECK(result.stations[0].system == doctest::Approx(4.0 / 7));
  CHECK(result.stations[1].system == doctest::Approx(10.0 / 7));
}

TEST_CASE("stats: mean value analysis with several servers agrees with the machine repair chain") {
  for (const int customers : {1, 2, 3, 7, 12}) {
    const std::vector<ClosedStation> stations{{.demand = 2, .delay = true}, {.demand = 0.5, .servers = 3}};
    const ClosedResult closed = closed_network(stations, customers);
    const QueueMetrics chain =
        machine_repair({.arrival_rate = 0.5, .service_rate = 2, .servers = 3}, customers);
    CAPTURE(customers);
    CHECK(closed.throughput == doctest::Approx(chain.throughput).epsilon(1e-10));
    CHECK(closed.response == doctest::Approx(chain.response).epsilon(1e-10));
    CHECK(closed.stations[1].utilization == doctest::Approx(chain.utilization).epsilon(1e-10));
  }
}

TEST_CASE("stats: a closed network's customers are all somewhere") {
  const std::vector<ClosedStation> stations{
      {.demand = 5, .delay = true}, {.demand = 0.5, .servers = 2}, {.demand = 0.3}};
  const ClosedResult result = closed_network(stations, 20);
  double customers = 0;
  for (const auto& station : result.stations) customers += station.system;
  CHECK(customers == doctest::Approx(20));
  CHECK(result.throughput < 1 / 0.3);  // the bottleneck's bound
}
