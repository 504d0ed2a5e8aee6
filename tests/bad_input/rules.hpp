// Every rule that the scenario language has for single fields, walked out of its JSON Schema, which derives
// from the field tables. A rule has an id, "run: duration max", by which a file under rules/ names the rule
// it breaks.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/check.hpp"
#include "models/scenario.hpp"

namespace nephoscope::bad_input {

enum class RuleKind {
  unknown_key,
  unknown_tag,  // of alternatives: a map without any of their keys
  empty,        // of alternatives: an empty map
  type,
  name,
  min,
  max,
  above,
  required,
  min_items,
  max_items,
  none_of,  // of keys of which one is needed
  two_of,   // of keys of which at most one may stand
  reference,
  binary_unit,
};

struct KindInfo {
  RuleKind kind;
  std::string_view name;   // in ids
  std::string_view codes;  // of which a file that breaks the rule must draw one, and nothing else
};

inline constexpr KindInfo kKinds[] = {
    {RuleKind::unknown_key, "unknown_key", "E012"},
    {RuleKind::unknown_tag, "unknown_tag", "E012"},
    {RuleKind::empty, "empty", "E013"},
    {RuleKind::type, "type", "E014 E020 E022 E023 E027"},
    {RuleKind::name, "name", "E030"},
    {RuleKind::min, "min", "E023"},
    {RuleKind::max, "max", "E023 E026"},
    {RuleKind::above, "above", "E023"},
    {RuleKind::required, "required", "E013"},
    {RuleKind::min_items, "min_items", "E040"},
    {RuleKind::max_items, "max_items", "E041"},
    {RuleKind::none_of, "none_of", "E015"},
    {RuleKind::two_of, "two_of", "E015"},
    {RuleKind::reference, "reference", "E031"},
    {RuleKind::binary_unit, "binary_unit", "W002"},
};

inline const KindInfo& info(RuleKind kind) { return kKinds[static_cast<std::size_t>(kind)]; }

struct Rule {
  std::string table;
  std::string key;  // "servers", "assume.error_rate", "rate|gaps|users"; empty for rules of the whole table
  RuleKind kind = RuleKind::type;
  std::vector<std::string> group;  // of none_of and two_of

  std::string id() const {
    return table + ": " + key + (key.empty() ? "" : " ") + std::string(info(kind).name);
  }
};

inline constexpr std::string_view kRoot = "scenario";
inline constexpr std::size_t kUsualMaxItems = 100'000;  // the default of FieldRules::max_items

// The tables of a schema document by name.
class Tables {
 public:
  explicit Tables(Json schema) : schema_(std::move(schema)) {
    names_.emplace_back(kRoot);
    for (const auto& [name, definition] : schema_["definitions"].items()) names_.push_back(name);
  }
  const std::vector<std::string>& names() const { return names_; }

  // The table's map form; null for alternatives, which have no keys of their own.
  const Json* object(const std::string& name) const {
    const Json& own = definition(name);
    if (own.contains("properties")) return &own;
    for (const Json& option : own["anyOf"])
      if (option.contains("properties")) return &option;
    return nullptr;
  }
  // What may stand instead of the map; null if nothing may.
  const Json* shorthand(const std::string& name) const {
    const Json& own = definition(name);
    return object(name) == nullptr || own.contains("properties") ? nullptr : &own["anyOf"][0];
  }
  const Json& definition(const std::string& name) const {
    return name == kRoot ? schema_ : schema_["definitions"].at(name);
  }

 private:
  Json schema_;
  std::vector<std::string> names_;
};

// The table that a schema refers to, "" for none.
inline std::string referred(const Json& schema) {
  constexpr std::size_t prefix = std::string_view("#/definitions/").size();
  return schema.contains("$ref") ? schema["$ref"].get<std::string>().substr(prefix) : "";
}

// A field without what makes it optional: null, a range of assumptions, a reference's wrapping.
inline const Json& core(const Json& field) {
  if (field.contains("allOf") && field["allOf"].size() == 1) return core(field["allOf"][0]);
  if (!field.contains("anyOf") || field["anyOf"].size() != 2) return field;
  const Json& second = field["anyOf"][1];
  const bool is_null = second.contains("type") && second["type"] == "null";
  const bool is_range = second.contains("required") && second["required"] == Json::array({"low", "high"});
  return is_null || is_range ? core(field["anyOf"][0]) : field;
}

struct Group {
  std::vector<std::string> keys;
  bool needed = true;
};

// The groups of keys that exclude each other.
inline std::vector<Group> groups_of(const Json& object) {
  std::vector<Group> groups;
  if (!object.contains("allOf")) return groups;
  for (const Json& rule : object["allOf"]) {
    Group group;
    for (const Json& option : rule["oneOf"]) {
      if (option.contains("required")) group.keys.push_back(option["required"][0]);
      if (option.contains("not")) group.needed = false;
    }
    groups.push_back(std::move(group));
  }
  return groups;
}

class RuleWalk {
 public:
  explicit RuleWalk(const Tables& tables) {
    for (const std::string& name : tables.names()) {
      table_ = name;
      if (const Json* object = tables.object(name))
        add_table(*object);
      else
        add("", RuleKind::unknown_tag), add("", RuleKind::empty);
    }
  }
  std::vector<Rule> take() { return std::move(rules_); }

 private:
  void add(const std::string& key, RuleKind kind, std::vector<std::string> group = {}) {
    rules_.push_back({table_, key, kind, std::move(group)});
  }

  void add_table(const Json& object) {
    add("", RuleKind::unknown_key);
    add_fields(object, "");
    if (object["properties"].contains("assume")) add_fields(object["properties"]["assume"], "assume.");
    for (const Group& group : groups_of(object)) {
      std::string keys;
      for (const std::string& key : group.keys) keys += (keys.empty() ? "" : "|") + key;
      if (group.needed) add(keys, RuleKind::none_of, group.keys);
      add(keys, RuleKind::two_of, group.keys);
    }
  }

  void add_fields(const Json& object, const std::string& prefix) {
    for (const auto& [key, field] : object["properties"].items())
      if (!field.contains("const") && !(key == "assume" && prefix.empty())) add_field(prefix + key, field);
    if (!object.contains("required")) return;
    for (const Json& key : object["required"])
      if (key != "type" && key != "assume") add(prefix + key.get<std::string>(), RuleKind::required);
  }

  void add_field(const std::string& key, const Json& field) {
    const Json& value = core(field);
    const bool anything = value.empty() || (value.size() == 1 && value.contains("description"));
    if (!anything) add(key, RuleKind::type);
    if (value.contains("enum")) add(key, RuleKind::name);
    if (field.contains("x-min")) add(key, RuleKind::min);
    if (field.contains("x-max")) add(key, RuleKind::max);
    if (field.contains("x-above")) add(key, RuleKind::above);
    if (field.contains("x-binary-units")) add(key, RuleKind::binary_unit);
    if (field.contains("x-refers-to")) add(key, RuleKind::reference);
    if (value.contains("minItems") || value.contains("minProperties")) add(key, RuleKind::min_items);
    if (value.contains("maxItems") && value["maxItems"] != kUsualMaxItems) add(key, RuleKind::max_items);
  }

  std::string table_;
  std::vector<Rule> rules_;
};

inline std::vector<Rule> rules_of(const Tables& tables) { return RuleWalk(tables).take(); }

}  // namespace nephoscope::bad_input
