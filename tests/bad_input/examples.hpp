// Scenarios that break one rule, made from the JSON Schema: a smallest map of the rule's table with one
// mistake in it, inside smallest maps of the tables that lead there.
#pragma once

#include <cctype>
#include <cmath>
#include <deque>
#include <set>

#include "engine/config/units.hpp"
#include "tests/bad_input/rules.hpp"

namespace nephoscope::bad_input {

// Values that read better than a type's example, by key or by "TABLE.KEY".
inline const std::map<std::string, Json>& good_values() {
  static const std::map<std::string, Json> values = {
      {"name", "One mistake"},
      {"duration", "10m"},
      {"warmup", "1m"},
      {"target", "web"},
      {"arrival stage.target", "300/s"},
      {"arrivals", "100/s"},
      {"service", "20ms"},
      {"compute", "18ms"},
      {"wait", "5ms"},
      {"call", "web.get"},
      {"send", "web.get"},
      {"repeat.repeat", {{"times", 3}, {"steps", Json::array({{{"compute", "18ms"}}})}}},
      {"metric", "latency.p99"},
      {"below", "400ms"},
      {"at_most", "400ms"},
      {"above", "1ms"},
      {"at_least", "1ms"},
      {"application", "shop"},
      {"version", "v1"},
      {"error", "Oops"},
      {"step", "15m"},
      {"price.unit", "Hrs"},
      {"price.usd", "0.0605"},
      {"represents", "1d"},
      {"stay", "2m"},
      {"max_size", 4},
      {"step scaling.step_adjustments",
       Json::array({{{"metric_interval_lower_bound", 0}, {"scaling_adjustment", 1}}})},
      {"for", "5m"},
      {"after", "100ms"},
      {"alarm_rule", "ALARM(web)"},
      {"scaling policy.target_tracking",
       {{"predefined_metric", "ASGAverageCPUUtilization"}, {"target_value", 60}}},
      {"target tracking.predefined_metric", "ALBRequestCountPerTarget"},
      {"target_value", 60},
      {"find.path", "resources.web.servers"},
      {"find.from", "2"},
      {"find.to", "40"},
      {"predictive scaling.predefined_metric_pair", "ALBRequestCount"},
      {"customized_metric", {{"metric_name", "CPUUtilization"}}},
      {"scaling_adjustment", 1},
      {"Nephoscope::Quorum.at_least", 2},
      {"stages", {{"map", {{"handler", "map"}}}}},
      {"initial_nodes", 12},
      {"data", "1TiB"},
      {"chunks", 1000},
      {"alarm metric.id", "m1"},
      {"AWS::DynamoDB::GlobalTable.replicas", {{"us-east-1", Json::object()}, {"eu-west-1", Json::object()}}},
      {"AWS::DAX::Cluster.table", "orders"},
      {"partition_key", "id"},
      {"tags", {{"tier", "web"}}},
      {"resource_tags", {{"tier", "web"}}},
      {"AWS::CloudWatch::Alarm.metrics",
       Json::array({{{"id", "m1"}, {"namespace", "Shop"}, {"metric_name", "Orders"}}})},
  };
  return values;
}

// What a smallest map of a table has beside the keys that the schema demands, because its keys must agree.
inline Json agreeing_values(const std::string& table) {
  if (table == "AWS::DynamoDB::Table" || table == "AWS::DynamoDB::GlobalTable")
    return {{"billing_mode", "PAY_PER_REQUEST"}};
  return Json::object();
}

// The id under which a map's entry stands.
inline std::string entry_id(const std::string& key) {
  static const std::map<std::string, std::string> ids = {{"workloads", "users"},
                                                         {"applications", "shop"},
                                                         {"resources", "web"},
                                                         {"handlers", "browse"},
                                                         {"scaling_policies", "cpu"},
                                                         {"scheduled_actions", "morning"},
                                                         {"versions", "v1"},
                                                         {"mix", "browse"},
                                                         {"replicas", "us-east-1"},
                                                         {"tags", "tier"},
                                                         {"resource_tags", "tier"},
                                                         {"thresholds", "0"},
                                                         {"overrides", "BoxUsage:m6i.large"}};
  const auto found = ids.find(key);
  return found == ids.end() ? "a" : found->second;
}

class Examples {
 public:
  explicit Examples(const Tables& tables) : tables_(tables) { find_parents(); }

