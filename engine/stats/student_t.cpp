#include "engine/stats/student_t.hpp"

#include <cmath>

#include "engine/base/check.hpp"
#include "engine/stats/special.hpp"

namespace nephoscope {
namespace {

constexpr double kFarthest = 1e150;  // its square is still finite

// P(T > t) for t >= 0: half of I_{dof/(dof+t^2)}(dof/2, 1/2), DLMF 8.17 and Abramowitz and Stegun 26.7.1.
double upper_tail(double t, double dof) {
  const double square = t * t;
  return special::incomplete_beta(dof / 2, 0.5, dof / (dof + square), square / (dof + square)) / 2;
}

}  // namespace

double student_t_cdf(double t, double dof) {
  check(dof >= 1, "stats", "Student's t with {} degrees of freedom", dof);
  check(!std::isnan(t), "stats", "Student's t at NaN");
  if (std::fabs(t) > kFarthest) t = t > 0 ? kFarthest : -kFarthest;
  return t < 0 ? upper_tail(-t, dof) : 1 - upper_tail(t, dof);
}

double student_t_quantile(double p, double dof) {
  check(p > 0 && p < 1 && dof >= 1, "stats", "Student's t quantile of p={} dof={}", p, dof);
  if (p == 0.5) return 0;
  const double tail = p < 0.5 ? p : 1 - p;
  const double t = special::first_where(0, kFarthest, [&](double x) { return upper_tail(x, dof) <= tail; });
  return p < 0.5 ? -t : t;
}

double normal_cdf(double z) {
  check(!std::isnan(z), "stats", "normal probability at NaN");
  return z < 0 ? special::normal_tail(-z) : 1 - special::normal_tail(z);
}

double normal_quantile(double p) {
  check(p > 0 && p < 1, "stats", "normal quantile of p={}", p);
  if (p == 0.5) return 0;
  const double tail = p < 0.5 ? p : 1 - p;
  const double z = special::first_where(0, 40, [&](double x) { return special::normal_tail(x) <= tail; });
  return p < 0.5 ? -z : z;
}

}  // namespace nephoscope
