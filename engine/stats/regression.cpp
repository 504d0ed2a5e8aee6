#include "engine/stats/regression.hpp"

#include <algorithm>
#include <cmath>

#include "engine/base/check.hpp"
#include "engine/stats/student_t.hpp"

namespace nephoscope {
namespace {

// Columns without their means.
Eigen::MatrixXd centred(const Eigen::MatrixXd& columns) {
  return columns.rowwise() - columns.colwise().mean();
}

Eigen::VectorXd column(std::span<const double> values) {
  return Eigen::Map<const Eigen::VectorXd>(values.data(), static_cast<Eigen::Index>(values.size()));
}

}  // namespace

LinearFit least_squares(const Eigen::MatrixXd& predictors, const Eigen::VectorXd& y) {
  check(predictors.rows() == y.size() && predictors.rows() > predictors.cols() + 1, "stats",
        "a fit of {} values on {} x {}", y.size(), predictors.rows(), predictors.cols());
  const Eigen::MatrixXd x = centred(predictors);
  const Eigen::VectorXd response = centred(y);
  LinearFit fit;
  fit.slopes = x.colPivHouseholderQr().solve(response);
  fit.intercept = y.mean() - predictors.colwise().mean().dot(fit.slopes);
  const double spread = response.norm();
  fit.standardized = Eigen::VectorXd::Zero(x.cols());
  if (spread == 0) return fit;
  for (Eigen::Index j = 0; j < x.cols(); ++j) fit.standardized(j) = fit.slopes(j) * x.col(j).norm() / spread;
  const double rest = (response - x * fit.slopes).norm() / spread;
  fit.r_squared = std::max(0.0, 1 - rest * rest);
  return fit;
}

std::vector<double> standardized_slopes(std::span<const std::vector<double>> columns,
                                        std::span<const double> y) {
  Eigen::MatrixXd predictors(static_cast<Eigen::Index>(y.size()), static_cast<Eigen::Index>(columns.size()));
  for (std::size_t j = 0; j < columns.size(); ++j)
    predictors.col(static_cast<Eigen::Index>(j)) = column(columns[j]);
  const Eigen::VectorXd slopes = least_squares(predictors, column(y)).standardized;
  return {slopes.begin(), slopes.end()};
}

Interval control_variate_interval(std::span<const double> values, std::span<const double> controls,
                                  double control_mean, double confidence) {
  check(values.size() == controls.size(), "stats", "{} values with {} controls", values.size(),
        controls.size());
  if (values.size() < 3) return mean_interval(values, confidence);
  const Eigen::VectorXd y = column(values), c = column(controls);
  const Eigen::VectorXd centred_y = centred(y), centred_c = centred(c);
  const double square = centred_c.squaredNorm();
  if (square == 0) return mean_interval(values, confidence);
  const double slope = centred_c.dot(centred_y) / square;
  const double n = static_cast<double>(values.size());
  const double offset = c.mean() - control_mean;
  const double residual = (centred_y - slope * centred_c).squaredNorm() / (n - 2);
  const double half = student_t_quantile((1 + confidence) / 2, n - 2) *
                      std::sqrt(residual * (1 / n + offset * offset / square));
  const double mean = y.mean() - slope * offset;
  return {mean, mean - half, mean + half};
}

}  // namespace nephoscope
