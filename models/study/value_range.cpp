#include "models/study/value_range.hpp"

#include <fmt/format.h>

#include <utility>

namespace nephoscope {
namespace {

constexpr std::int64_t kOne = 1'000'000'000;  // a plain number's unit
constexpr double kLargest = 9e9;

template <class T>
Parsed<T> problem(Code code, std::string message, std::string hint = "") {
  return {std::nullopt, {code, std::move(message), std::move(hint)}};
}

}  // namespace

Parsed<ValueRange::Quantity> ValueRange::number(std::string_view text) {
  const std::size_t end = std::min(text.find_first_not_of("+-0123456789."), text.size());
  const auto parsed = parse_number(text.substr(0, end));
  if (!parsed)
    return problem<Quantity>(Code::bad_number, fmt::format("'{}' is no quantity", text),
                             "for example: 2..10 or 10ms..50ms:10ms");
  if (!(*parsed.value<kLargest&& * parsed.value> - kLargest))
    return problem<Quantity>(Code::too_large, fmt::format("'{}' is too large for a range", text));
  const double scaled = *parsed.value * static_cast<double>(kOne);
  const auto value = static_cast<std::int64_t>(scaled + (scaled < 0 ? -0.5 : 0.5));
  return {Quantity{Kind::number, value, std::string(text.substr(end))}, {}};
}

Parsed<ValueRange::Quantity> ValueRange::quantity(std::string_view text) {
  if (const auto span = parse_duration(text)) return {Quantity{Kind::duration, span.value->count()}, {}};
  if (const auto size = parse_bytes(text)) return {Quantity{Kind::size, size.value->count}, {}};
  if (const auto usd = parse_usd(text)) return {Quantity{Kind::money, usd.value->nanos}, {}};
  return number(text);
}

Parsed<ValueRange::Quantity> ValueRange::step_of(const RangeEnds& ends, const Quantity& from,
                                                 const Quantity& to) {
  if (!ends.step.empty()) return quantity(ends.step);
  const bool whole =
      from.kind == Kind::number && from.suffix.empty() && from.value % kOne == 0 && to.value % kOne == 0;
  if (whole) return {Quantity{Kind::number, kOne, ""}, {}};
  return problem<Quantity>(Code::bad_number, fmt::format("the range {}..{} needs a step", ends.from, ends.to),
                           fmt::format("for example: {}..{}:{}", ends.from, ends.to, ends.from));
}

Parsed<ValueRange> ValueRange::between(const RangeEnds& ends) {
  const auto from = quantity(ends.from), to = quantity(ends.to);
  if (!from) return {std::nullopt, from.problem};
  if (!to) return {std::nullopt, to.problem};
  const auto step = step_of(ends, *from.value, *to.value);
  if (!step) return {std::nullopt, step.problem};
  for (const Quantity& other : {*to.value, *step.value})
    if (other.kind != from.value->kind || other.suffix != from.value->suffix)
      return problem<ValueRange>(
          Code::inconsistent, fmt::format("the range {}..{} mixes kinds of quantities", ends.from, ends.to),
          "give both ends and the step in units of one kind");
  if (to.value->value < from.value->value)
    return problem<ValueRange>(Code::not_increasing,
                               fmt::format("the range ends at {}, below its start {}", ends.to, ends.from));
  if (step.value->value <= 0)
    return problem<ValueRange>(Code::out_of_range, fmt::format("the step {} is not above 0", ends.step));
  ValueRange range;
  range.kind_ = from.value->kind;
  range.suffix_ = from.value->suffix;
  range.from_ = from.value->value;
  range.to_ = to.value->value;
  range.step_ = step.value->value;
  return {range, {}};
}

Parsed<ValueRange> ValueRange::parse(std::string_view text) {
  const std::size_t dots = text.find("..");
  if (dots == std::string_view::npos)
    return problem<ValueRange>(Code::bad_number, fmt::format("'{}' is no range", text),
                               "for example: 2..10 or 10ms..50ms:10ms");
  const std::string_view rest = text.substr(dots + 2);
  const std::size_t colon = rest.find(':');
  if (colon != std::string_view::npos && colon + 1 == rest.size())
    return problem<ValueRange>(Code::bad_number, fmt::format("no step behind the colon of '{}'", text));
  return between({text.substr(0, dots), rest.substr(0, colon),
                  colon == std::string_view::npos ? std::string_view() : rest.substr(colon + 1)});
}

std::string ValueRange::text(std::size_t index) const {
  const std::int64_t value = from_ + static_cast<std::int64_t>(index) * step_;
  switch (kind_) {
    case Kind::duration:
      return show(Duration(value));
    case Kind::size:
      return show(Bytes(value));
    case Kind::money:
      return show(Usd(value));
    case Kind::number:
      break;
  }
  if (value % kOne == 0) return fmt::format("{}{}", value / kOne, suffix_);
  return show(static_cast<double>(value) / static_cast<double>(kOne)) + suffix_;
}

}  // namespace nephoscope
