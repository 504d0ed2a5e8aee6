// Small classical statistics for tests of random samples. The reference side may use libm.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <vector>

namespace nephoscope::testing {

struct Moments {
  double mean = 0;
  double variance = 0;
};

inline Moments moments(const std::vector<double>& sample) {
  Moments m;
  for (const double x : sample) m.mean += x;
  m.mean /= static_cast<double>(sample.size());
  for (const double x : sample) m.variance += (x - m.mean) * (x - m.mean);
  m.variance /= static_cast<double>(sample.size() - 1);
  return m;
}

// sqrt(n) times the Kolmogorov-Smirnov distance between the sample and a continuous distribution function.
// For large n it exceeds 1.95 with probability 0.001 (2 exp(-2 x^2)).
inline double kolmogorov_smirnov(std::vector<double> sample, const std::function<double(double)>& cdf) {
  std::sort(sample.begin(), sample.end());
  const auto n = static_cast<double>(sample.size());
  double distance = 0;
  for (std::size_t i = 0; i < sample.size(); ++i) {
    const double p = cdf(sample[i]);
    const auto below = static_cast<double>(i);
    distance = std::max({distance, p - below / n, (below + 1) / n - p});
  }
  return distance * std::sqrt(n);
}
inline constexpr double kKolmogorov999 = 1.95;

// The chi-square statistic as a standard normal score (E. B. Wilson, M. M. Hilferty, 1931).
inline double chi_square_score(double chi_square, double degrees) {
  const double spread = 2 / (9 * degrees);
  return (std::cbrt(chi_square / degrees) - (1 - spread)) / std::sqrt(spread);
}

}  // namespace nephoscope::testing
