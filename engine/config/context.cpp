#include "engine/config/context.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nephoscope {
namespace {

constexpr std::size_t kListedNames = 20;

std::string name_list(std::span<const std::string_view> names) {
  const auto shown = names.first(std::min(names.size(), kListedNames));
  return fmt::format("{}{}", fmt::join(shown, ", "), names.size() > kListedNames ? ", …" : "");
}

}  // namespace

Bound::Bound(int number) : value(number), text(std::to_string(number)) {}
Bound::Bound(std::int64_t number) : value(static_cast<double>(number)), text(show(number)) {}
Bound::Bound(double number) : value(number), text(show(number)) {}
Bound::Bound(Duration span) : value(to_seconds(span)), text(show(span)) {}
Bound::Bound(Bytes size) : value(static_cast<double>(size.count)), text(show(size)) {}
Bound::Bound(BytesPerSecond flow) : value(flow.value), text(show(flow)) {}
Bound::Bound(Rate rate) : value(rate.per_second), text(show(rate)) {}
Bound::Bound(Probability share) : value(share.value), text(show(share)) {}
Bound::Bound(Usd amount) : value(to_dollars(amount)), text(show(amount)) {}

void Context::report(Code code, const Node& node, std::string message, std::string hint, std::string help) {
  diagnostics_.add({code, node.place(), node.path(), std::move(message), std::move(hint), std::move(help)});
}

void Context::report_key(Code code, const Node& node, std::string message, std::string hint,
                         std::string help) {
  diagnostics_.add({code, node.key_place(), node.parent() != nullptr ? node.parent()->path() : "",
                    std::move(message), std::move(hint), std::move(help)});
}

void Context::wrong_type(const Node& node, std::string_view expected, std::string_view example) {
  report(Code::wrong_type, node, fmt::format("expected {}, found {}", expected, node.found()),
         example.empty() ? "" : fmt::format("for example: {}", example));
}

void Context::unknown_name(Code code, const Node& node, std::string_view what, std::string_view given,
                           std::span<const std::string_view> names) {
  report(code, node, fmt::format("unknown {} '{}'", what, given), did_you_mean(given, names),
         fmt::format("known: {}", name_list(names)));
}

bool Context::in_range(const Node& node, double value, const FieldRules& rules) {
  const bool inside = (!rules.min || value >= rules.min->value) &&
                      (!rules.max || value <= rules.max->value) &&
                      (!rules.above || value > rules.above->value);
  if (!inside)
    report(Code::out_of_range, node, fmt::format("{} is out of range", node.found()),
           fmt::format("allowed: {}", range_text(rules)));
  return inside;
}

bool Context::item_count_ok(const Node& node, const FieldRules& rules) {
  const auto items = [](std::size_t n) { return fmt::format("{} item{}", n, n == 1 ? "" : "s"); };
  if (node.size() < rules.min_items)
    return report(Code::too_few_items, node,
                  fmt::format("{} given; at least {} needed", items(node.size()), rules.min_items)),
           false;
  if (node.size() > rules.max_items)
    return report(Code::too_many_items, node,
                  fmt::format("{} given; at most {} allowed", items(node.size()), rules.max_items)),
           false;
  return true;
}

void report_unknown_reference(const Reference& reference, std::string_view what,
                              std::span<const std::string_view> known, Diagnostics& diagnostics) {
  diagnostics.add({Code::unknown_reference, reference.place, reference.path,
                   fmt::format("no {} is named '{}'", what, reference.id), did_you_mean(reference.id, known),
                   known.empty() ? fmt::format("the scenario has no {}", what)
                                 : fmt::format("known: {}", name_list(known))});
}

void report_wrong_reference(const Reference& reference, std::string_view expected, std::string_view found,
                            Diagnostics& diagnostics) {
  diagnostics.add({Code::wrong_reference_kind, reference.place, reference.path,
                   fmt::format("'{}' is {}; expected {}", reference.id, found, expected), "", ""});
}

std::string range_text(const FieldRules& rules) {
  if (rules.min && rules.max) return fmt::format("{} to {}", rules.min->text, rules.max->text);
  if (rules.above && rules.max) return fmt::format("> {}, <= {}", rules.above->text, rules.max->text);
  if (rules.above) return fmt::format("> {}", rules.above->text);
  if (rules.min) return fmt::format(">= {}", rules.min->text);
  return rules.max ? fmt::format("<= {}", rules.max->text) : "";
}

std::optional<std::string> read_type(const Node& node, std::span<const std::string_view> known,
                                     Context& context, std::string_view example) {
  if (!node.is_map()) {
    context.wrong_type(node, "a map with a type", fmt::format("{{type: {}}}", example));
    return std::nullopt;
  }
  const Node* type = node.find("type");
  if (type == nullptr) {
    context.report_key(Code::missing_key, node, fmt::format("missing key 'type' in '{}'", node.key()),
                       fmt::format("add 'type: {}'", example));
    return std::nullopt;
  }
  if (!type->is_scalar()) {
    context.wrong_type(*type, "the name of a type", example);
    return std::nullopt;
  }
  if (std::find(known.begin(), known.end(), type->text()) != known.end()) return type->text();
  context.unknown_name(Code::unknown_type, *type, "type", type->text(), known);
  return std::nullopt;
}

}  // namespace nephoscope
