// Exact figures of textbook queues beyond engine/stats/queueing_formulas.hpp: quantiles, mostly. Rates are
// per second, times in seconds.
#pragma once

#include <functional>
#include <span>
#include <vector>

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

}  // namespace nephoscope::oracle