  // A document that breaks `rule` and no other; nothing when the schema does not say how.
  std::optional<Json> breaking(const Rule& rule) const {
    auto table = broken_table(rule);
    if (!table) return std::nullopt;
    Json document = embedded(rule.table, std::move(*table));
    if (document.contains("run") && document["run"].is_object()) document["run"].emplace("warmup", "1m");
    const bool loads = rule.kind == RuleKind::reference || rule.kind == RuleKind::binary_unit;
    if (loads && !document.contains("applications"))
      document["applications"] = {{"shop", smallest("application")}};
    if (loads) make_consistent(rule.table, document);
    return document;
  }

  // A smallest valid document in which the value of `table`.`key` is `value`.
  Json with_value(const std::string& table, const std::string& key, Json value) const {
    Json object = smallest(table);
    place(object, table, key, std::move(value));
    return embedded(table, std::move(object));
  }

 private:
  // What a scenario needs around a resource so that its other parts raise no errors of their own.
  void make_consistent(const std::string& table, Json& document) const {
    Json& users = document["workloads"]["users"];
    if (table == "Nephoscope::ReplicatedStore") users["operation"] = "read";
    if (table.starts_with("AWS::DynamoDB::") || table == "AWS::DAX::Cluster") users["operation"] = "GetItem";
    if (table == "AWS::DAX::Cluster") document["resources"]["orders"] = smallest("AWS::DynamoDB::Table");
    if (table != "AWS::ApplicationAutoScaling::ScalableTarget") return;
    document["resources"]["line"] = smallest("Nephoscope::Station");
    users["target"] = "line";
  }

  struct Parent {
    std::string table;
    std::string key;  // "" for alternatives
  };

  const Json& field_of(const std::string& table, const std::string& key) const {
    const Json& properties = (*tables_.object(table))["properties"];
    if (key.starts_with("assume.")) return properties["assume"]["properties"].at(key.substr(7));
    return properties.at(key);
  }

  // --- the way to each table -----------------------------------------------------------------------------

  void note_parent(const Json& schema, const Parent& parent, std::deque<std::string>& next) {
    if (const std::string name = referred(schema); !name.empty()) {
      if (name != kRoot && parents_.emplace(name, parent).second) next.push_back(name);
      return;
    }
    for (const char* key : {"allOf", "anyOf", "oneOf"})
      if (schema.contains(key))
        for (const Json& option : schema[key]) note_parent(option, parent, next);
    for (const char* key : {"items", "additionalProperties"})
      if (schema.contains(key) && schema[key].is_object()) note_parent(schema[key], parent, next);
  }

  void find_parents() {
    std::deque<std::string> next = {std::string(kRoot)};
    for (; !next.empty(); next.pop_front()) {
      const std::string name = next.front();
      const Json* object = tables_.object(name);
      if (object == nullptr) {
        note_parent(tables_.definition(name), {name, ""}, next);
        continue;
      }
      for (const auto& [key, field] : (*object)["properties"].items()) {
        note_parent(field, {name, key}, next);
        if (key == "assume" && field.contains("properties"))
          for (const auto& [own, each] : field["properties"].items())
            note_parent(each, {name, "assume." + own}, next);
      }
    }
  }

  // --- smallest values -----------------------------------------------------------------------------------

  Json value_of(const Json& schema, const std::string& key) const {
    if (schema.contains("const")) return schema["const"];
    if (schema.contains("enum")) return schema["enum"][0];
    if (schema.contains("examples")) return schema["examples"][0];
    for (const char* word : {"allOf", "anyOf", "oneOf"})
      if (schema.contains(word)) return value_of(simplest(schema[word]), key);
    if (const std::string name = referred(schema); !name.empty()) return table_value(name, key);
    if (!schema.contains("type")) return "1";
    return typed_value(schema, key);
  }

