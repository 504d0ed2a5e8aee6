#include "engine/config/units.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <limits>
#include <span>
#include <utility>

#include "engine/config/decimal.hpp"
#include "engine/config/unit_names.hpp"

namespace nephoscope {
namespace {

template <class T>
Parsed<T> fail(Code code, std::string message, std::string hint = "") {
  return {std::nullopt, {code, std::move(message), std::move(hint)}};
}

template <class T>
Parsed<T> fail(Problem problem) {
  return {std::nullopt, std::move(problem)};
}

template <class T>
Parsed<T> fail_scale(ScaleError error, std::string_view text, std::string_view smallest) {
  if (error == ScaleError::too_precise)
    return fail<T>(Code::too_precise, fmt::format("'{}' is not a whole number of {}", text, smallest));
  return fail<T>(Code::too_large, fmt::format("'{}' is too large", text));
}

template <class T>
Parsed<T> fail_negative(std::string_view text) {
  return fail<T>(Code::out_of_range, fmt::format("'{}' is negative", text));
}

template <class T>
Parsed<T> fail_no_unit(std::string_view text, std::string_view example) {
  return fail<T>(Code::missing_unit, fmt::format("'{}' has no unit", text),
                 fmt::format("{} what? write {}{}", text, text, example));
}

std::string unit_list(std::span<const UnitName> units) {
  std::string result;
  for (const auto& unit : units)
    if (unit.listed) result += fmt::format("{}{}", result.empty() ? "" : ", ", unit.name);
  return result;
}

template <class T>
Parsed<T> fail_unit(std::string_view text, std::string_view unit, std::string_view known) {
  if (unit.starts_with(' ')) {
    std::string together(text);
    std::erase(together, ' ');
    return fail<T>(Code::unknown_unit, fmt::format("'{}' has a blank before its unit", text),
                   fmt::format("write {}", together));
  }
  return fail<T>(Code::unknown_unit, fmt::format("'{}' has the unknown unit '{}'", text, unit),
                 fmt::format("units: {}", known));
}

const UnitName* find_unit(std::span<const UnitName> units, std::string_view name) {
  for (const auto& unit : units)
    if (unit.name == name) return &unit;
  return nullptr;
}

std::size_t letters(std::string_view text) {
  std::size_t count = 0;
  while (count < text.size() && !(text[count] >= '0' && text[count] <= '9')) ++count;
  return count;
}

Parsed<Duration> add_part(Duration sum, const Decimal& number, const UnitName& unit, std::string_view text) {
  const Scaled part = scale(number, unit.factor, kMaxDuration.count());
  if (part.error == ScaleError::too_precise) return fail_scale<Duration>(part.error, text, "nanoseconds");
  if (part.error == ScaleError::too_large || part.value > (kMaxDuration - sum).count())
    return fail<Duration>(Code::too_large, fmt::format("'{}' is too long", text),
                          "at most 100 years (36500d)");
  return {sum + Duration(part.value), {}};
}

// ISO 8601: P[nW][nD][T[nH][nM][nS]]; years and months have no fixed length.
Parsed<Duration> parse_iso_duration(std::string_view text) {
  const auto malformed = [&] {
    return fail<Duration>(Code::bad_number, fmt::format("'{}' is not an ISO 8601 duration", text),
                          "write PT5M or 5m");
  };
  Duration sum{};
  std::string_view order = "WDTHMS";
  for (std::string_view rest = text.substr(1); !rest.empty();) {
    const bool dated = order.find('T') != std::string_view::npos;
    if (rest.front() == 'T' && dated && rest.size() > 1) {
      order = "HMS";
      rest.remove_prefix(1);
      continue;
    }
    const auto prefix = parse_prefix(rest, text);
    if (!prefix || prefix.value->number.negative || prefix.value->rest.empty()) return malformed();
    const char letter = prefix.value->rest.front();
    const auto at = order.find(letter);
    if (at == std::string_view::npos || letter == 'T' || (dated && at > order.find('T'))) return malformed();
    const std::string name(1, static_cast<char>(letter - 'A' + 'a'));
    auto next = add_part(sum, prefix.value->number, *find_unit(kDurationUnits, name), text);
    if (!next) return next;
    sum = *next.value;
    order.remove_prefix(at + 1);
    rest = prefix.value->rest.substr(1);
  }
  return text.size() > 2 ? Parsed<Duration>{sum, {}} : malformed();
}

std::pair<std::string_view, std::string_view> split_slash(std::string_view unit) {
  const auto slash = unit.find('/');
  if (slash == std::string_view::npos) return {unit, {}};
  return {unit.substr(0, slash), unit.substr(slash + 1)};
}

bool outside_double(const std::optional<double>& value) {
  return !value || *value > std::numeric_limits<double>::max() / 1e19;  // room for the unit's factor
}

// Number x factor / divisor in double: exact inputs, two roundings, the same everywhere.
std::optional<double> per_second(const Decimal& number, double factor, double divisor) {
  const auto value = to_double(number);
  if (outside_double(value)) return std::nullopt;
  return *value * factor / divisor;
}

}  // namespace

Parsed<Duration> parse_duration(std::string_view text) {
  if (text.starts_with('P')) return parse_iso_duration(text);
  Duration sum{};
  std::int64_t last_factor = std::numeric_limits<std::int64_t>::max();
  for (std::string_view rest = text; !rest.empty() || sum == Duration{};) {
    auto prefix = parse_prefix(rest, text);
    if (!prefix) return fail<Duration>(std::move(prefix.problem));
    const std::string_view after = prefix.value->rest;
    const std::string_view name = after.substr(0, letters(after));
    if (name.empty()) return fail_no_unit<Duration>(text, "s");
    const UnitName* unit = find_unit(kDurationUnits, name);
    if (unit == nullptr) return fail_unit<Duration>(text, name, unit_list(kDurationUnits));
    if (prefix.value->number.negative) return fail_negative<Duration>(text);
    if (unit->factor >= last_factor)
      return fail<Duration>(Code::bad_number, fmt::format("the units of '{}' are not in falling order", text),
                            "write 1h30m");
    auto next = add_part(sum, prefix.value->number, *unit, text);
    if (!next) return next;
    sum = *next.value;
    last_factor = unit->factor;
    rest = after.substr(name.size());
    if (rest.empty()) break;
  }
  return {sum, {}};
}

Parsed<Bytes> parse_bytes(std::string_view text) {
  auto prefix = parse_prefix(text, text);
  if (!prefix) return fail<Bytes>(std::move(prefix.problem));
  const auto& [number, name] = *prefix.value;
  if (name.empty()) return fail_no_unit<Bytes>(text, "KiB");
  const UnitName* unit = find_unit(kByteUnits, name);
  if (unit == nullptr) return fail_unit<Bytes>(text, name, unit_list(kByteUnits));
  const Scaled size = scale(number, unit->factor, std::numeric_limits<std::int64_t>::max());
  if (size.error != ScaleError::none) return fail_scale<Bytes>(size.error, text, "bytes");
  return size.value < 0 ? fail_negative<Bytes>(text) : Parsed<Bytes>{Bytes(size.value), {}};
}

Parsed<BytesPerSecond> parse_bytes_per_second(std::string_view text) {
  auto prefix = parse_prefix(text, text);
  if (!prefix) return fail<BytesPerSecond>(std::move(prefix.problem));
  const auto& [number, name] = *prefix.value;
  if (name.empty()) return fail_no_unit<BytesPerSecond>(text, "MiB/s");
  const auto [size, per] = split_slash(name);
  const bool bits = per.empty();
  const UnitName* unit = bits ? find_unit(kBitRateUnits, name) : find_unit(kByteUnits, size);
  const UnitName* time = bits ? nullptr : find_unit(kPerUnits, per);
  if (unit == nullptr || (!bits && time == nullptr))
    return fail_unit<BytesPerSecond>(text, name, "B/s, KB/s, KiB/s, MB/s, MiB/s, GB/s, GiB/s, Mbps, Gbps");
  const double divisor = bits ? 8.0 : static_cast<double>(time->factor);
  const auto flow = per_second(number, static_cast<double>(unit->factor), divisor);
  if (!flow) return fail<BytesPerSecond>(Code::too_large, fmt::format("'{}' is too large", text));
  return *flow < 0 ? fail_negative<BytesPerSecond>(text) : Parsed<BytesPerSecond>{BytesPerSecond(*flow), {}};
}

Parsed<Rate> parse_rate(std::string_view text) {
  auto prefix = parse_prefix(text, text);
  if (!prefix) return fail<Rate>(std::move(prefix.problem));
  const auto& [number, name] = *prefix.value;
  if (name.empty()) return fail_no_unit<Rate>(text, "/s");
  const UnitName* unit = name.front() == '/' ? find_unit(kPerUnits, name.substr(1)) : nullptr;
  if (unit == nullptr) return fail_unit<Rate>(text, name, "/s, /min, /h, /d");
  const auto rate = per_second(number, 1.0, static_cast<double>(unit->factor));
  if (!rate) return fail<Rate>(Code::too_large, fmt::format("'{}' is too large", text));
  return *rate < 0 ? fail_negative<Rate>(text) : Parsed<Rate>{Rate(*rate), {}};
}

Parsed<Probability> parse_probability(std::string_view text) {
  auto prefix = parse_prefix(text, text);
  if (!prefix) return fail<Probability>(std::move(prefix.problem));
  const auto& [number, name] = *prefix.value;
  if (!name.empty() && name != "%") return fail_unit<Probability>(text, name, "% (or none: 0.8)");
  const auto share = to_double(number, name.empty() ? 0 : -2);
  const bool inside = share && *share >= 0 && *share <= 1;
  if (inside) return {Probability(*share), {}};
  const bool percent_meant = name.empty() && share && *share > 1 && *share <= 100;
  return fail<Probability>(Code::out_of_range, fmt::format("'{}' is not within 0% to 100%", text),
                           percent_meant ? fmt::format("did you mean {}%?", text) : "");
}

Parsed<Usd> parse_usd(std::string_view text) {
  const bool dollars = text.starts_with('$');
  auto prefix = parse_prefix(dollars ? text.substr(1) : text, text);
  if (!prefix) return fail<Usd>(std::move(prefix.problem));
  const auto& [number, name] = *prefix.value;
  if (!name.empty()) return fail_unit<Usd>(text, name, "$ in front ($5)");
  if (number.negative) return fail_negative<Usd>(text);
  if (!dollars)
    return fail<Usd>(Code::missing_unit, fmt::format("'{}' has no currency", text),
                     fmt::format("write ${}", text));
  const Scaled amount = scale(number, 1'000'000'000, std::numeric_limits<std::int64_t>::max());
  if (amount.error != ScaleError::none) return fail_scale<Usd>(amount.error, text, "nano-dollars");
  return {Usd(amount.value), {}};
}

Parsed<std::int64_t> parse_integer(std::string_view text) {
  auto prefix = parse_prefix(text, text);
  if (!prefix) return fail<std::int64_t>(std::move(prefix.problem));
  const auto& [number, name] = *prefix.value;
  if (!name.empty())
    return fail<std::int64_t>(Code::bad_number, fmt::format("'{}' is not a whole number", text),
                              "a number without unit");
  const Scaled value = scale(number, 1, std::numeric_limits<std::int64_t>::max());
  if (value.error == ScaleError::too_precise)
    return fail<std::int64_t>(Code::bad_number, fmt::format("'{}' is not a whole number", text));
  if (value.error != ScaleError::none) return fail_scale<std::int64_t>(value.error, text, "units");
  return {value.value, {}};
}

Parsed<double> parse_number(std::string_view text) {
  auto prefix = parse_prefix(text, text);
  if (!prefix) return fail<double>(std::move(prefix.problem));
  const auto& [number, name] = *prefix.value;
  if (!name.empty())
    return fail<double>(Code::bad_number, fmt::format("'{}' is not a number", text), "a number without unit");
  const auto value = to_double(number);
  if (!value) return fail<double>(Code::too_large, fmt::format("'{}' is too large", text));
  return {*value, {}};
}

}  // namespace nephoscope
