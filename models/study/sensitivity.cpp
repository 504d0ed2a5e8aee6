#include "models/study/sensitivity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "engine/base/check.hpp"
#include "engine/stats/comparison.hpp"
#include "engine/stats/regression.hpp"
#include "engine/stats/verdict.hpp"

namespace nephoscope {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kConfidence = 0.95;
constexpr std::size_t kFewestSampled = 10;

// The pairs that have data on both sides.
ValuesAtEnds complete_pairs(const ValuesAtEnds& ends) {
  ValuesAtEnds result;
  for (std::size_t i = 0; i < std::min(ends.low.size(), ends.high.size()); ++i) {
    if (!std::isfinite(ends.low[i]) || !std::isfinite(ends.high[i])) continue;
    result.low.push_back(ends.low[i]);
    result.high.push_back(ends.high[i]);
  }
  return result;
}

bool is_distinguishable(const ValuesAtEnds& pairs, const Interval& difference) {
  if (!difference.bounded() || difference.contains(0)) return false;
  std::size_t affected = 0;
  for (std::size_t i = 0; i < pairs.low.size(); ++i) affected += pairs.low[i] != pairs.high[i];
  return affected == pairs.low.size() || affected >= kFewestAffected;
}

AssumptionEffect effect_between(const ValuesAtEnds& ends, double confidence) {
  const ValuesAtEnds pairs = complete_pairs(ends);
  AssumptionEffect effect;
  effect.at_low = mean_interval(pairs.low).mean;
  effect.at_high = mean_interval(pairs.high).mean;
  effect.difference = paired_difference(pairs.low, pairs.high, confidence);
  effect.distinguishable = is_distinguishable(pairs, effect.difference);
  return effect;
}

// The replications that have a value.
SampledValues with_data(const SampledValues& sampled) {
  SampledValues result;
  result.positions.resize(sampled.positions.size());
  for (std::size_t r = 0; r < sampled.values.size(); ++r) {
    if (!std::isfinite(sampled.values[r])) continue;
    result.values.push_back(sampled.values[r]);
    for (std::size_t i = 0; i < sampled.positions.size(); ++i)
      result.positions[i].push_back(sampled.positions[i][r]);
  }
  return result;
}

void add_coefficients(const SampledValues& sampled, std::vector<AssumptionEffect>& effects) {
  const std::size_t rows = sampled.values.size(), columns = sampled.positions.size();
  std::vector<double> standardized(columns, kNan);
  const bool enough = rows >= kFewestSampled;
  if (enough && rows > columns + 1) standardized = standardized_slopes(sampled.positions, sampled.values);
  for (std::size_t i = 0; i < columns; ++i) {
    effects[i].rank_correlation = enough ? rank_correlation(sampled.positions[i], sampled.values) : kNan;
    effects[i].standardized = standardized[i];
  }
}

std::vector<double> ranks(std::span<const double> values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](auto a, auto b) { return values[a] < values[b]; });
  std::vector<double> result(values.size());
  for (std::size_t from = 0; from < order.size();) {
    std::size_t to = from;
    while (to < order.size() && values[order[to]] == values[order[from]]) ++to;
    const double mean = static_cast<double>(from + to - 1) / 2;
    for (; from < to; ++from) result[order[from]] = mean;
  }
  return result;
}

// Greatest first; effects without data last.
bool greater_effect(const AssumptionEffect& a, const AssumptionEffect& b) {
  const auto size = [](const AssumptionEffect& each) {
    const double mean = each.difference.mean;
    return std::isfinite(mean) ? std::abs(mean) : -1;
  };
  return size(a) > size(b);
}

}  // namespace

double rank_correlation(std::span<const double> a, std::span<const double> b) {
  check(a.size() == b.size(), "sensitivity", "{} values with {}", a.size(), b.size());
  if (a.size() < 3) return kNan;
  const std::vector<double> x = ranks(a), y = ranks(b);
  const double mean = static_cast<double>(a.size() - 1) / 2;
  double xx = 0, yy = 0, xy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    xx += (x[i] - mean) * (x[i] - mean);
    yy += (y[i] - mean) * (y[i] - mean);
    xy += (x[i] - mean) * (y[i] - mean);
  }
  return xx > 0 && yy > 0 ? xy / std::sqrt(xx * yy) : kNan;
}