  // The value of a table's key.
  Json field_value(const Json& schema, const std::string& table, const std::string& key) const {
    for (const std::string& name : {table + "." + key, key})
      if (const auto known = good_values().find(name); known != good_values().end()) return known->second;
    return value_of(schema, key);
  }

  static const Json& simplest(const Json& options) {
    for (const Json& option : options)
      if (referred(option) == "Nephoscope::Station") return option;
    return options.front();
  }

  Json typed_value(const Json& schema, const std::string& key) const {
    const Json& type = schema["type"];
    if (type == "integer" || type == "number")
      return schema.contains("minimum") ? schema["minimum"] : Json(1);
    if (type == "boolean") return true;
    if (type == "array") return list_of(value_of(schema["items"], ""), schema);
    if (type == "object") return {{entry_id(key), value_of(schema["additionalProperties"], "")}};
    return "text";
  }

  static Json list_of(const Json& item, const Json& schema) {
    const auto least = schema.contains("minItems") ? schema["minItems"].get<std::size_t>() : 0;
    Json list = Json::array({item});
    while (list.size() < least) list.push_back(item);
    return list;
  }

  Json table_value(const std::string& name, const std::string& key) const {
    if (const Json* scalar = tables_.shorthand(name)) return value_of(*scalar, key);
    if (tables_.object(name) != nullptr) return smallest(name);
    return value_of(tables_.definition(name)["anyOf"][0], key);
  }

  // A table that needs itself could not be written: its name is another table's too, and the schema mixes
  // them up.
  static void check_no_namesake(const Json& object, const std::string& name) {
    if (!object.contains("required")) return;
    for (const Json& key : object["required"])
      check(referred(core(object["properties"][key.get<std::string>()])) != name, "bad_input",
            "two tables are named '{}'", name);
  }

  // The table's map with nothing but what it needs.
  Json smallest(const std::string& name) const {
    const Json& object = *tables_.object(name);
    check_no_namesake(object, name);
    Json result = Json::object();
    const auto add_required = [&](const Json& from, Json& to) {
      if (!from.contains("required")) return;
      for (const Json& key : from["required"])
        if (key != "assume")
          to[key.get<std::string>()] = field_value(from["properties"][key.get<std::string>()], name, key);
    };
    if (object["properties"].contains("type") && object["properties"]["type"].contains("const"))
      result["type"] = object["properties"]["type"]["const"];
    add_required(object, result);
    if (object["properties"].contains("assume") && object["properties"]["assume"].contains("required"))
      add_required(object["properties"]["assume"], result["assume"]);
    const Json agreeing = agreeing_values(name);
    for (const auto& [key, value] : agreeing.items())
      if (!result.contains(key)) result[key] = value;
    for (const Group& group : groups_of(object))
      if (group.needed && !has_any(result, group.keys))
        result[group.keys[0]] = field_value(object["properties"][group.keys[0]], name, group.keys[0]);
    return result;
  }

  static bool has_any(const Json& object, const std::vector<std::string>& keys) {
    for (const std::string& key : keys)
      if (object.contains(key)) return true;
    return false;
  }

  // --- around a table ------------------------------------------------------------------------------------

  // `value`, a map of table `name`, as `schema` wants it; nothing if it leads elsewhere.
  std::optional<Json> wrapped(const Json& schema, const std::string& name, const std::string& key,
                              const Json& value) const {
    if (schema.contains("$ref")) return referred(schema) == name ? std::optional(value) : std::nullopt;
    for (const char* word : {"allOf", "anyOf", "oneOf"}) {
      if (!schema.contains(word)) continue;
      for (const Json& option : schema[word])
        if (auto found = wrapped(option, name, key, value)) return found;
    }
    if (schema.contains("items"))
      if (auto item = wrapped(schema["items"], name, "", value)) {
        const bool good_ones = referred(schema["items"]) == name && tables_.object(name) != nullptr;
        Json list = list_of(good_ones ? smallest(name) : *item, schema);
        list[0] = std::move(*item);
        return list;
      }
    if (schema.contains("additionalProperties") && schema["additionalProperties"].is_object())
      if (auto entry = wrapped(schema["additionalProperties"], name, "", value)) {
        Json map = {{entry_id(key), std::move(*entry)}};
        if (key == "replicas") map["eu-west-1"] = Json::object();  // there are two at least
        return map;
      }
    return std::nullopt;
  }

