// JSON Schema of field tables and of alternatives.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "engine/config/alternatives.hpp"
#include "engine/config/field_table.hpp"

namespace nephoscope {
namespace {

// "parallel servers (default: 1) [a paper, p. 3]"
std::string description(const FieldEntry& entry, const void* defaults) {
  std::string text = entry.rules.doc;
  if (!entry.required) text += fmt::format(" (default: {})", entry.access->show(defaults));
  if (!entry.rules.source.empty()) text += fmt::format(" [{}]", entry.rules.source);
  return text;
}

// What JSON Schema cannot say of quantities, as texts: for editors, and for tests that walk all rules.
void add_rules(Json& field, const FieldRules& rules) {
  if (rules.min) field["x-min"] = rules.min->text;
  if (rules.max) field["x-max"] = rules.max->text;
  if (rules.above) field["x-above"] = rules.above->text;
  if (rules.binary_units) field["x-binary-units"] = true;
  if (!rules.refers_to.empty()) field["x-refers-to"] = rules.refers_to;
}

Json strict_object() {
  return {
      {"type", "object"}, {"additionalProperties", false}, {"patternProperties", {{"^x-", Json::object()}}}};
}

Json required_one(const std::vector<std::string>& keys) {
  Json result = Json::array();
  for (const auto& key : keys) result.push_back({{"required", Json::array({key})}});
  return result;
}

}  // namespace

Json TableCore::properties(SchemaBook& book, const void* defaults, bool assumption) const {
  Json result = Json::object();
  for (const auto& entry : entries_) {
    if (entry.assumption != assumption) continue;
    Json field = Json::object();
    entry.access->schema(field, book, entry.rules);
    if (assumption && entry.access->takes_range()) entry.access->or_range(field, book, entry.rules);
    if (field.contains("$ref"))
      field = {{"allOf", Json::array({field})}};  // draft-07 ignores a $ref's siblings
    add_rules(field, entry.rules);
    field["description"] = description(entry, defaults);
    result[entry.key] = std::move(field);
  }
  return result;
}

Json TableCore::object_schema(SchemaBook& book, const void* defaults) const {
  const auto required = [&](bool assumption) {
    Json keys = Json::array();
    for (const auto& entry : entries_)
      if (entry.required && entry.assumption == assumption) keys.push_back(entry.key);
    return keys;
  };
  Json result = strict_object();
  result["description"] = doc_;
  result["properties"] = properties(book, defaults, false);
  Json needed = required(false);
  if (typed_) result["properties"]["type"] = {{"const", name_}}, needed.push_back("type");
  if (has_assumptions()) {
    Json assume = strict_object();
    assume["properties"] = properties(book, defaults, true);
    if (const Json keys = required(true); !keys.empty())
      assume["required"] = keys, needed.push_back("assume");
    result["properties"]["assume"] = std::move(assume);
  }
  if (!needed.empty()) result["required"] = std::move(needed);
  for (const auto& group : groups_) {
    Json rule = {{"oneOf", required_one(group.keys)}};
    if (!group.one_needed) rule["oneOf"].push_back({{"not", {{"anyOf", required_one(group.keys)}}}});
    result["allOf"].push_back(std::move(rule));
  }
  if (shorthand_.empty()) return result;
  Json scalar = result["properties"][shorthand_];
  return {{"anyOf", Json::array({std::move(scalar), std::move(result)})}};
}

void TableCore::refer(Json& out, SchemaBook& book, const void* defaults) const {
  if (book.reserve(name_)) book.define(name_, object_schema(book, defaults));
  SchemaBook::refer(out, name_);
}

Json TableCore::schema(const void* defaults) const {
  SchemaBook book;
  Json result = {{"$schema", "http://json-schema.org/draft-07/schema#"}, {"title", name_}};
  Json own = object_schema(book, defaults);
  result.update(own);
  if (!book.definitions().empty()) result["definitions"] = book.definitions();
  return result;
}

const AlternativesCore::Option* AlternativesCore::choose(const Node& node, Context& context) const {
  std::vector<std::string_view> tags;
  for (const auto& option : options_) tags.emplace_back(option.tag);
  if (!node.is_map()) {
    context.wrong_type(node, fmt::format("a map ({})", name_),
                       tags.empty() ? "" : fmt::format("{{{}: …}}", tags[0]));
    return nullptr;
  }
  for (const auto& child : node.children())
    for (const auto& option : options_)
      if (option.tag == child->key()) return &option;
  const std::string help = fmt::format("a {} has one of: {}", name_, fmt::join(tags, ", "));
  if (node.size() == 0) {
    context.report(Code::missing_key, node, fmt::format("an empty map is no {}", name_), "", help);
  } else {
    const Node& first = node[0];
    context.report_key(Code::unknown_key, first, fmt::format("unknown {} '{}'", name_, first.key()),
                       did_you_mean(first.key(), tags), help);
  }
  return nullptr;
}

void AlternativesCore::refer(Json& out, SchemaBook& book) const {
  if (book.reserve(name_)) {
    Json any = Json::array();
    for (const auto& option : options_) {
      Json one = Json::object();
      option.refer(one, book);
      any.push_back(std::move(one));
    }
    book.define(name_, {{"description", doc_}, {"anyOf", std::move(any)}});
  }
  SchemaBook::refer(out, name_);
}

}  // namespace nephoscope
