#include "engine/config/field_type.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "engine/config/units.hpp"

namespace nephoscope {
namespace field_detail {

const std::string* scalar_text(const Node& node, Context& context, std::string_view expected,
                               std::string_view example, bool bare) {
  if (!node.is_scalar()) {
    context.wrong_type(node, expected, example);
    return nullptr;
  }
  if (bare && node.quoted()) {
    context.report(Code::wrong_type, node, fmt::format("expected {}, found a text in quotes", expected),
                   "remove the quotes");
    return nullptr;
  }
  return &node.text();
}

std::optional<std::int64_t> read_integer(const Node& node, Context& context, const FieldRules& rules,
                                         std::int64_t lowest, std::int64_t highest) {
  const std::string* text = scalar_text(node, context, "a whole number", "4", true);
  if (text == nullptr) return std::nullopt;
  auto parsed = parse_integer(*text);
  if (!parsed) return context.report(node, std::move(parsed.problem)), std::nullopt;
  const std::int64_t value = *parsed.value;
  if (!context.in_range(node, static_cast<double>(value), rules)) return std::nullopt;
  if (value >= lowest && value <= highest) return value;
  context.report(Code::too_large, node, fmt::format("'{}' does not fit", *text),
                 fmt::format("allowed: {} to {}", lowest, highest));
  return std::nullopt;
}

std::optional<std::size_t> read_name(const Node& node, Context& context,
                                     std::span<const std::string_view> names) {
  const std::string* text = scalar_text(node, context, fmt::format("one of {}", fmt::join(names, ", ")),
                                        names.empty() ? "" : names[0], false);
  if (text == nullptr) return std::nullopt;
  for (std::size_t i = 0; i < names.size(); ++i)
    if (names[i] == *text) return i;
  context.unknown_name(Code::unknown_name, node, "name", *text, names);
  return std::nullopt;
}

bool expect_list(const Node& node, Context& context, const FieldRules& rules, const std::string& item,
                 bool scalars) {
  if (node.is_sequence()) return context.item_count_ok(node, rules);
  context.wrong_type(node, fmt::format("a list (of {})", item),
                     node.is_scalar() && scalars ? fmt::format("[{}]", node.text()) : "");
  return false;
}

bool expect_map(const Node& node, Context& context, const FieldRules& rules, const std::string& item) {
  if (node.is_map()) return context.item_count_ok(node, rules);
  context.wrong_type(node, fmt::format("a map from ids to {}", item), "");
  return false;
}

bool is_ignored(std::string_view key) { return key.starts_with("x-"); }

std::string show_list(const std::vector<std::string>& items) {
  return fmt::format("[{}]", fmt::join(items, ", "));
}

std::string show_map(const std::vector<std::string>& items) {
  return fmt::format("{{{}}}", fmt::join(items, ", "));
}

}  // namespace field_detail

namespace {

constexpr std::string_view kNumberPattern = R"([+-]?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?)";
constexpr std::string_view kBytePattern = "([kKMGTP]?B|[KMGTP]iB)";

std::string quantity(std::string_view unit) { return fmt::format("^{}{}$", kNumberPattern, unit); }

// Reads a scalar through `parse`, reporting its problem, and checks the range.
template <class T, class Parse>
std::optional<T> read_quantity(const Node& node, Context& context, const FieldRules& rules, Parse parse,
                               std::string_view expected, std::string_view example, bool bare = false) {
  const std::string* text = field_detail::scalar_text(node, context, expected, example, bare);
  if (text == nullptr) return std::nullopt;
  auto parsed = parse(*text);
  if (!parsed && parsed.problem.code == Code::bad_number && parsed.problem.hint.empty())
    parsed.problem.hint = fmt::format("for example: {}", example);
  if (!parsed) return context.report(node, std::move(parsed.problem)), std::nullopt;
  if (!field_detail::in_range(node, *parsed.value, context, rules)) return std::nullopt;
  return parsed.value;
}

// "64KB" -> "64KiB"; nothing when the unit is not a power of 1000.
std::optional<std::string> binary_spelling(const std::string& text) {
  if (text.size() < 3 || text.back() != 'B') return std::nullopt;
  const char prefix = text[text.size() - 2];
  if (std::string_view("kKMGTP").find(prefix) == std::string_view::npos) return std::nullopt;
  return fmt::format("{}{}iB", text.substr(0, text.size() - 2), prefix == 'k' ? 'K' : prefix);
}

std::string with_article(std::string_view noun) {
  const bool vowel = std::string_view("aeiou").find(noun.front()) != std::string_view::npos;
  return fmt::format("{} {}", vowel ? "an" : "a", noun);
}

std::string bare_word_hint(const std::string& text) {
  for (const std::string_view word : {"yes", "Yes", "YES", "on", "On", "ON", "True", "TRUE", "y"})
    if (text == word) return "write true";
  for (const std::string_view word : {"no", "No", "NO", "off", "Off", "OFF", "False", "FALSE", "n"})
    if (text == word) return "write false";
  return "for example: true";
}

}  // namespace

std::optional<bool> FieldType<bool>::read(const Node& node, Context& context, const FieldRules&) {
  const std::string* text = field_detail::scalar_text(node, context, "true or false", "true", true);
  if (text == nullptr) return std::nullopt;
  if (*text == "true") return true;
  if (*text == "false") return false;
  context.report(Code::wrong_type, node, fmt::format("expected true or false, found {}", node.found()),
                 bare_word_hint(*text));
  return std::nullopt;
}
std::string FieldType<bool>::show(const bool& value) { return value ? "true" : "false"; }
void FieldType<bool>::schema(Json& out, SchemaBook&, const FieldRules&) { schema::boolean(out); }

std::optional<std::string> FieldType<std::string>::read(const Node& node, Context& context,
                                                        const FieldRules&) {
  const std::string* text = field_detail::scalar_text(node, context, "a text", "", false);
  return text == nullptr ? std::nullopt : std::optional(*text);
}
std::string FieldType<std::string>::show(const std::string& value) { return value.empty() ? "\"\"" : value; }
void FieldType<std::string>::schema(Json& out, SchemaBook&, const FieldRules&) { schema::text(out); }

std::optional<Reference> FieldType<Reference>::read(const Node& node, Context& context,
                                                    const FieldRules& rules) {
  const std::string what =
      rules.refers_to.empty() ? "an id" : fmt::format("the id of {}", with_article(rules.refers_to));
  const std::string* text = field_detail::scalar_text(node, context, what, "", false);
  if (text == nullptr) return std::nullopt;
  Reference reference{*text, node.place(), node.path()};
  context.references().push_back({reference, rules.refers_to});
  return reference;
}
std::string FieldType<Reference>::show(const Reference& value) {
  return value.id.empty() ? "none" : value.id;
}
void FieldType<Reference>::schema(Json& out, SchemaBook&, const FieldRules&) { schema::text(out); }

std::optional<UtcTime> FieldType<UtcTime>::read(const Node& node, Context& context, const FieldRules& rules) {
  return read_quantity<UtcTime>(node, context, rules, parse_utc, "a UTC time", "2026-03-02T17:00Z");
}
std::string FieldType<UtcTime>::show(const UtcTime& value) { return nephoscope::show(value); }
void FieldType<UtcTime>::schema(Json& out, SchemaBook&, const FieldRules&) {
  schema::pattern(out, R"(^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?Z$)", "2026-03-02T17:00Z");
}

std::optional<double> FieldType<double>::read(const Node& node, Context& context, const FieldRules& rules) {
  return read_quantity<double>(node, context, rules, parse_number, "a number", "1.5", true);
}
std::string FieldType<double>::show(const double& value) { return nephoscope::show(value); }
void FieldType<double>::schema(Json& out, SchemaBook&, const FieldRules& rules) {
  schema::number(out, rules);
}

std::optional<Duration> FieldType<Duration>::read(const Node& node, Context& context,
                                                  const FieldRules& rules) {
  return read_quantity<Duration>(node, context, rules, parse_duration, "a duration", "30s");
}
std::string FieldType<Duration>::show(const Duration& value) { return nephoscope::show(value); }
void FieldType<Duration>::schema(Json& out, SchemaBook&, const FieldRules&) {
  constexpr std::string_view number = R"((0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?)";
  schema::pattern(out, fmt::format("^(\\+?({}(ns|us|µs|ms|s|m|min|h|d|w))+|P[0-9.WDTHMS]+)$", number),
                  "1h30m");
}

std::optional<Bytes> FieldType<Bytes>::read(const Node& node, Context& context, const FieldRules& rules) {
  const auto size = read_quantity<Bytes>(node, context, rules, parse_bytes, "a size", "256KiB");
  if (const auto better = binary_spelling(node.text()); size && rules.binary_units && better)
    context.report(Code::decimal_unit, node, fmt::format("{} is {} bytes", node.found(), size->count),
                   fmt::format("did you mean {}?", *better));
  return size;
}
std::string FieldType<Bytes>::show(const Bytes& value) { return nephoscope::show(value); }
void FieldType<Bytes>::schema(Json& out, SchemaBook&, const FieldRules&) {
  schema::pattern(out, quantity(kBytePattern), "256KiB");
}

std::optional<BytesPerSecond> FieldType<BytesPerSecond>::read(const Node& node, Context& context,
                                                              const FieldRules& rules) {
  return read_quantity<BytesPerSecond>(node, context, rules, parse_bytes_per_second, "a bandwidth", "1MiB/s");
}
std::string FieldType<BytesPerSecond>::show(const BytesPerSecond& value) { return nephoscope::show(value); }
void FieldType<BytesPerSecond>::schema(Json& out, SchemaBook&, const FieldRules&) {
  schema::pattern(out, quantity(fmt::format("({}/(s|min|m|h|d)|[kKMGT]?bps)", kBytePattern)), "1MiB/s");
}

std::optional<Rate> FieldType<Rate>::read(const Node& node, Context& context, const FieldRules& rules) {
  return read_quantity<Rate>(node, context, rules, parse_rate, "a rate", "200/s");
}
std::string FieldType<Rate>::show(const Rate& value) { return nephoscope::show(value); }
void FieldType<Rate>::schema(Json& out, SchemaBook&, const FieldRules&) {
  schema::pattern(out, quantity("/(s|min|m|h|d)"), "200/s");
}

std::optional<Probability> FieldType<Probability>::read(const Node& node, Context& context,
                                                        const FieldRules& rules) {
  return read_quantity<Probability>(node, context, rules, parse_probability, "a share", "80%");
}
std::string FieldType<Probability>::show(const Probability& value) { return nephoscope::show(value); }
void FieldType<Probability>::schema(Json& out, SchemaBook&, const FieldRules&) {
  schema::pattern(out, quantity("%?"), "80%", true);
  out["minimum"] = 0;
  out["maximum"] = 1;
}

std::optional<Usd> FieldType<Usd>::read(const Node& node, Context& context, const FieldRules& rules) {
  return read_quantity<Usd>(node, context, rules, parse_usd, "an amount of money", "$5");
}
std::string FieldType<Usd>::show(const Usd& value) { return nephoscope::show(value); }
void FieldType<Usd>::schema(Json& out, SchemaBook&, const FieldRules&) {
  schema::pattern(out, fmt::format("^\\${}$", kNumberPattern), "$0.0104");
}

std::optional<NodePointer> FieldType<NodePointer>::read(const Node& node, Context&, const FieldRules&) {
  return &node;
}
std::string FieldType<NodePointer>::show(const NodePointer& value) {
  return value == nullptr ? "none" : value->found();
}
void FieldType<NodePointer>::schema(Json& out, SchemaBook&, const FieldRules&) { out = Json::object(); }

}  // namespace nephoscope
