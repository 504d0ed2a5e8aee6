#include "models/application/step_values.hpp"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>

namespace nephoscope {
namespace application {

const FieldTable<KeyDistribution>& KeyDistribution::fields() {
  static const auto table =
      FieldTable<KeyDistribution>("distribution of keys", "Which of many items a request is about.")
          .required("dist", &KeyDistribution::dist, {.doc = "all keys alike, or a few hot ones"})
          .required(
              "count", &KeyDistribution::count,
              {.doc = "number of keys", .min = 1, .max = static_cast<std::int64_t>(ZipfKeys::kMaxCount)})
          .field("exponent", &KeyDistribution::exponent,
                 {.doc = "of zipf: key k has a share proportional to 1 / k^exponent",
                  .min = 0,
                  .max = ZipfKeys::kMaxExponent})
          .validate([](const KeyDistribution& keys, const Node& node, Context& context) {
            if (keys.dist == KeyLaw::uniform && node.find("exponent") != nullptr)
              context.report_key(Code::inconsistent, *node.find("exponent"),
                                 "'exponent' has no meaning for uniform keys", "write 'dist: zipf'");
          });
  return table;
}

KeyChoice::KeyChoice(const KeyDistribution& distribution)
    : kind_(Kind::drawn),
      distribution_(distribution),
      keys_(std::in_place, distribution.count,
            distribution.dist == KeyLaw::zipf ? distribution.exponent : 0) {}

std::string KeyChoice::text() const {
  if (kind_ == Kind::same) return "same";
  return kind_ == Kind::fresh ? "new" : KeyDistribution::fields().show(distribution_);
}

}  // namespace application

using application::CallTarget;
using application::KeyChoice;
using application::KeyDistribution;

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