  // Puts a value at a key; keys that exclude it leave.
  void place(Json& object, const std::string& table, const std::string& key, Json value) const {
    for (const Group& group : groups_of(*tables_.object(table)))
      if (std::find(group.keys.begin(), group.keys.end(), key) != group.keys.end())
        for (const std::string& other : group.keys) object.erase(other);
    if (key.starts_with("assume."))
      object["assume"][key.substr(7)] = std::move(value);
    else
      object[key] = std::move(value);
  }

  Json embedded(const std::string& table, Json value) const {
    if (table == kRoot) return value;
    const Parent& parent = parents_.at(table);
    if (parent.key.empty()) return embedded(parent.table, std::move(value));
    Json object = smallest(parent.table);
    auto inside = wrapped(field_of(parent.table, parent.key), table, parent.key, value);
    check(inside.has_value(), "bad_input", "no way from '{}' to '{}'", parent.table, table);
    place(object, parent.table, parent.key, std::move(*inside));
    return embedded(parent.table, std::move(object));
  }

  // --- mistakes ------------------------------------------------------------------------------------------

  static std::string misspelt(std::string name) {
    if (name.size() < 3) return name + "x";
    std::swap(name[name.size() - 1], name[name.size() - 2]);
    return name[name.size() - 1] == name[name.size() - 2] ? name + "x" : name;
  }

  // The example without its unit: "1h30m" -> "1".
  static std::string without_unit(const std::string& example) {
    const auto first = example.find_first_of("0123456789");
    if (first == std::string::npos) return example.substr(0, example.find('.'));
    return example.substr(first, example.find_first_not_of("0123456789.", first) - first);
  }

  std::optional<Json> wrong_type(const Json& value) const {
    const Json list = Json::array({"wrong"});
    if (const std::string table = referred(value); !table.empty()) {
      const Json* scalar = tables_.shorthand(table);
      return scalar == nullptr || core(*scalar).contains("items") ? Json("wrong") : list;
    }
    if (value.contains("enum")) return Json::array({value["enum"][0]});
    if (value.contains("examples")) return without_unit(value["examples"][0]);
    if (!value.contains("type")) return "wrong";
    const Json& type = value["type"];
    if (type == "integer") return "2.5";
    if (type == "number") return "many";
    if (type == "boolean") return "perhaps";
    if (type == "array" || type == "object") return "wrong";
    return list;
  }

  // A bound moved by one, or by much where it has a unit.
  static std::string beyond(const std::string& bound, bool upwards) {
    if (const auto number = parse_integer(bound)) return std::to_string(*number.value + (upwards ? 1 : -1));
    return upwards ? "9" + bound : "0" + bound.substr(bound.find_first_not_of("0123456789."));
  }

  Json outside(const Rule& rule, const Json& field) const {
    Json value = rule.kind == RuleKind::above ? Json(field["x-above"])
                 : rule.kind == RuleKind::min ? Json(beyond(field["x-min"], false))
                                              : Json(beyond(field["x-max"], true));
    if (!core(field).contains("items")) return value;
    Json list = list_of(value_of(core(field)["items"], ""), core(field));
    list.back() = std::move(value);
    return list;
  }

  Json with_item_count(const Json& schema, const std::string& key, std::size_t count) const {
    if (!schema.contains("items")) return Json::object();  // maps only have a least number, which is 1
    Json list = Json::array();
    while (list.size() < count) list.push_back(value_of(schema["items"], key));
    return list;
  }

