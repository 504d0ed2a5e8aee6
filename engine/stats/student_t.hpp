// Student's t and the standard normal distribution: probabilities and quantiles, the same bits everywhere.
#pragma once

namespace nephoscope {

// P(T <= t). REQUIRES: dof >= 1.
double student_t_cdf(double t, double dof);
// The t with P(T <= t) = p. REQUIRES: 0 < p < 1; dof >= 1.
double student_t_quantile(double p, double dof);

// P(Z <= z).
double normal_cdf(double z);
// The z with P(Z <= z) = p. REQUIRES: 0 < p < 1.
double normal_quantile(double p);

}  // namespace nephoscope
