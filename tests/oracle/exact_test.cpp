// The exact figures themselves, against values computed by hand.
#include "tests/oracle/exact.hpp"

#include <doctest/doctest.h>

#include "engine/random/elementary.hpp"

using namespace nephoscope;
using namespace nephoscope::oracle;

TEST_CASE("oracle: a quantile undoes its distribution") {
  // P(X > t) = e^{-2 t} = 0.05 at t = ln 20 / 2.
  const auto survival = [](double t) { return elementary::exp(-2 * t); };
  CHECK(quantile(survival, 0.95) == doctest::Approx(elementary::log(20) / 2).epsilon(1e-10));
}

TEST_CASE("oracle: a sum of exponential times exceeds t as its density integrates") {
  // Rates 1 and 2: P(X > t) = 2 e^{-t} - e^{-2 t}.
  const double rates[] = {1, 2};
  CHECK(sum_of_exponentials_exceeds(rates, 0) == doctest::Approx(1));
  const double expected = 2 * elementary::exp(-1.0) - elementary::exp(-2.0);
  CHECK(sum_of_exponentials_exceeds(rates, 1) == doctest::Approx(expected));
}

TEST_CASE("oracle: the response of M/M/c with one server is exponential") {
  // M/M/1: rate mu - lambda = 4, so P(T > 0.5) = e^{-2}; with c = 1 the two terms must add up to that.
  const MarkovQueue queue{.arrival_rate = 6, .service_rate = 10};
  CHECK(mmc_response_exceeds(queue, 0.5) == doctest::Approx(elementary::exp(-2.0)));
}

TEST_CASE("oracle: customers who enter M/M/1/3 find the states below 3") {
  // lambda = mu: the states 0 to 3 are equally likely, so 0, 1, 2 are found with 1/3 each and
  // P(W > t) = (e^{-t} + e^{-t} (1 + t)) / 3.
  const MarkovQueue queue{.arrival_rate = 1, .service_rate = 1};
  const std::vector<double> seen = seen_in_mmck(queue, 3);
  REQUIRE(seen.size() == 3);
  CHECK(markov_wait_exceeds(queue, seen, 0) == doctest::Approx(2.0 / 3));
  CHECK(markov_wait_exceeds(queue, seen, 1) == doctest::Approx(elementary::exp(-1.0)));
}

TEST_CASE("oracle: a failing machine finds the others as if it did not exist") {
  // Two machines, one mechanic, lambda = mu: of a single other machine half is running.
  const MarkovQueue queue{.arrival_rate = 1, .service_rate = 1};
  const std::vector<double> seen = seen_in_machine_repair(queue, 2);
  REQUIRE(seen.size() == 2);
  CHECK(seen[0] == doctest::Approx(0.5));
  CHECK(seen[1] == doctest::Approx(0.5));
}

TEST_CASE("oracle: nobody waits in M/D/1 with probability 1 - rho, and the tail adds up to the mean wait") {
  CHECK(md1_wait_exceeds(7, 0.1, 0) == doctest::Approx(0.7));
  // E[W] = integral of P(W > t) = rho D / (2 (1 - rho)) = 0.7 * 0.1 / 0.6.
  double integral = 0;
  constexpr double step = 1e-3;
  for (int i = 0; i < 1500; ++i) integral += step * md1_wait_exceeds(7, 0.1, (i + 0.5) * step);
  CHECK(integral == doctest::Approx(0.7 * 0.1 / 0.6).epsilon(1e-3));
}

TEST_CASE("oracle: half of a lognormal time is below its median") {
  // cv = 1: the variance of ln X is ln 2, the median mean / sqrt(2).
  CHECK(lognormal_quantile(3, 1, 0.5) == doctest::Approx(3 / elementary::exp(elementary::log(2) / 2)));
}

TEST_CASE("oracle: who is served in Erlang A has waited the steps that he survived") {
  // One server, lambda = mu = theta = 1: the death rate of state n is n, so the states are Poisson(1), and
  // the share of the served is P(busy) = 1 - 1/e. One who finds n others survives steps of rates n + 1, ...,
  // 2 with probabilities n / (n + 1), ..., 1 / 2, together 1 / (n + 1), and then has waited H_{n+1} - 1.
  double waited = 0, weight = elementary::exp(-1.0), harmonic = 0;
  for (int n = 0; n < 30; ++n) {
    harmonic += 1.0 / (n + 1);
    waited += weight / (n + 1) * (harmonic - 1);
    weight /= n + 1;
  }
  const double served = 1 - elementary::exp(-1.0);
  CHECK(erlang_a_wait_of_served({.arrival_rate = 1, .service_rate = 1}, 1) ==
        doctest::Approx(waited / served));
}
