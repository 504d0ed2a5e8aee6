#include "engine/stats/markov.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "engine/base/check.hpp"
#include "tests/engine/stats/test_random.hpp"

using namespace nephoscope;

TEST_CASE("stats: a component that fails and is repaired is available mu / (lambda + mu)") {
  Eigen::MatrixXd q(2, 2);
  q << 0, 1, 9, 0;
  const Eigen::VectorXd pi = stationary_distribution(q);
  CHECK(pi(0) == doctest::Approx(0.9).epsilon(1e-15));
  CHECK(pi(1) == doctest::Approx(0.1).epsilon(1e-15));
}

TEST_CASE("stats: a cyclic chain stays in each state for its mean holding time") {
  Eigen::MatrixXd q(3, 3);
  q << 0, 1, 0, 0, 0, 2, 4, 0, 0;
  // holding times 1, 1/2, 1/4; shares 4/7, 2/7, 1/7
  const Eigen::VectorXd pi = stationary_distribution(q);
  CHECK(pi(0) == doctest::Approx(4.0 / 7));
  CHECK(pi(1) == doctest::Approx(2.0 / 7));
  CHECK(pi(2) == doctest::Approx(1.0 / 7));
}

TEST_CASE("stats: a stationary distribution keeps the digits of very rare states") {
  // birth-death with births 1e-9, 1e-9 and deaths 1, 1: pi_2 = 1e-18 pi_0
  Eigen::MatrixXd q(3, 3);
  q << 0, 1e-9, 0, 1, 0, 1e-9, 0, 1, 0;
  const Eigen::VectorXd pi = stationary_distribution(q);
  CHECK(test::relative_error(pi(2) / pi(0), 1e-18) < 1e-14);
}

TEST_CASE("stats: a reducible chain is refused") {
  Eigen::MatrixXd q(2, 2);
  q << 0, 1, 0, 0;
  CHECK_THROWS_AS(stationary_distribution(q), CheckFailure);
}

TEST_CASE("stats: two repairable components fail together after (3 lambda + mu) / (2 lambda^2)") {
  // states: both up, one up, none; lambda = 1, mu = 10: (3 + 10) / 2
  Eigen::MatrixXd q(3, 3);
  q << 0, 2, 0, 10, 0, 1, 0, 0, 0;
  const Eigen::VectorXd time = mean_time_to_absorption(q, {false, false, true});
  CHECK(time(0) == doctest::Approx(6.5));
  CHECK(time(1) == doctest::Approx(6.0));  // 6.5 minus the first failure's 1 / (2 lambda)
  CHECK(time(2) == 0);
}

TEST_CASE("stats: the mean time to a very rare failure keeps its digits") {
  // as above with lambda = 1e-6, mu = 1e3: (3e-6 + 1e3) / 2e-12
  Eigen::MatrixXd q(3, 3);
  q << 0, 2e-6, 0, 1e3, 0, 1e-6, 0, 0, 0;
  CHECK(mean_time_to_absorption(q, {false, false, true})(0) ==
        doctest::Approx((3e-6 + 1e3) / 2e-12).epsilon(1e-14));
}

TEST_CASE("stats: the absorbing set may stand anywhere among the states") {
  // 1 -> 0 or 1 -> 2 at rate 1 each, 2 -> 1 at rate 4: h_1 = 1/2 + h_2 / 2, h_2 = 1/4 + h_1: h_1 = 5/4, h_2 =
  // 3/2
  Eigen::MatrixXd q(3, 3);
  q << 0, 7, 0, 1, 0, 1, 0, 4, 0;
  const Eigen::VectorXd time = mean_time_to_absorption(q, {true, false, false});
  CHECK(time(0) == 0);
  CHECK(time(1) == doctest::Approx(1.25));
  CHECK(time(2) == doctest::Approx(1.5));
}

TEST_CASE("stats: absorption that never comes is refused") {
  CHECK_THROWS_AS(mean_time_to_absorption(Eigen::MatrixXd::Zero(2, 2), {false, true}), CheckFailure);
}

TEST_CASE("stats: a birth-death chain with thousands of states neither overflows nor loses its shape") {
  const std::vector<double> births(5000, 3), deaths(5000, 1);
  const std::vector<double> p = birth_death_distribution(births, deaths);
  // geometric from the top: p_n = (2/3) 3^{-(5000 - n)}
  CHECK(p[5000] == doctest::Approx(2.0 / 3).epsilon(1e-12));
  CHECK(test::relative_error(p[4990], 2.0 / 3 * std::pow(3.0, -10)) < 1e-12);
  CHECK(p[0] == 0);
}

TEST_CASE("stats: traffic equations add feedback to external arrivals") {
  // node 1: lambda1 = 1 + 0.25 lambda2; node 2: lambda2 = 0.8 lambda1 -> lambda1 = 1.25, lambda2 = 1
  Eigen::MatrixXd routing(2, 2);
  routing << 0, 0.8, 0.25, 0;
  const Eigen::VectorXd rates = traffic_equations(routing, Eigen::Vector2d(1, 0));
  CHECK(rates(0) == doctest::Approx(1.25));
  CHECK(rates(1) == doctest::Approx(1.0));
}

TEST_CASE("stats: traffic that never leaves is refused") {
  Eigen::MatrixXd routing(2, 2);
  routing << 0, 1, 1, 0;
  CHECK_THROWS_AS(traffic_equations(routing, Eigen::Vector2d(1, 0)), CheckFailure);
}
