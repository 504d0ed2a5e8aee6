#include "engine/stats/queueing_formulas.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "engine/base/check.hpp"
#include "tests/engine/stats/test_random.hpp"

using namespace nephoscope;

namespace {
constexpr MarkovQueue queue_of(double arrival_rate, double service_rate, int servers) {
  return {arrival_rate, service_rate, servers};
}
}  // namespace

TEST_CASE("stats: M/M/1 at utilization 0.8") {
  // L = rho / (1 - rho) = 4; T = 1 / (mu - lambda) = 0.5 s; W = rho T = 0.4 s; L_q = lambda W = 3.2
  const QueueMetrics m = mmc(queue_of(8, 10, 1));
  CHECK(m.utilization == doctest::Approx(0.8));
  CHECK(m.wait_probability == doctest::Approx(0.8));
  CHECK(m.wait == doctest::Approx(0.4));
  CHECK(m.response == doctest::Approx(0.5));
  CHECK(m.queue == doctest::Approx(3.2));
  CHECK(m.system == doctest::Approx(4));
}

TEST_CASE("stats: Erlang B and C for two servers and one erlang") {
  // B = (1/2) / (1 + 1 + 1/2) = 1/5; C = 2 B / (2 - (1 - B)) = (2/5) / (6/5) = 1/3
  CHECK(erlang_b(2, 1) == doctest::Approx(0.2));
  CHECK(erlang_c(2, 1) == doctest::Approx(1.0 / 3));
  CHECK(erlang_b(0, 3) == 1);
  CHECK(erlang_c(4, 0) == 0);
}

TEST_CASE("stats: Erlang B equals the published traffic table") {
  // Tables of the Erlang loss formula: 1 % blocking carries 4.461 erlangs on 10 circuits, 84.06 on 100.
  CHECK(test::relative_error(erlang_b(10, 4.461), 0.01) < 0.0005);
  CHECK(test::relative_error(erlang_b(100, 84.06), 0.01) < 0.0015);
}

TEST_CASE("stats: M/M/2 with lambda = mu waits a third of a service") {
  // W = C / (c mu - lambda) = (1/3) / (2 - 1); L = 1 + 1/3
  const QueueMetrics m = mmc(queue_of(1, 1, 2));
  CHECK(m.wait == doctest::Approx(1.0 / 3));
  CHECK(m.system == doctest::Approx(4.0 / 3));
}

TEST_CASE("stats: the wait's quantile is where its tail has fallen to 1 - p") {
  const MarkovQueue queue = queue_of(8, 10, 1);
  // P(W > t) = 0.8 e^{-2 t}; p = 0.95: t = ln(0.8 / 0.05) / 2 = 1.386294
  CHECK(mmc_wait_quantile(queue, 0.95) == doctest::Approx(1.386294).epsilon(1e-6));
  CHECK(mmc_wait_exceeds(queue, 1.386294361) == doctest::Approx(0.05).epsilon(1e-8));
  CHECK(mmc_wait_quantile(queue, 0.2) == 0);  // a fifth does not wait
  // P(T > t) = e^{-2 t}: median ln 2 / 2
  CHECK(mm1_response_quantile(queue, 0.5) == doctest::Approx(std::log(2.0) / 2));
}

TEST_CASE("stats: an unstable queue is refused") {
  CHECK_THROWS_AS(mmc(queue_of(2, 1, 2)), CheckFailure);
  CHECK_THROWS_AS(mg1(1, {1, 2}), CheckFailure);
}

TEST_CASE("stats: M/M/1/2 with lambda = mu") {
  // p = 1/3 each; loss 1/3; entering 2/3; L = 1, L_q = 1/3; T = 1.5, W = 0.5; waits: p_1 / (p_0 + p_1) = 1/2
  const QueueMetrics m = mmck(queue_of(1, 1, 1), 2);
  CHECK(m.loss_probability == doctest::Approx(1.0 / 3));
  CHECK(m.system == doctest::Approx(1));
  CHECK(m.queue == doctest::Approx(1.0 / 3));
  CHECK(m.response == doctest::Approx(1.5));
  CHECK(m.wait == doctest::Approx(0.5));
  CHECK(m.wait_probability == doctest::Approx(0.5));
  CHECK(m.utilization == doctest::Approx(2.0 / 3));
  CHECK(m.throughput == doctest::Approx(2.0 / 3));
}

