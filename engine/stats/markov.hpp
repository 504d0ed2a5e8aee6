// Markov chains in continuous time and linear traffic equations: the analytic side of oracle tests.
//
// These are for tests and for planning small systems (up to some hundred states), not for hot paths.
#pragma once

#include <Eigen/Dense>
#include <span>
#include <vector>

namespace nephoscope {

// The stationary distribution pi of an irreducible chain, pi Q = 0 and sum pi = 1, by the elimination of
// Grassmann, Taksar and Heyman (Operations Research 33(5), 1985). It never subtracts, so even the smallest
// probabilities keep their digits. The diagonal of `generator` is not read: row i, column j holds the rate
// from i to j. REQUIRES: square, at least one state; rates >= 0 and finite; irreducible.
Eigen::VectorXd stationary_distribution(const Eigen::MatrixXd& generator);

// The mean time from each state into the set of `absorbing` states (true): sum_j q_ij h_j = -1 outside the
// set, h = 0 inside, by the same elimination without subtractions, so that a mean time of 10^15 s (five nines
// and more) keeps its digits. The diagonal is not read. REQUIRES: as above but for irreducibility; one flag a
// state; every state reaches the set.
Eigen::VectorXd mean_time_to_absorption(const Eigen::MatrixXd& generator, const std::vector<bool>& absorbing);

// The stationary distribution of a birth-death chain on 0..n: births[i] is the rate from i to i + 1,
// deaths[i] from i + 1 to i. Products of ratios, scaled by the largest, so n may be in the thousands
// (Kleinrock, Queueing Systems vol. 1, 1975, section 3.1).
// REQUIRES: equal lengths; births >= 0; deaths > 0.
std::vector<double> birth_death_distribution(std::span<const double> births, std::span<const double> deaths);

// Arrival rates lambda of an open network: lambda = external + routing^T lambda, routing(i, j) being the
// probability that a customer leaving i goes to j (Jackson, Operations Research 5(4), 1957).
// REQUIRES: square and as long as `external`; entries >= 0; from every node customers can leave the network.
Eigen::VectorXd traffic_equations(const Eigen::MatrixXd& routing, const Eigen::VectorXd& external);

}  // namespace nephoscope