  std::optional<Json> broken_table(const Rule& rule) const {
    if (rule.kind == RuleKind::empty) return Json::object();
    if (rule.kind == RuleKind::unknown_tag) return unknown_tag(rule.table);
    Json object = smallest(rule.table);
    if (rule.kind == RuleKind::unknown_key) {
      object[misspelt((*tables_.object(rule.table))["properties"].begin().key())] = "1";
      return object;
    }
    if (rule.kind == RuleKind::none_of || rule.kind == RuleKind::two_of)
      return with_group(rule, std::move(object));
    if (rule.kind == RuleKind::required) {
      const bool inside = rule.key.starts_with("assume.");
      (inside ? object["assume"] : object).erase(inside ? rule.key.substr(7) : rule.key);
      return object;
    }
    auto value = broken_value(rule);
    if (value) place(object, rule.table, rule.key, std::move(*value));
    return value ? std::optional(std::move(object)) : std::nullopt;
  }

  Json unknown_tag(const std::string& table) const {
    const std::string first = referred(tables_.definition(table)["anyOf"][0]);
    return {{misspelt(smallest(first).begin().key()), "1"}};
  }

  std::optional<Json> broken_value(const Rule& rule) const {
    const Json& field = field_of(rule.table, rule.key);
    const Json& value = core(field);
    switch (rule.kind) {
      case RuleKind::type:
        return wrong_type(value);
      case RuleKind::name:
        return misspelt(value["enum"][0]);
      case RuleKind::min_items:
        return with_item_count(value, "",
                               value.contains("minItems") ? value["minItems"].get<std::size_t>() - 1 : 0);
      case RuleKind::max_items:
        return with_item_count(value, "", value["maxItems"].get<std::size_t>() + 1);
      case RuleKind::reference:
        return value.contains("items") ? Json::array({"nobody"}) : Json("nobody");
      case RuleKind::binary_unit:
        return "64KB";
      default:
        return outside(rule, field);
    }
  }

  Json with_group(const Rule& rule, Json object) const {
    for (const std::string& key : rule.group) object.erase(key);
    if (rule.kind == RuleKind::two_of)
      for (const std::string& key : {rule.group[0], rule.group[1]})
        object[key] = field_value(field_of(rule.table, key), rule.table, key);
    return object;
  }

  const Tables& tables_;
  std::map<std::string, Parent> parents_;
};

// --- as YAML
// -------------------------------------------------------------------------------------------------

inline std::string scalar_yaml(const Json& value) {
  if (!value.is_string()) return value.dump();
  const std::string text = value;
  const bool plain = !text.empty() &&
                     text.find_first_not_of(
                         "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                         "0123456789_$./%+-: ") == std::string::npos &&
                     text.find(": ") == std::string::npos && text.front() != ' ' && text.back() != ' ';
  return plain ? text : Json(text).dump();
}

inline std::string flow_yaml(const Json& value) {
  if (!value.is_structured()) return scalar_yaml(value);
  std::string text;
  for (const auto& [key, child] : value.items())
    text +=
        (text.empty() ? "" : ", ") + (value.is_object() ? scalar_yaml(key) + ": " : "") + flow_yaml(child);
  return value.is_object() ? "{" + text + "}" : "[" + text + "]";
}

// Block style on the outside, flow style where it fits into a line.
inline std::string block_yaml(const Json& map, std::size_t indent = 0) {
  constexpr std::size_t most = 90;
  std::string text;
  for (const auto& [key, child] : map.items()) {
    const std::string flow = flow_yaml(child);
    const bool in_line =
        !child.is_object() || child.empty() || (flow.size() + indent < most && indent > 0) || key == "run";
    text += std::string(indent, ' ') + scalar_yaml(key) + ":" +
            (in_line ? " " + flow + "\n" : "\n" + block_yaml(child, indent + 2));
  }
  return text;
}

}  // namespace nephoscope::bad_input
