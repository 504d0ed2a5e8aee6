// Exact figures of textbook queues beyond engine/stats/queueing_formulas.hpp: quantiles, mostly. Rates are
// per second, times in seconds.
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <span>
#include <vector>

#include "engine/base/check.hpp"
#include "engine/random/elementary.hpp"
#include "engine/stats/markov.hpp"
#include "engine/stats/queueing_formulas.hpp"

namespace nephoscope::oracle {

// P(X > t) as a function of t.
using Survival = std::function<double(double)>;
// The t with P(X > t) = 1 - p, to twelve digits. REQUIRES: survival falls to 0 and survival(0) > 1 - p.
double quantile(const Survival& survival, double p);

// A sum of independent exponential times (hypoexponential): sum_i e^{-r_i t} prod_{j != i} r_j / (r_j - r_i).
// REQUIRES: distinct rates.
double sum_of_exponentials_exceeds(std::span<const double> rates, double t);

// The response of M/M/c: the service, after an exponential wait of rate c mu - lambda with probability C
// (Gross and Harris, section 2.3). REQUIRES: c mu - lambda != mu.
double mmc_response_exceeds(const MarkovQueue& queue, double t);

// The wait of a customer who finds n others with probability seen[n]: with n >= c an Erlang time of n - c + 1
// phases of rate c mu. `seen` need not add up to one: it is normalised.
double markov_wait_exceeds(const MarkovQueue& queue, std::span<const double> seen, double t);
// What customers who enter M/M/c/K find: the states below K, as Poisson arrivals see them.
std::vector<double> seen_in_mmck(const MarkovQueue& queue, int capacity);
// What a machine that fails finds: the states of a system with one machine less (arrival theorem, Sevcik and
// Mitrani, Journal of the ACM 28(2), 1981).
std::vector<double> seen_in_machine_repair(const MarkovQueue& queue, int machines);

// The wait in M/D/1 (Erlang 1909; Gross and Harris, section 5.1.5): P(W <= t) =
// (1 - rho) sum_{k <= t / D} (-x_k)^k e^{x_k} / k!, x_k = lambda (t - k D). Good for t below some 20 D: the
// terms alternate.
double md1_wait_exceeds(double arrival_rate, double service, double t);

// The quantile of a lognormal time: ln X has variance ln(1 + cv^2).
double lognormal_quantile(double mean, double cv, double p);

// The mean wait of those customers of Erlang A who are served. One who finds k in line, all servers busy,
// comes to the front in steps of rates c mu + j theta, j = k + 1 ... 1, and survives each with probability (c
// mu + (j - 1) theta) / (c mu + j theta), which does not depend on how long the step takes.
double erlang_a_wait_of_served(const MarkovQueue& queue, double abandonment_rate);

// Implementation.

namespace detail {

inline std::vector<double> markov_states(const MarkovQueue& queue, std::span<const double> births) {
  std::vector<double> deaths;
  for (std::size_t n = 1; n <= births.size(); ++n)
    deaths.push_back(std::min(static_cast<double>(n), static_cast<double>(queue.servers)) *
                     queue.service_rate);
  return birth_death_distribution(births, deaths);
}

// P(Erlang(phases, rate) > t) = P(Poisson(rate t) < phases).
inline double erlang_exceeds(int phases, double rate, double t) {
  double term = elementary::exp(-rate * t);
  double sum = 0;
  for (int i = 0; i < phases; ++i) {
    sum += term;
    term *= rate * t / (i + 1);
  }
  return sum;
}

}  // namespace detail

inline double quantile(const Survival& survival, double p) {
  double low = 0, high = 1;
  while (survival(high) > 1 - p) low = high, high *= 2;
  while (high - low > 1e-12 * high) {
    const double middle = (low + high) / 2;
    (survival(middle) > 1 - p ? low : high) = middle;
  }
  return high;
}

inline double sum_of_exponentials_exceeds(std::span<const double> rates, double t) {
  double sum = 0;
  for (const double rate : rates) {
    double weight = elementary::exp(-rate * t);
    for (const double other : rates)
      if (other != rate) weight *= other / (other - rate);
    sum += weight;
  }
  return sum;
}

inline double mmc_response_exceeds(const MarkovQueue& queue, double t) {
  const double waiting = erlang_c(queue.servers, queue.offered_load());
  const double spare = queue.servers * queue.service_rate - queue.arrival_rate;
  const double both[] = {spare, queue.service_rate};
  return (1 - waiting) * elementary::exp(-queue.service_rate * t) +
         waiting * sum_of_exponentials_exceeds(both, t);
}

inline double markov_wait_exceeds(const MarkovQueue& queue, std::span<const double> seen, double t) {
  double exceeds = 0;
  for (int n = queue.servers; n < static_cast<int>(seen.size()); ++n)
    exceeds += seen[static_cast<std::size_t>(n)] *
               detail::erlang_exceeds(n - queue.servers + 1, queue.servers * queue.service_rate, t);
  return exceeds / std::accumulate(seen.begin(), seen.end(), 0.0);
}

inline std::vector<double> seen_in_mmck(const MarkovQueue& queue, int capacity) {
  const std::vector<double> births(static_cast<std::size_t>(capacity), queue.arrival_rate);
  std::vector<double> states = detail::markov_states(queue, births);
  states.pop_back();
  return states;
}

inline std::vector<double> seen_in_machine_repair(const MarkovQueue& queue, int machines) {
  std::vector<double> births;
  for (int running = machines - 1; running > 0; --running) births.push_back(running * queue.arrival_rate);
  return detail::markov_states(queue, births);
}

inline double md1_wait_exceeds(double arrival_rate, double service, double t) {
  double sum = 0;
  for (int k = 0; k * service <= t; ++k) {
    const double x = arrival_rate * (t - k * service);
    double term = elementary::exp(x);
    for (int i = 1; i <= k; ++i) term *= -x / i;
    sum += term;
  }
  return 1 - (1 - arrival_rate * service) * sum;
}

inline double lognormal_quantile(double mean, double cv, double p) {
  const double variance = elementary::log(1 + cv * cv);
  return mean * elementary::exp(std::sqrt(variance) * elementary::normal_quantile(p) - variance / 2);
}

inline double erlang_a_wait_of_served(const MarkovQueue& queue, double abandonment_rate) {
  constexpr int states = 2000;
  const double busy = queue.servers * queue.service_rate;
  const std::vector<double> births(states, queue.arrival_rate);
  std::vector<double> deaths;
  for (int n = 1; n <= states; ++n)
    deaths.push_back(n <= queue.servers ? n * queue.service_rate
                                        : busy + (n - queue.servers) * abandonment_rate);
  const std::vector<double> found = birth_death_distribution(births, deaths);
  double served = 0, waited = 0;     // probability of being served; mean of wait if served, else 0
  double survives = 1, passage = 0;  // from k in line to the service
  for (int n = 0; n < states; ++n) {
    if (n >= queue.servers) {
      const int j = n - queue.servers + 1;
      const double rate = busy + j * abandonment_rate;
      survives *= (rate - abandonment_rate) / rate;
      passage += 1 / rate;
    }
    served += found[static_cast<std::size_t>(n)] * survives;
    waited += found[static_cast<std::size_t>(n)] * survives * passage;
  }
  check(found.back() < 1e-12, "oracle", "the chain of Erlang A is cut too early");
  return waited / served;
}

}  // namespace nephoscope::oracle
