#include "engine/stats/queueing_networks.hpp"

#include <algorithm>

#include "engine/base/check.hpp"
#include "engine/stats/markov.hpp"

namespace nephoscope {
namespace {

// One station's state in the recursion over the number of customers.
class StationRecursion final {
 public:
  explicit StationRecursion(const ClosedStation& station)
      : station_(station), idle_(static_cast<std::size_t>(std::max(station.servers, 1)), 0.0) {
    check(station.demand >= 0 && station.servers >= 1, "stats",
          "a closed station of demand {} and {} servers", station.demand, station.servers);
    idle_[0] = 1;
  }

  // With one customer more than advance() last knew: D for a delay, else
  // D/m (1 + Q(n-1) + sum_{j<m-1} (m - 1 - j) p(j | n-1)).
  double response() const {
    if (station_.delay) return station_.demand;
    double seen = 1 + number_;
    for (std::size_t j = 0; j + 1 < idle_.size(); ++j)
      seen += static_cast<double>(idle_.size() - 1 - j) * idle_[j];
    return station_.demand * seen / static_cast<double>(idle_.size());
  }

  // p(j | n) = X D p(j-1 | n-1) / j for 0 < j < m, and p(0 | n) from the mean number of busy servers.
  void advance(double throughput, double response) {
    number_ = throughput * response;
    const double load = throughput * station_.demand;
    const double servers = static_cast<double>(idle_.size());
    double missing = 0;
    for (std::size_t j = idle_.size() - 1; j > 0; --j) {
      idle_[j] = load * idle_[j - 1] / static_cast<double>(j);
      missing += (servers - static_cast<double>(j)) * idle_[j];
    }
    idle_[0] = 1 - (load + missing) / servers;
    check(station_.delay || idle_[0] > -1e-9, "stats", "mean value analysis lost its digits: p(0) = {}",
          idle_[0]);
    idle_[0] = std::max(idle_[0], 0.0);
  }

  ClosedResult::Station result(double throughput, double response) const {
    const double load = throughput * station_.demand;
    return {response, number_, station_.delay ? load : load / static_cast<double>(idle_.size())};
  }
  bool delay() const { return station_.delay; }

 private:
  ClosedStation station_;
  std::vector<double> idle_;  // p(0), ..., p(m - 1): probabilities of that many customers at the station
  double number_ = 0;
};

}  // namespace

JacksonResult jackson_network(std::span<const JacksonNode> nodes, const Eigen::MatrixXd& routing) {
  Eigen::VectorXd external(static_cast<Eigen::Index>(nodes.size()));
  for (std::size_t i = 0; i < nodes.size(); ++i)
    external(static_cast<Eigen::Index>(i)) = nodes[i].external_rate;
  const Eigen::VectorXd rates = traffic_equations(routing, external);
  JacksonResult result;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    result.nodes.push_back(mmc({.arrival_rate = rates(static_cast<Eigen::Index>(i)),
                                .service_rate = nodes[i].service_rate,
                                .servers = nodes[i].servers}));
    result.system += result.nodes.back().system;
  }
  const double entering = external.sum();
  result.response = entering > 0 ? result.system / entering : 0;
  return result;
}

ClosedResult closed_network(std::span<const ClosedStation> stations, int customers) {
  check(customers >= 1, "stats", "a closed network without customers");
  std::vector<StationRecursion> recursions(stations.begin(), stations.end());
  std::vector<double> responses(stations.size());
  ClosedResult result;
  for (int n = 1; n <= customers; ++n) {
    double cycle = 0;
    for (std::size_t k = 0; k < recursions.size(); ++k) cycle += responses[k] = recursions[k].response();
    check(cycle > 0, "stats", "a closed network without demand");
    result.throughput = n / cycle;
    for (std::size_t k = 0; k < recursions.size(); ++k)
      recursions[k].advance(result.throughput, responses[k]);
  }
  for (std::size_t k = 0; k < recursions.size(); ++k) {
    result.stations.push_back(recursions[k].result(result.throughput, responses[k]));
    if (!recursions[k].delay()) result.response += responses[k];
  }
  return result;
}

}  // namespace nephoscope
