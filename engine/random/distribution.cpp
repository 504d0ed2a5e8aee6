#include "engine/random/distribution.hpp"

#include <algorithm>
#include <cmath>  // sqrt, floor: exact operations
#include <limits>
#include <type_traits>
#include <utility>

#include "engine/base/check.hpp"
#include "engine/random/elementary.hpp"

namespace nephoscope {

static_assert(std::is_trivially_copyable_v<Distribution>);

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
// The 0.99 quantile of the standard normal.
constexpr double kNormalP99 = 2.3263478740408411;
// Up to here an Erlang sample multiplies uniforms: fewer than 2 blocks and one logarithm. Beyond, it is a
// gamma.
constexpr int kMaxMultipliedPhases = 8;

bool is_finite_positive(double x) { return x > 0 && x < kInfinity; }
bool is_finite_non_negative(double x) { return x >= 0 && x < kInfinity; }

void check_shape_scale(Distribution::ShapeScale p, const char* name) {
  check(is_finite_positive(p.shape) && is_finite_positive(p.scale), "random",
        "{}: shape {} and scale {} must be positive", name, p.shape, p.scale);
}

void check_mean_cv(Distribution::MeanCv p, const char* name) {
  check(is_finite_positive(p.mean) && is_finite_non_negative(p.cv), "random",
        "{}: mean {} must be positive and cv {} not negative", name, p.mean, p.cv);
}

double gamma_function(double x) { return elementary::exp(elementary::lgamma(x)); }

// cv^2 + 1 of a Weibull: Gamma(1 + 2/k) / Gamma(1 + 1/k)^2.
double weibull_second_moment_ratio_log(double shape) {
  return elementary::lgamma(1 + 2 / shape) - 2 * elementary::lgamma(1 + 1 / shape);
}

// The shape of the Weibull with this cv, by bisection: the cv falls as the shape rises, from 430 at 0.1 to
// 0.0013 at 1000.
double weibull_shape(double cv) {
  const double target = elementary::log1p(cv * cv);
  double low = 0.1;
  double high = 1000;
  for (int step = 0; step < 100; ++step) {
    const double middle = 0.5 * (low + high);
    (weibull_second_moment_ratio_log(middle) > target ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

// phi(a) / Phi(a) for the normal given that it is not negative.
double normal_hazard(double a, double share_kept) {
  constexpr double inverse_sqrt_two_pi = 0.39894228040143268;
  return inverse_sqrt_two_pi * elementary::exp(-0.5 * a * a) / share_kept;
}

// G. Marsaglia, W. W. Tsang, "A simple method for generating gamma variables", ACM Transactions on
// Mathematical Software 26(3), 2000, 363-372, section 2; for shape >= 1, mean `shape`.
double marsaglia_tsang(double shape, Draws& draws) {
  const double d = shape - 1.0 / 3;
  const double c = 1 / std::sqrt(9 * d);
  for (;;) {
    const double x = draws.next_normal();
    const double u = draws.next_uniform();
    const double root = 1 + c * x;
    if (root <= 0) continue;
    const double v = root * root * root;
    const double x2 = x * x;
    if (u < 1 - 0.0331 * x2 * x2) return d * v;
    if (elementary::log(u) < 0.5 * x2 + d * (1 - v + elementary::log(v))) return d * v;
  }
}

}  // namespace

EmpiricalTable::EmpiricalTable(std::vector<double> values, Shape shape)
    : values_(std::move(values)), shape_(shape) {
  check(values_.size() >= (shape == Shape::step ? 1U : 2U), "random", "an empirical table of {} values",
        values_.size());
  std::sort(values_.begin(), values_.end());
  check(std::all_of(values_.begin(), values_.end(), is_finite_non_negative), "random",
        "an empirical table holds a negative or infinite value");
  // A straight piece from x to y has mean (x + y) / 2 and, about any point m, the second moment
  // ((x - m)^2 + (x - m)(y - m) + (y - m)^2) / 3. A step is a piece with x == y.
  const std::size_t width = shape == Shape::step ? 0 : 1;
  const std::size_t pieces = values_.size() - width;
  for (std::size_t i = 0; i < pieces; ++i) mean_ += 0.5 * (values_[i] + values_[i + width]);
  mean_ /= static_cast<double>(pieces);
  for (std::size_t i = 0; i < pieces; ++i) {
    const double x = values_[i] - mean_;
    const double y = values_[i + width] - mean_;
    variance_ += (x * x + x * y + y * y) / 3;
  }
  variance_ /= static_cast<double>(pieces);
}

double EmpiricalTable::quantile(double p) const {
  const std::size_t last = values_.size() - 1;
  if (shape_ == Shape::step) {
    const auto index = static_cast<std::size_t>(p * static_cast<double>(values_.size()));
    return values_[std::min(index, last)];
  }
  const double position = p * static_cast<double>(last);
  const std::size_t index = std::min(static_cast<std::size_t>(position), last - 1);
  const double share = position - static_cast<double>(index);
  return values_[index] + share * (values_[index + 1] - values_[index]);
}

Distribution Distribution::constant(double value) {
  check(is_finite_non_negative(value), "random", "constant: {} is negative or infinite", value);
  return {Kind::constant, value};
}

Distribution Distribution::uniform(Range range) {
  check(range.low >= 0 && range.low <= range.high && range.high < kInfinity, "random",
        "uniform: [{}, {}] is not a range", range.low, range.high);
  return {Kind::uniform, 1, range.low, range.high - range.low};
}

Distribution Distribution::exponential(double mean) {
  check(is_finite_positive(mean), "random", "exponential: mean {} must be positive", mean);
  return {Kind::exponential, mean};
}

Distribution Distribution::erlang(int phases, double mean) {
  check(phases >= 1 && is_finite_positive(mean), "random", "erlang: {} phases, mean {}", phases, mean);
  if (phases == 1) return exponential(mean);
  return {Kind::erlang, mean / phases, static_cast<double>(phases)};
}

Distribution Distribution::gamma(ShapeScale parameters) {
  check_shape_scale(parameters, "gamma");
  return {Kind::gamma, parameters.scale, parameters.shape};
}

Distribution Distribution::lognormal(LogMoments parameters) {
  const double median = elementary::exp(parameters.mu);
  check(is_finite_non_negative(parameters.sigma) && is_finite_positive(median), "random",
        "lognormal: mu {}, sigma {}", parameters.mu, parameters.sigma);
  return {Kind::lognormal, median, parameters.sigma};
}

Distribution Distribution::weibull(ShapeScale parameters) {
  check_shape_scale(parameters, "weibull");
  return {Kind::weibull, parameters.scale, parameters.shape};
}

Distribution Distribution::pareto(ShapeScale parameters) {
  check_shape_scale(parameters, "pareto");
  return {Kind::pareto, parameters.scale, parameters.shape, 1};
}

Distribution Distribution::bounded_pareto(ShapeScale parameters, double maximum) {
  check_shape_scale(parameters, "bounded_pareto");
  check(maximum > parameters.scale && maximum < kInfinity, "random",
        "bounded_pareto: maximum {} must exceed the smallest value {}", maximum, parameters.scale);
  const double kept = -elementary::expm1(parameters.shape * elementary::log(parameters.scale / maximum));
  return {Kind::pareto, parameters.scale, parameters.shape, kept};
}

Distribution Distribution::normal(MeanDeviation parameters) {
  check(is_finite_non_negative(parameters.mean) && is_finite_positive(parameters.deviation), "random",
        "normal: mean {}, deviation {}", parameters.mean, parameters.deviation);
  const double a = parameters.mean / parameters.deviation;
  return {Kind::normal, parameters.deviation, a, elementary::normal_cdf(a)};
}

Distribution Distribution::empirical(const EmpiricalTable& table) {
  Distribution distribution(Kind::empirical, 1);
  distribution.table_ = &table;
  return distribution;
}

Distribution Distribution::lognormal_from_mean(MeanCv parameters) {
  check_mean_cv(parameters, "lognormal");
  if (parameters.cv == 0) return constant(parameters.mean);
  // cv^2 = exp(sigma^2) - 1; mean = median exp(sigma^2 / 2).
  const double variance = elementary::log1p(parameters.cv * parameters.cv);
  return {Kind::lognormal, parameters.mean * elementary::exp(-0.5 * variance), std::sqrt(variance)};
}

Distribution Distribution::gamma_from_mean(MeanCv parameters) {
  check_mean_cv(parameters, "gamma");
  if (parameters.cv == 0) return constant(parameters.mean);
  const double square = parameters.cv * parameters.cv;
  return gamma({.shape = 1 / square, .scale = parameters.mean * square});
}

Distribution Distribution::weibull_from_mean(MeanCv parameters) {
  check_mean_cv(parameters, "weibull");
  if (parameters.cv == 0) return constant(parameters.mean);
  check(parameters.cv >= kWeibullMinCv && parameters.cv <= kWeibullMaxCv, "random",
        "weibull: cv {} is outside [{}, {}]", parameters.cv, kWeibullMinCv, kWeibullMaxCv);
  const double shape = weibull_shape(parameters.cv);
  return weibull({.shape = shape, .scale = parameters.mean / gamma_function(1 + 1 / shape)});
}

std::optional<Distribution> Distribution::erlang_from_mean(MeanCv parameters) {
  check_mean_cv(parameters, "erlang");
  check(parameters.cv > 0, "random", "erlang: cv 0 has no number of phases");
  const double wanted = 1 / (parameters.cv * parameters.cv);
  if (wanted < 0.5 || wanted > 1e6) return std::nullopt;
  const int phases = static_cast<int>(wanted + 0.5);
  const double cv = 1 / std::sqrt(static_cast<double>(phases));
  if (cv < 0.999 * parameters.cv || cv > 1.001 * parameters.cv) return std::nullopt;
  return erlang(phases, parameters.mean);
}

Distribution Distribution::lognormal_from_percentiles(Percentiles percentiles) {
  check(percentiles.p50 > 0 && percentiles.p50 <= percentiles.p99 && percentiles.p99 < kInfinity, "random",
        "lognormal: p50 {} and p99 {} must be positive and rising", percentiles.p50, percentiles.p99);
  const double sigma = elementary::log(percentiles.p99 / percentiles.p50) / kNormalP99;
  return {Kind::lognormal, percentiles.p50, sigma};
}

Distribution Distribution::times(double factor) const {
  check(is_finite_positive(factor), "random", "times: factor {} must be positive", factor);
  Distribution scaled = *this;
  scaled.scale_ *= factor;
  return scaled;
}

double Distribution::sample_other(Draws& draws) const {
  switch (kind_) {
    case Kind::erlang:
      return scale_ * sample_erlang(draws);
    case Kind::gamma:
      return scale_ * sample_gamma(draws);
    default:
      return invert(draws.next_uniform());
  }
}

double Distribution::sample_erlang(Draws& draws) const {
  const int phases = static_cast<int>(a_);
  if (phases > kMaxMultipliedPhases) return marsaglia_tsang(a_, draws);
  double product = 1;  // at least 2^(-53 * 8): a normal number
  for (int phase = 0; phase < phases; ++phase) product *= 1 - draws.next_uniform();
  return -elementary::log(product);
}

// Below shape 1: gamma(a) = gamma(a + 1) U^(1/a), Marsaglia and Tsang, section 6.
double Distribution::sample_gamma(Draws& draws) const {
  if (a_ >= 1) return marsaglia_tsang(a_, draws);
  const double boost = elementary::exp(elementary::log(draws.next_uniform()) / a_);
  return boost * marsaglia_tsang(a_ + 1, draws);
}

double Distribution::invert(double p) const {
  switch (kind_) {
    case Kind::uniform:
      return scale_ * (a_ + b_ * p);
    case Kind::lognormal:
      return scale_ * elementary::exp(a_ * elementary::normal_quantile(p));
    case Kind::weibull:
      return scale_ * elementary::exp(elementary::log(-elementary::log(1 - p)) / a_);
    case Kind::pareto:
      return scale_ * elementary::exp(-elementary::log(1 - p * b_) / a_);
    case Kind::normal:
      // The upper tail, b (1 - p), keeps its digits where 1 - b (1 - p) would not.
      return scale_ * std::max(0.0, a_ - elementary::normal_quantile(b_ * (1 - p)));
    case Kind::empirical:
      return scale_ * table_->quantile(p);
    case Kind::exponential:
      return scale_ * -elementary::log(1 - p);
    default:
      return scale_;
  }
}

std::optional<double> Distribution::quantile(double p) const {
  check(p >= 0 && p <= 1, "random", "quantile({})", p);
  if (kind_ == Kind::erlang || kind_ == Kind::gamma) return std::nullopt;
  return invert(p);
}

double Distribution::mean() const { return scale_ * mean_over_scale(); }

double Distribution::variance() const { return scale_ * scale_ * variance_over_scale(); }

double Distribution::cv() const {
  return scale_ == 0 ? 0 : std::sqrt(variance_over_scale()) / mean_over_scale();
}

double Distribution::mean_over_scale() const {
  switch (kind_) {
    case Kind::uniform:
      return a_ + 0.5 * b_;
    case Kind::erlang:
    case Kind::gamma:
      return a_;
    case Kind::lognormal:
      return elementary::exp(0.5 * a_ * a_);
    case Kind::weibull:
      return gamma_function(1 + 1 / a_);
    case Kind::pareto:
      return bounded_pareto_moment(1);
    case Kind::normal:
      return a_ + normal_hazard(a_, b_);
    case Kind::empirical:
      return table_->mean();
    default:
      return 1;
  }
}

double Distribution::variance_over_scale() const {
  const double mean = mean_over_scale();
  switch (kind_) {
    case Kind::constant:
      return 0;
    case Kind::uniform:
      return b_ * b_ / 12;
    case Kind::exponential:
      return 1;
    case Kind::erlang:
    case Kind::gamma:
      return a_;
    case Kind::lognormal:
      return mean * mean * elementary::expm1(a_ * a_);
    case Kind::weibull:
      return mean * mean * elementary::expm1(weibull_second_moment_ratio_log(a_));
    case Kind::pareto:
      return b_ == 1 && a_ <= 2 ? kInfinity : bounded_pareto_moment(2) - mean * mean;
    case Kind::normal:
      return 1 - normal_hazard(a_, b_) * mean;
    case Kind::empirical:
      return table_->variance();
  }
  return 0;
}

// E[(X / scale)^n] = a / b * integral from 1 to m of x^(n - 1 - a) dx, where m^-a = 1 - b.
double Distribution::bounded_pareto_moment(double order) const {
  const double power = order - a_;
  if (b_ == 1) return power < 0 ? -a_ / power : kInfinity;
  const double log_maximum = -elementary::log1p(-b_) / a_;
  if (power == 0) return a_ / b_ * log_maximum;
  return a_ / b_ * elementary::expm1(power * log_maximum) / power;
}

}  // namespace nephoscope
