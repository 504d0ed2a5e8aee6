#include "engine/config/schema.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <utility>

#include "engine/config/context.hpp"

namespace nephoscope {

SchemaBook::SchemaBook() : definitions_(std::make_unique<Json>(Json::object())) {}
SchemaBook::~SchemaBook() = default;

bool SchemaBook::reserve(const std::string& name) {
  if (definitions_->contains(name)) return false;
  (*definitions_)[name] = Json::object();
  return true;
}

void SchemaBook::define(const std::string& name, Json schema) { (*definitions_)[name] = std::move(schema); }

void SchemaBook::refer(Json& out, const std::string& name) { out["$ref"] = "#/definitions/" + name; }

const Json& SchemaBook::definitions() const { return *definitions_; }

namespace schema {
namespace {

// Whole numbers without ".0".
Json plain(double value) {
  constexpr double exact = 1e15;
  if (value >= -exact && value <= exact && value == static_cast<double>(static_cast<std::int64_t>(value)))
    return static_cast<std::int64_t>(value);
  return value;
}

void add_range(Json& out, const FieldRules& rules) {
  if (rules.min) out["minimum"] = plain(rules.min->value);
  if (rules.max) out["maximum"] = plain(rules.max->value);
  if (rules.above) out["exclusiveMinimum"] = plain(rules.above->value);
}

Json item_schema(SchemaBook& book, const FieldRules& rules, SchemaFunction item) {
  Json out = Json::object();
  item(out, book, rules);
  return out;
}

}  // namespace

void boolean(Json& out) { out["type"] = "boolean"; }

void integer(Json& out, const FieldRules& rules) {
  out["type"] = "integer";
  add_range(out, rules);
}

void number(Json& out, const FieldRules& rules) {
  out["type"] = "number";
  add_range(out, rules);
}

void text(Json& out) { out["type"] = {"string", "number", "boolean"}; }

void pattern(Json& out, std::string_view regex, std::string_view example, bool or_number) {
  if (or_number)
    out["type"] = {"string", "number"};
  else
    out["type"] = "string";
  out["pattern"] = regex;
  out["examples"] = {example};
}

void one_of_names(Json& out, std::span<const std::string_view> names) { out["enum"] = names; }

void list(Json& out, SchemaBook& book, const FieldRules& rules, SchemaFunction item) {
  out["type"] = "array";
  out["items"] = item_schema(book, rules, item);
  if (rules.min_items > 0) out["minItems"] = rules.min_items;
  out["maxItems"] = rules.max_items;
}

void map_by_id(Json& out, SchemaBook& book, const FieldRules& rules, SchemaFunction value) {
  out["type"] = "object";
  out["patternProperties"] = {{"^x-", Json::object()}};
  out["additionalProperties"] = item_schema(book, rules, value);
  if (rules.min_items > 0) out["minProperties"] = rules.min_items;
}

void or_range(Json& field, SchemaBook& book, const FieldRules& rules, SchemaFunction end) {
  const Json one = item_schema(book, rules, end);
  const Json range = {{"type", "object"},
                      {"properties", {{"low", one}, {"high", one}}},
                      {"required", {"low", "high"}},
                      {"additionalProperties", false}};
  field = {{"anyOf", Json::array({std::move(field), range})}};
}

void or_null(Json& out, SchemaBook& book, const FieldRules& rules, SchemaFunction item) {
  out["anyOf"] = Json::array({item_schema(book, rules, item), {{"type", "null"}}});
}

}  // namespace schema
}  // namespace nephoscope
