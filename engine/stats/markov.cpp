#include "engine/stats/markov.hpp"

#include <algorithm>

#include "engine/base/check.hpp"

namespace nephoscope {
namespace {

void require_rates(const Eigen::MatrixXd& generator) {
  check(generator.rows() == generator.cols() && generator.rows() > 0, "stats", "a generator of {} x {}",
        generator.rows(), generator.cols());
  for (Eigen::Index i = 0; i < generator.rows(); ++i)
    for (Eigen::Index j = 0; j < generator.cols(); ++j)
      check(i == j || (generator(i, j) >= 0 && generator(i, j) < 1e300), "stats", "the rate {} from {} to {}",
            generator(i, j), i, j);
}

// FullPivLU tells a singular system, and its order of operations depends on no cache size.
Eigen::VectorXd solve(const Eigen::MatrixXd& matrix, const Eigen::VectorXd& right,
                      const char* when_singular) {
  const Eigen::FullPivLU<Eigen::MatrixXd> lu(matrix);
  check(lu.isInvertible(), "stats", "{}", when_singular);
  return lu.solve(right);
}

struct Detour {
  Eigen::Index from;
  Eigen::Index through;
  double share;
};
// Replaces the detour from one state through another by direct transitions and the time it costs.
void censor(Eigen::MatrixXd& q, Eigen::VectorXd& spent, const Detour& detour) {
  for (Eigen::Index j = 0; j < q.cols(); ++j)
    if (j != detour.from && j != detour.through) q(detour.from, j) += detour.share * q(detour.through, j);
  spent(detour.from) += detour.share * spent(detour.through);
}

}  // namespace

Eigen::VectorXd stationary_distribution(const Eigen::MatrixXd& generator) {
  require_rates(generator);
  const Eigen::Index n = generator.rows();
  Eigen::MatrixXd q = generator;
  for (Eigen::Index k = n - 1; k > 0; --k) {  // censor state k: its visits become direct transitions
    double leaving = 0;
    for (Eigen::Index j = 0; j < k; ++j) leaving += q(k, j);
    check(leaving > 0, "stats", "the chain is not irreducible at state {}", k);
    for (Eigen::Index i = 0; i < k; ++i) {
      q(i, k) /= leaving;
      for (Eigen::Index j = 0; j < k; ++j)
        if (i != j) q(i, j) += q(i, k) * q(k, j);
    }
  }
  Eigen::VectorXd pi(n);
  pi(0) = 1;
  double total = 1;
  for (Eigen::Index k = 1; k < n; ++k) {
    pi(k) = 0;
    for (Eigen::Index i = 0; i < k; ++i) pi(k) += pi(i) * q(i, k);
    total += pi(k);
  }
  return pi / total;
}

Eigen::VectorXd mean_time_to_absorption(const Eigen::MatrixXd& generator,
                                        const std::vector<bool>& absorbing) {
  require_rates(generator);
  const Eigen::Index n = generator.rows();
  check(absorbing.size() == static_cast<std::size_t>(n), "stats", "{} flags for {} states", absorbing.size(),
        n);
  const auto ends = [&](Eigen::Index i) { return absorbing[static_cast<std::size_t>(i)]; };
  Eigen::MatrixXd q = generator;
  Eigen::VectorXd spent = Eigen::VectorXd::Ones(n);  // rate of time spent, visits to censored states included
  Eigen::VectorXd leaving = Eigen::VectorXd::Zero(n);
  for (Eigen::Index k = n - 1; k >= 0; --k) {
    if (ends(k)) continue;
    for (Eigen::Index j = 0; j < n; ++j)
      if (j < k || ends(j)) leaving(k) += q(k, j);
    check(leaving(k) > 0, "stats", "state {} never reaches the absorbing set", k);
    for (Eigen::Index i = 0; i < k; ++i)
      censor(q, spent, {.from = i, .through = k, .share = q(i, k) / leaving(k)});
  }
  Eigen::VectorXd time = Eigen::VectorXd::Zero(n);
  for (Eigen::Index k = 0; k < n; ++k)
    if (!ends(k)) time(k) = (spent(k) + q.row(k).head(k).dot(time.head(k))) / leaving(k);
  return time;
}

std::vector<double> birth_death_distribution(std::span<const double> births, std::span<const double> deaths) {
  check(births.size() == deaths.size(), "stats", "{} births, {} deaths", births.size(), deaths.size());
  std::vector<double> weights{1};
  for (std::size_t i = 0; i < births.size(); ++i) {
    check(births[i] >= 0 && deaths[i] > 0, "stats", "birth {} and death {}", births[i], deaths[i]);
    weights.push_back(weights.back() * (births[i] / deaths[i]));
    if (weights.back() < 1e200) continue;
    for (double& weight : weights) weight *= 1e-200;
  }
  double total = 0;
  for (const double weight : weights) total += weight;
  for (double& weight : weights) weight /= total;
  return weights;
}

Eigen::VectorXd traffic_equations(const Eigen::MatrixXd& routing, const Eigen::VectorXd& external) {
  const Eigen::Index n = external.size();
  check(routing.rows() == n && routing.cols() == n && n > 0, "stats", "a routing of {} x {} for {} nodes",
        routing.rows(), routing.cols(), n);
  for (Eigen::Index i = 0; i < n; ++i) {
    check(external(i) >= 0 && routing.row(i).minCoeff() >= 0, "stats", "a negative entry at node {}", i);
    check(routing.row(i).sum() <= 1 + 1e-12, "stats", "node {} routes more than it serves", i);
  }
  const Eigen::MatrixXd matrix = Eigen::MatrixXd::Identity(n, n) - routing.transpose();
  return solve(matrix, external, "some customers never leave the network");
}

}  // namespace nephoscope
