// Ordinary least squares, and control variates built on it.
#pragma once

#include <Eigen/Dense>
#include <span>
#include <vector>

#include "engine/stats/interval.hpp"

namespace nephoscope {

struct LinearFit {
  double intercept = 0;
  Eigen::VectorXd slopes;        // one a column of the predictors
  Eigen::VectorXd standardized;  // slopes in standard deviations of y per standard deviation of the column
  double r_squared = 0;          // share of y's variation that the fit explains; 0 where y does not vary
};

// Fits y = intercept + predictors * slopes, a row per observation, by Householder QR with column pivoting.
// The standardized slopes rank assumptions by their effect (Saltelli et al., Sensitivity Analysis, 2000,
// chapter 2). A column that does not vary gets slope 0. REQUIRES: more rows than columns + 1; y as long as
// the rows.
LinearFit least_squares(const Eigen::MatrixXd& predictors, const Eigen::VectorXd& y);

// The standardized slopes for plain columns, one a predictor. REQUIRES: columns as long as y; more values
// than columns + 1.
std::vector<double> standardized_slopes(std::span<const std::vector<double>> columns,
                                        std::span<const double> y);

// The mean of `values` with the help of a control whose mean is known: values that vary with the control lose
// that part of their variance. Student-t with n - 2 degrees of freedom (Lavenberg and Welch, Management
// Science 27(3), 1981). The plain mean's interval where the control does not vary or n < 3.
// REQUIRES: equal lengths; finite values.
Interval control_variate_interval(std::span<const double> values, std::span<const double> controls,
                                  double control_mean, double confidence = 0.95);

}  // namespace nephoscope
