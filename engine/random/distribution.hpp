// Distributions of non-negative quantities: service times, sizes, boot times. Plain numbers; the caller
// chooses the unit (seconds, bytes) and keeps it.
//
// A Distribution is a small trivially copyable value. Sampling inverts the distribution function with one
// uniform, rising with it, wherever that is possible (all kinds but gamma, and Erlang beyond one phase), so
// that variants which draw at the same address stay in step even when their parameters or kinds differ.
// Factories REQUIRE valid, finite parameters (a failed check is a programmer's error): whoever reads user
// input validates it first.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/random/draws.hpp"

namespace nephoscope {

// A sample measured elsewhere, sorted; the owner of what Distribution::empirical refers to.
class EmpiricalTable final {
 public:
  // How values between the sample's are treated: `step` gives each value of the sample probability 1/n;
  // `interpolated` joins neighbours by straight lines (n - 1 pieces of equal probability), so the mean and
  // variance differ a little from the sample's.
  enum class Shape { step, interpolated };

  // Sorts `values`. REQUIRES: at least one value (two for interpolated); all finite and >= 0.
  EmpiricalTable(std::vector<double> values, Shape shape);

  // REQUIRES: 0 <= p <= 1.
  double quantile(double p) const;
  double mean() const { return mean_; }
  double variance() const { return variance_; }
  std::span<const double> values() const { return values_; }

 private:
  std::vector<double> values_;
  Shape shape_;
  double mean_ = 0;
  double variance_ = 0;
};

class Distribution final {
 public:
  enum class Kind : std::uint8_t {
    constant,
    uniform,
    exponential,
    erlang,
    gamma,
    lognormal,
    weibull,
    pareto,
    normal,
    empirical,
  };

  struct Range {
    double low;
    double high;
  };
  struct ShapeScale {
    double shape;
    double scale;
  };
  // cv: the coefficient of variation, standard deviation / mean.
  struct MeanCv {
    double mean;
    double cv;
  };
  struct Percentiles {
    double p50;
    double p99;
  };
  // Of the logarithm.
  struct LogMoments {
    double mu;
    double sigma;
  };
  struct MeanDeviation {
    double mean;
    double deviation;
  };

  // Always 0.
  constexpr Distribution() = default;

  // REQUIRES: value >= 0.
  static Distribution constant(double value);
  // REQUIRES: 0 <= low <= high.
  static Distribution uniform(Range range);
  // REQUIRES: mean > 0.
  static Distribution exponential(double mean);
  // The sum of `phases` exponentials; cv = 1 / sqrt(phases). REQUIRES: phases >= 1, mean > 0.
  static Distribution erlang(int phases, double mean);
  // Mean shape * scale. REQUIRES: both > 0.
  static Distribution gamma(ShapeScale parameters);
  // REQUIRES: sigma >= 0.
  static Distribution lognormal(LogMoments parameters);
  // REQUIRES: both > 0.
  static Distribution weibull(ShapeScale parameters);
  // Type I: P(X > x) = (scale / x)^shape for x >= scale, the smallest value. The mean is infinite for shape
  // <= 1, the variance for shape <= 2. REQUIRES: both > 0.
  static Distribution pareto(ShapeScale parameters);
  // Type I given that it does not exceed `maximum`; all moments exist. REQUIRES: maximum > scale.
  static Distribution bounded_pareto(ShapeScale parameters, double maximum);
  // Normal given that it is not negative: `parameters` are those of the normal before this condition. With
  // a = mean / deviation and h = phi(a) / Phi(a), the mean is mean + deviation h and the variance
  // deviation^2 (1 - a h - h^2): the mean rises by 0.15 % at a = 3, by 2.8 % at a = 2, by 29 % at a = 1.
  // REQUIRES: mean >= 0, deviation > 0.
  static Distribution normal(MeanDeviation parameters);
  // REQUIRES: `table` outlives this value and all its copies, at the same place.
  static Distribution empirical(const EmpiricalTable& table);

  // REQUIRES for all from_mean: mean > 0, cv >= 0; cv == 0 gives the constant.
  static Distribution lognormal_from_mean(MeanCv parameters);
  static Distribution gamma_from_mean(MeanCv parameters);
  // REQUIRES: cv == 0 or kWeibullMinCv <= cv <= kWeibullMaxCv.
  static Distribution weibull_from_mean(MeanCv parameters);
  static constexpr double kWeibullMinCv = 0.002;
  static constexpr double kWeibullMaxCv = 400.0;
  // Nothing unless some whole number of phases has this cv (to 0.1 %). REQUIRES: mean > 0, cv > 0.
  static std::optional<Distribution> erlang_from_mean(MeanCv parameters);
  // REQUIRES: 0 < p50 <= p99.
  static Distribution lognormal_from_percentiles(Percentiles percentiles);

  // The same, with every value multiplied by `factor`. REQUIRES: factor > 0.
  Distribution times(double factor) const;

  double sample(Draws& draws) const {
    if (kind_ == Kind::constant) return scale_;
    if (kind_ == Kind::exponential) return scale_ * draws.next_exponential();
    return sample_other(draws);
  }

  Kind kind() const { return kind_; }
  // Infinity where the integral diverges.
  double mean() const;
  double variance() const;
  // Standard deviation / mean; 0 for the constant 0.
  double cv() const;
  // The value below which a share p lies; nothing for gamma and Erlang beyond one phase, which have no closed
  // form. May be infinite at p == 1. REQUIRES: 0 <= p <= 1.
  std::optional<double> quantile(double p) const;

 private:
  Distribution(Kind kind, double scale, double a = 0, double b = 0)
      : kind_(kind), scale_(scale), a_(a), b_(b) {}

  double sample_other(Draws& draws) const;
  double sample_erlang(Draws& draws) const;
  double sample_gamma(Draws& draws) const;
  // REQUIRES: the kind has a closed form.
  double invert(double p) const;
  double mean_over_scale() const;
  double variance_over_scale() const;
  double bounded_pareto_moment(double order) const;

  // Every kind is scale_ * (something without unit):
  //   constant 1; exponential -ln(1 - u); empirical table quantile
  //   uniform a + b u                          (scale 1)
  //   erlang a phases of mean 1; gamma shape a
  //   lognormal exp(a z)                       (scale = median)
  //   weibull (-ln(1 - u))^(1/a)
  //   pareto (1 - u b)^(-1/a)                  (b = probability not beyond the maximum; 1 = unbounded)
  //   normal a + z given >= 0, b = Phi(a)      (scale = deviation)
  Kind kind_ = Kind::constant;
  double scale_ = 0;
  double a_ = 0;
  double b_ = 0;
  const EmpiricalTable* table_ = nullptr;
};

}  // namespace nephoscope
