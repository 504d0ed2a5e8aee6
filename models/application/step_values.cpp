#include "models/application/step_values.hpp"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>

namespace nephoscope {
namespace application {

KeyChoice::KeyChoice(const KeyDistribution& distribution)
    : kind_(Kind::drawn), distribution_(distribution), keys_(distribution.ranks()) {}

std::string KeyChoice::text() const {
  if (kind_ == Kind::same) return "same";
  return kind_ == Kind::fresh ? "new" : KeyDistribution::fields().show(distribution_);
}

}  // namespace application

using application::CallTarget;
using application::KeyChoice;

std::optional<CallTarget> FieldType<CallTarget>::read(const Node& node, Context& context, const FieldRules&) {
  if (!node.is_scalar()) {
    context.wrong_type(node, "RESOURCE.OPERATION", "orders.GetItem");
    return std::nullopt;
  }
  const std::string& text = node.text();
  const auto dot = text.rfind('.');
  if (dot == std::string::npos || dot == 0 || dot + 1 == text.size()) {
    context.report(Code::wrong_type, node, fmt::format("expected RESOURCE.OPERATION, found {}", node.found()),
                   "for example: orders.GetItem");
    return std::nullopt;
  }
  return CallTarget{.resource = {.id = text.substr(0, dot), .place = node.place(), .path = node.path()},
                    .operation = text.substr(dot + 1)};
}

std::string FieldType<CallTarget>::show(const CallTarget& target) {
  return target.resource.id + "." + target.operation;
}

void FieldType<CallTarget>::schema(Json& out, SchemaBook&, const FieldRules&) {
  schema::pattern(out, "^.+\\.[^.]+$", "orders.GetItem");
}

std::optional<KeyChoice> FieldType<KeyChoice>::read(const Node& node, Context& context, const FieldRules&) {
  if (node.is_map()) {
    const auto keys = KeyDistribution::fields().read(node, context);
    return keys ? std::optional<KeyChoice>(std::in_place, *keys) : std::nullopt;
  }
  if (node.is_scalar() && node.text() == "same") return KeyChoice();
  if (node.is_scalar() && node.text() == "new") return KeyChoice(KeyChoice::Kind::fresh);
  context.wrong_type(node, "'same', 'new' or a distribution of keys",
                     "{dist: zipf, exponent: 1.1, count: 100000}");
  return std::nullopt;
}

void FieldType<KeyChoice>::schema(Json& out, SchemaBook& book, const FieldRules&) {
  static constexpr std::array<std::string_view, 2> names = {"same", "new"};
  Json simple;
  schema::one_of_names(simple, names);
  Json drawn;
  KeyDistribution::fields().refer(drawn, book);
  out["oneOf"] = Json::array({std::move(simple), std::move(drawn)});
}

}  // namespace nephoscope