std::vector<AssumptionEffect> rank_effects(std::span<const ValuesAtEnds> ends, const SampledValues& sampled) {
  check(ends.size() == sampled.positions.size(), "sensitivity", "{} assumptions, {} of them sampled",
        ends.size(), sampled.positions.size());
  std::vector<AssumptionEffect> effects;
  if (ends.empty()) return effects;
  const double each = bonferroni_confidence(kConfidence, ends.size());
  for (const ValuesAtEnds& pair : ends) {
    effects.push_back(effect_between(pair, each));
    effects.back().assumption = effects.size() - 1;
  }
  add_coefficients(with_data(sampled), effects);
  std::stable_sort(effects.begin(), effects.end(), greater_effect);
  return effects;
}

namespace {

// A quantity times factors, as a scenario writes it.
class Scalable final {
 public:
  // Nothing for zero and for what is not one quantity.
  static std::optional<Scalable> parse(const std::string& text) {
    Scalable result;
    if (const auto span = parse_duration(text))
      result.kind_ = Kind::duration, result.amount_ = static_cast<double>(span.value->count());
    else if (const auto size = parse_bytes(text))
      result.kind_ = Kind::size, result.amount_ = static_cast<double>(size.value->count);
    else if (const auto usd = parse_usd(text))
      result.kind_ = Kind::money, result.amount_ = static_cast<double>(usd.value->nanos);
    else if (!result.parse_number_with_suffix(text))
      return std::nullopt;
    return result.amount_ != 0 ? std::optional(std::move(result)) : std::nullopt;
  }

  bool is_plain_number() const { return kind_ == Kind::number && suffix_.empty(); }
  double amount() const { return amount_; }
  std::string times(double factor) const {
    const auto whole = [&] { return static_cast<std::int64_t>(amount_ * factor + 0.5); };
    switch (kind_) {
      case Kind::duration:
        return show(Duration(whole()));
      case Kind::size:
        return show(Bytes(whole()));
      case Kind::money:
        return show(Usd(whole()));
      case Kind::number:
        break;
    }
    return fmt::format("{:.6g}{}", amount_ * factor, suffix_);
  }

 private:
  enum class Kind : std::uint8_t { duration, size, money, number };

  bool parse_number_with_suffix(const std::string& text) {
    const std::size_t end = std::min(text.find_first_not_of("+-0123456789.eE"), text.size());
    const auto number = parse_number(std::string_view(text).substr(0, end));
    if (!number) return false;
    amount_ = *number.value;
    suffix_ = text.substr(end);
    return true;
  }

  Kind kind_ = Kind::number;
  double amount_ = 0;
  std::string suffix_;
};

}  // namespace

std::vector<std::string> ranges_around(const std::string& value, Probability share) {
  const auto quantity = Scalable::parse(value);
  if (!quantity) return {};
  const auto range = [](const std::string& a, const std::string& b) {
    return fmt::format("{{low: {}, high: {}}}", a, b);
  };
  const std::string low = quantity->times(1 - share.value), high = quantity->times(1 + share.value);
  const bool negative = quantity->amount() < 0;
  std::vector<std::string> ranges = {negative ? range(high, low) : range(low, high)};
  if (quantity->is_plain_number()) {
    const double a = quantity->amount() * (1 - share.value), b = quantity->amount() * (1 + share.value);
    ranges.push_back(range(fmt::format("{:.0f}", std::floor(std::min(a, b))),
                           fmt::format("{:.0f}", std::ceil(std::max(a, b)))));
  }
  if (!negative) ranges.insert(ranges.end(), {range(low, value), range(value, high)});
  return ranges;
}

}  // namespace nephoscope
