#include "engine/stats/interval.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include "engine/base/check.hpp"
#include "engine/stats/student_t.hpp"
#include "engine/stats/tally.hpp"

namespace nephoscope {

double Interval::relative_half_width() const { return half_width() / std::fabs(mean); }

void Interval::save(ByteWriter& out) const {
  for (const double value : {mean, low, high}) out.f64(value);
}

Interval Interval::load(ByteReader& in) {
  Interval interval;
  for (double* value : {&interval.mean, &interval.low, &interval.high}) *value = in.f64();
  return interval;
}

Interval mean_interval(std::span<const double> replication_means, double confidence) {
  check(confidence > 0 && confidence < 1, "stats", "an interval of confidence {}", confidence);
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  Tally tally;
  for (const double value : replication_means) tally.add(value);
  if (tally.count() < 2) return {tally.mean(), nan, nan};
  const double n = static_cast<double>(tally.count());
  const double t = student_t_quantile((1 + confidence) / 2, n - 1);
  const double half = t * std::sqrt(tally.variance() / n);
  return {tally.mean(), tally.mean() - half, tally.mean() + half};
}

Interval paired_difference(std::span<const double> a, std::span<const double> b, double confidence) {
  check(a.size() == b.size(), "stats", "{} values cannot pair with {}", a.size(), b.size());
  std::vector<double> differences(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) differences[i] = b[i] - a[i];
  return mean_interval(differences, confidence);
}

double bonferroni_confidence(double joint, std::size_t statements) {
  check(joint > 0 && joint < 1 && statements >= 1, "stats", "joint confidence {} of {} statements", joint,
        statements);
  return 1 - (1 - joint) / static_cast<double>(statements);
}

}  // namespace nephoscope
