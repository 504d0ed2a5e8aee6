// Distributions as scenarios write them: `12ms`, `{dist: lognormal, p50: 12ms, p99: 80ms}`.
//
// A bare quantity is a constant. Each kind takes one of its sets of parameters (see kinds() or `explain
// distribution`); anything else is a diagnostic.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/time.hpp"
#include "engine/base/units.hpp"
#include "engine/config/field_table.hpp"
#include "engine/random/distribution.hpp"

namespace nephoscope {

// One way to write a kind: "lognormal" with "p50", "p99".
struct DistributionForm {
  Distribution::Kind kind;
  std::string_view name;
  std::vector<std::string_view> needed;
  std::vector<std::string_view> optional = {};
};
std::span<const DistributionForm> distribution_forms();

// A distribution with the text that it was written as. Owns a measured sample's table: copies are deep.
template <typename Quantity>
class DistributionOf {
 public:
  // Always zero.
  DistributionOf() = default;
  DistributionOf(Quantity constant);  // NOLINT: `DurationDistribution think_time = 1s;`
  DistributionOf(const DistributionOf& other) : DistributionOf(other.copy()) {}
  DistributionOf(DistributionOf&&) noexcept = default;
  DistributionOf& operator=(const DistributionOf& other) { return *this = other.copy(); }
  DistributionOf& operator=(DistributionOf&&) noexcept = default;

  // One value; durations beyond 100 years are cut to it, so that simulated time cannot overflow.
  Quantity sample(Draws& draws) const;
  const Distribution& plain() const { return distribution_; }
  // Another one like it, for another resource.
  DistributionOf copy() const;
  // In seconds or bytes; infinite where the integral diverges.
  double mean() const { return distribution_.mean(); }
  bool is_zero() const {
    return distribution_.kind() == Distribution::Kind::constant && distribution_.mean() == 0;
  }
  const std::string& text() const { return text_; }

 private:
  friend struct FieldType<DistributionOf>;
  Distribution distribution_;
  std::unique_ptr<EmpiricalTable> table_;
  std::string text_ = "0";
};

using DurationDistribution = DistributionOf<Duration>;
using SizeDistribution = DistributionOf<Bytes>;

template <typename Quantity>
struct FieldType<DistributionOf<Quantity>> {
  using RangeEnd = Quantity;  // a range of constants
  static std::optional<DistributionOf<Quantity>> read(const Node& node, Context& context,
                                                      const FieldRules& rules);
  static std::string show(const DistributionOf<Quantity>& value) { return value.text(); }
  static std::string type_name();
  static void schema(Json& out, SchemaBook& book, const FieldRules& rules);
};

template <>
inline Duration DurationDistribution::sample(Draws& draws) const {
  const double nanoseconds = distribution_.sample(draws) * 1e9;
  constexpr auto limit = static_cast<double>(kMaxDuration.count());
  return nanoseconds < limit ? Duration(static_cast<std::int64_t>(nanoseconds + 0.5)) : kMaxDuration;
}

template <>
inline Bytes SizeDistribution::sample(Draws& draws) const {
  const double bytes = distribution_.sample(draws);
  return bytes < 0x1p62 ? Bytes(static_cast<std::int64_t>(bytes + 0.5)) : Bytes(std::int64_t{1} << 62);
}

// A default as a scenario would write it: duration_from("{dist: lognormal, p50: 12s, p99: 27s}").
// REQUIRES: it is valid.
DurationDistribution duration_from(const std::string& yaml);

extern template class DistributionOf<Duration>;
extern template class DistributionOf<Bytes>;
extern template struct FieldType<DurationDistribution>;
extern template struct FieldType<SizeDistribution>;

}  // namespace nephoscope
