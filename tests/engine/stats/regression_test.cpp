#include "engine/stats/regression.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "engine/base/check.hpp"
#include "tests/engine/stats/test_random.hpp"

using namespace nephoscope;

TEST_CASE("stats: least squares finds an exact plane") {
  // y = 3 + 2 a - b
  Eigen::MatrixXd x(4, 2);
  x << 0, 0, 1, 0, 0, 1, 2, 5;
  const LinearFit fit = least_squares(x, Eigen::Vector4d(3, 5, 2, 2));
  CHECK(fit.intercept == doctest::Approx(3));
  CHECK(fit.slopes(0) == doctest::Approx(2));
  CHECK(fit.slopes(1) == doctest::Approx(-1));
  CHECK(fit.r_squared == doctest::Approx(1));
}

TEST_CASE("stats: least squares by hand for one predictor") {
  // x = 1, 2, 3, 4; y = 1, 3, 2, 4: Sxy = 4, Sxx = 5, Syy = 5: slope 0.8, intercept 0.5, r = 0.8, r^2 = 0.64
  const Eigen::MatrixXd x = Eigen::Vector4d(1, 2, 3, 4);
  const LinearFit fit = least_squares(x, Eigen::Vector4d(1, 3, 2, 4));
  CHECK(fit.slopes(0) == doctest::Approx(0.8));
  CHECK(fit.intercept == doctest::Approx(0.5));
  CHECK(fit.standardized(0) == doctest::Approx(0.8));
  CHECK(fit.r_squared == doctest::Approx(0.64));
}

TEST_CASE("stats: a predictor that never varies has no effect") {
  Eigen::MatrixXd x(4, 2);
  x << 1, 7, 2, 7, 3, 7, 4, 7;
  const LinearFit fit = least_squares(x, Eigen::Vector4d(2, 4, 6, 8));
  CHECK(fit.slopes(0) == doctest::Approx(2));
  CHECK(fit.slopes(1) == 0);
  CHECK(fit.standardized(1) == 0);
}

TEST_CASE("stats: a fit needs more observations than coefficients") {
  CHECK_THROWS_AS(least_squares(Eigen::MatrixXd::Ones(2, 1), Eigen::Vector2d(1, 2)), CheckFailure);
}

TEST_CASE("stats: a control variate that explains everything leaves no interval") {
  // y = 10 + 2 (c - 5): at the control's known mean 5 the answer is 10
  const std::vector<double> controls{4, 5, 7, 8}, values{8, 10, 14, 16};
  const Interval interval = control_variate_interval(values, controls, 5);
  CHECK(interval.mean == doctest::Approx(10));
  CHECK(interval.half_width() == doctest::Approx(0).epsilon(1e-9));
}

TEST_CASE("stats: a control that does not vary leaves the plain interval") {
  const std::vector<double> values{1, 2, 3}, controls{5, 5, 5};
  CHECK(control_variate_interval(values, controls, 5).half_width() == mean_interval(values).half_width());
}

TEST_CASE("stats: control variate intervals cover 95 % and are narrower") {
  test::SplitMix random(31);
  int covered = 0, narrower = 0;
  for (int trial = 0; trial < 2000; ++trial) {
    std::vector<double> values(10), controls(10);
    for (std::size_t i = 0; i < values.size(); ++i) {
      controls[i] = random.normal();
      values[i] = 3 + 2 * controls[i] + 0.5 * random.normal();
    }
    const Interval interval = control_variate_interval(values, controls, 0);
    covered += interval.contains(3) ? 1 : 0;
    narrower += interval.half_width() < mean_interval(values).half_width() ? 1 : 0;
  }
  // four standard errors: 4 sqrt(0.95 * 0.05 / 2000) = 0.0195
  CHECK(std::fabs(covered / 2000.0 - 0.95) < 0.0195);
  CHECK(narrower > 1980);
}