TEST_CASE("stats: without waiting places M/M/c/K loses by Erlang B, with many it becomes M/M/c") {
  CHECK(mmck(queue_of(7, 2, 5), 5).loss_probability == doctest::Approx(erlang_b(5, 3.5)));
  CHECK(mmck(queue_of(8, 2, 5), 400).wait == doctest::Approx(mmc(queue_of(8, 2, 5)).wait).epsilon(1e-10));
}

TEST_CASE("stats: one repairer for two machines that fail as fast as they are repaired") {
  // p = 0.2, 0.4, 0.4; L = 1.2; failures 2 - 1.2 = 0.8/s; T = 1.2 / 0.8; the arriving machine finds the
  // repairer busy with p_1 * 1 / 0.8 = 1/2
  const QueueMetrics m = machine_repair(queue_of(1, 1, 1), 2);
  CHECK(m.utilization == doctest::Approx(0.8));
  CHECK(m.system == doctest::Approx(1.2));
  CHECK(m.throughput == doctest::Approx(0.8));
  CHECK(m.response == doctest::Approx(1.5));
  CHECK(m.wait == doctest::Approx(0.5));
  CHECK(m.wait_probability == doctest::Approx(0.5));
}

TEST_CASE("stats: Erlang A with patience like service is M/M/infinity in disguise") {
  // number in system Poisson(1): P(wait) = 1 - 1/e; L_q = 1 - (1 - 1/e) = 1/e; abandonment = L_q theta /
  // lambda
  const QueueMetrics m = erlang_a(queue_of(1, 1, 1), 1);
  CHECK(m.wait_probability == doctest::Approx(1 - std::exp(-1.0)).epsilon(1e-12));
  CHECK(m.queue == doctest::Approx(std::exp(-1.0)).epsilon(1e-12));
  CHECK(m.loss_probability == doctest::Approx(std::exp(-1.0)).epsilon(1e-12));
}

TEST_CASE("stats: Erlang A serves whom it does not lose, overloaded too") {
  const QueueMetrics m = erlang_a(queue_of(150, 1, 100), 0.5);
  CHECK(m.throughput == doctest::Approx(150 * (1 - m.loss_probability)).epsilon(1e-12));
  // fluid limit: a third abandons
  CHECK(m.loss_probability == doctest::Approx(1.0 / 3).epsilon(0.001));
  CHECK(m.wait == doctest::Approx(m.loss_probability / 0.5));  // P(abandon) = theta E[wait]
}

TEST_CASE("stats: Erlang A with endless patience is M/M/c") {
  CHECK(erlang_a(queue_of(8, 2, 5), 1e-9).wait == doctest::Approx(mmc(queue_of(8, 2, 5)).wait).epsilon(1e-6));
}

TEST_CASE("stats: constant services halve the wait of exponential ones") {
  // rho = 0.8, E[S] = 0.1: W = rho E[S] / (2 (1 - rho)) = 0.2, against 0.4
  CHECK(md1(8, 0.1).wait == doctest::Approx(0.2));
  CHECK(mg1(8, {0.1, 0.02}).wait == doctest::Approx(0.4));
  CHECK(mg1(8, ServiceMoments::from_cv(0.1, 2)).wait == doctest::Approx(1.0));  // (1 + 4) / 2 of 0.4
}

TEST_CASE("stats: priorities move the wait from one class to the other") {
  // lambda = 1/4 each, exponential services of 1: R = 1/2; W_1 = R / (3/4); W_2 = R / (3/4 * 1/2)
  const std::vector<PriorityClass> classes(2, {0.25, {1, 2}});
  const std::vector<double> waits = priority_waits(classes);
  CHECK(waits[0] == doctest::Approx(2.0 / 3));
  CHECK(waits[1] == doctest::Approx(4.0 / 3));
  // conservation: the mean is M/M/1's wait at rho = 1/2
  CHECK((waits[0] + waits[1]) / 2 == doctest::Approx(mmc(queue_of(0.5, 1, 1)).wait));
}

TEST_CASE("stats: with preemption the first class sees only itself") {
  const std::vector<PriorityClass> classes(2, {0.25, {1, 2}});
  const std::vector<double> responses = preemptive_responses(classes);
  CHECK(responses[0] == doctest::Approx(mmc(queue_of(0.25, 1, 1)).response));  // 4/3
  // 1 / (3/4) + (1/2) / (3/4 * 1/2)
  CHECK(responses[1] == doctest::Approx(8.0 / 3));
}

TEST_CASE("stats: processor sharing stretches each service by 1 / (1 - rho)") {
  CHECK(processor_sharing_response(0.02, 0.75) == doctest::Approx(0.08));
}
