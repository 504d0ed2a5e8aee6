// JSON Schema (draft-07) fragments, written by field types and collected by a field table.
#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <string_view>

namespace nephoscope {

using Json = nlohmann::ordered_json;
struct FieldRules;

// The "definitions" of one schema: each nested table once, so that types may contain themselves.
class SchemaBook final {
 public:
  SchemaBook();
  ~SchemaBook();
  SchemaBook(const SchemaBook&) = delete;
  SchemaBook& operator=(const SchemaBook&) = delete;

  // True the first time that `name` is asked for; the caller then calls define().
  bool reserve(const std::string& name);
  void define(const std::string& name, Json schema);
  // {"$ref": "#/definitions/NAME"}
  static void refer(Json& out, const std::string& name);
  // All definitions, sorted by name.
  const Json& definitions() const;

 private:
  std::unique_ptr<Json> definitions_;
};

using SchemaFunction = void (*)(Json& out, SchemaBook& book, const FieldRules& rules);

// Building blocks for FieldType<T>::schema. `out` starts as null or as an object.
namespace schema {
void boolean(Json& out);
void integer(Json& out, const FieldRules& rules);
void number(Json& out, const FieldRules& rules);
// A text; YAML may also hold it as an unquoted number or boolean.
void text(Json& out);
// A text that matches an ECMA regular expression; `or_number` also admits a plain number.
void pattern(Json& out, std::string_view regex, std::string_view example, bool or_number = false);
void one_of_names(Json& out, std::span<const std::string_view> names);
void list(Json& out, SchemaBook& book, const FieldRules& rules, SchemaFunction item);
void map_by_id(Json& out, SchemaBook& book, const FieldRules& rules, SchemaFunction value);
// What `field` already describes, or {low: end, high: end}.
void or_range(Json& field, SchemaBook& book, const FieldRules& rules, SchemaFunction end);
void or_null(Json& out, SchemaBook& book, const FieldRules& rules, SchemaFunction item);
}  // namespace schema

}  // namespace nephoscope
