// Ranges of assumptions: `{low: 1s, high: 5s}` where one value could stand.
//
// A range is read as one value between its ends, at Context::range_position(), and recorded in
// Context::ranges(). Both ends obey the field's own rules.
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>

#include "engine/config/field_type.hpp"

namespace nephoscope {

// A map with `low` or `high` that does not say to be something else (a distribution says `dist`).
bool is_range(const Node& node);
// "{low: 1s, high: 5s}". REQUIRES: the node was read as a range.
std::string show_range(const Node& node);

namespace range_detail {

struct Ends {
  const Node* low;
  const Node* high;
};
// Reports a range that is not just two ends.
std::optional<Ends> ends(const Node& node, Context& context);
void report_reversed(const Node& node, Context& context);
void record(const Node& node, double low, double high, Context& context);

// The value at `at`, from 0 (low) to 1 (high). Whole numbers are equally likely where `at` is uniform.
double between(double low, double high, double at);
std::int64_t between_whole(std::int64_t low, std::int64_t high, double at);

inline Duration between(Duration low, Duration high, double at) {
  return low + Duration(static_cast<std::int64_t>(static_cast<double>((high - low).count()) * at + 0.5));
}
inline Bytes between(Bytes low, Bytes high, double at) {
  return Bytes(between_whole(low.count, high.count, at));
}
inline BytesPerSecond between(BytesPerSecond low, BytesPerSecond high, double at) {
  return BytesPerSecond(between(low.value, high.value, at));
}
inline Rate between(Rate low, Rate high, double at) {
  return Rate(between(low.per_second, high.per_second, at));
}
inline Probability between(Probability low, Probability high, double at) {
  return Probability(between(low.value, high.value, at));
}
inline Usd between(Usd low, Usd high, double at) { return Usd(between_whole(low.nanos, high.nanos, at)); }
template <std::integral T>
requires(!std::same_as<T, bool>) T between(T low, T high, double at) {
  return static_cast<T>(between_whole(low, high, at));
}

template <class M>
concept Between = requires(const M& end) {
  { between(end, end, 0.5) } -> std::same_as<M>;
  FieldType<M>::magnitude(end);
};

template <class M>
struct End {
  using type = void;
};
template <Between M>
struct End<M> {
  using type = M;
};
template <class T>
struct End<std::optional<T>> : End<T> {};
// A type that a single quantity can stand for (a distribution) says so: `using RangeEnd = Duration;`.
template <class M>
requires requires { typename FieldType<M>::RangeEnd; }
struct End<M> {
  using type = typename FieldType<M>::RangeEnd;
};

}  // namespace range_detail

// The type of a range's ends for a member of type M; void if M has no ranges.
template <class M>
using RangeEnd = typename range_detail::End<M>::type;

// Reads `{low, high}`, records it, and gives the value between the ends. Nothing after a diagnostic.
template <class T>
std::optional<T> read_in_range(const Node& node, Context& context, const FieldRules& rules) {
  const auto ends = range_detail::ends(node, context);
  if (!ends) return std::nullopt;
  const auto low = FieldType<T>::read(*ends->low, context, rules);
  const auto high = FieldType<T>::read(*ends->high, context, rules);
  if (!low || !high) return std::nullopt;
  if (*high < *low) return range_detail::report_reversed(node, context), std::nullopt;
  range_detail::record(node, FieldType<T>::magnitude(*low), FieldType<T>::magnitude(*high), context);
  const double at = context.range_position(node.path());
  if (at <= 0) return low;
  return at >= 1 ? high : range_detail::between(*low, *high, at);
}

}  // namespace nephoscope
