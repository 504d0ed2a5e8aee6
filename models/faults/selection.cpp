#include "models/faults/selection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <string_view>

namespace nephoscope::faults {

std::size_t Selection::of(std::size_t present) const {
  if (mode == Mode::all) return present;
  if (mode == Mode::count) return std::min<std::size_t>(number, present);
  return (present * number + 99) / 100;
}

}  // namespace nephoscope::faults

namespace nephoscope {

using faults::Selection;

namespace {

// The whole number between "WORD(" and ")"; none if the text has another form.
std::optional<std::uint32_t> argument(std::string_view text, std::string_view word) {
  if (!text.starts_with(word) || !text.ends_with(")")) return std::nullopt;
  text.remove_prefix(word.size());
  text.remove_suffix(1);
  std::uint32_t number = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
  if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

std::optional<Selection> FieldType<Selection>::read(const Node& node, Context& context, const FieldRules&) {
  if (!node.is_scalar()) return context.wrong_type(node, "a selection", "PERCENT(33)"), std::nullopt;
  const std::string& text = node.text();
  if (text == "ALL") return Selection{};
  if (const auto count = argument(text, "COUNT("); count && *count >= 1)
    return Selection{Selection::Mode::count, *count};
  if (const auto percent = argument(text, "PERCENT("); percent && *percent >= 1 && *percent <= 100)
    return Selection{Selection::Mode::percent, *percent};
  context.report(Code::unknown_name, node, fmt::format("'{}' is no selection", text),
                 "ALL, COUNT(2) or PERCENT(33)");
  return std::nullopt;
}

std::string FieldType<Selection>::show(const Selection& selection) {
  if (selection.mode == Selection::Mode::all) return "ALL";
  return fmt::format("{}({})", selection.mode == Selection::Mode::count ? "COUNT" : "PERCENT",
                     selection.number);
}

void FieldType<Selection>::schema(Json& out, SchemaBook&, const FieldRules&) {
  schema::pattern(out, R"(^(ALL|COUNT\([1-9][0-9]*\)|PERCENT\([1-9][0-9]?\)|PERCENT\(100\))$)",
                  "PERCENT(33)");
}

}  // namespace nephoscope
