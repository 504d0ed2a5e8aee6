// What a sweep runs: the `sweep:` section, and the points that it stands for.
//
// The points are every combination of the matrix' values, times the rows of `zip` (whose lists advance
// together); the first path varies slowest. `exclude` takes points away; then `include` adds, as the matrices
// of build servers do (GitHub Actions, "Running variations of jobs in a workflow"): an entry whose values on
// the sweep's paths agree with some points gives these its other values, and is a point of its own where it
// agrees with none. Values are compared as written.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/config/field_table.hpp"

namespace nephoscope {

// One value of any kind, as YAML in one line.
struct YamlValue {
  std::string text;
};

// The values of one path: a list, or a range (value_range.hpp).
struct SweepValues {
  std::vector<std::string> values;  // YAML
};

struct SweepEntry {
  std::vector<Named<YamlValue>> values;  // by path
  Place place = {};
};

// The `sweep:` section.
struct SweepConfig {
  std::vector<Named<SweepValues>> matrix;
  std::vector<Named<SweepValues>> zip;
  std::vector<SweepEntry> include;
  std::vector<SweepEntry> exclude;
  std::vector<std::string> metrics;
  std::int64_t max_points = 1000;
  static const FieldTable<SweepConfig>& fields();
};

struct SweepPoint {
  std::string name;  // "min_size=2, service=5ms"
  std::vector<PathValue> changes;
};

// In order. Nothing after a diagnostic; those without a better place stand at `place`.
std::optional<std::vector<SweepPoint>> sweep_points(const SweepConfig& sweep, Place place,
                                                    Diagnostics& diagnostics);

template <>
struct FieldType<YamlValue> {
  static std::optional<YamlValue> read(const Node& node, Context&, const FieldRules&) {
    return YamlValue{yaml_text(node)};
  }
  static std::string show(const YamlValue& value) { return value.text; }
  static std::string type_name() { return "value"; }
  static void schema(Json& out, SchemaBook&, const FieldRules&);
};

template <>
struct FieldType<SweepValues> {
  static std::optional<SweepValues> read(const Node& node, Context& context, const FieldRules& rules);
  static std::string show(const SweepValues& values) { return field_detail::show_list(values.values); }
  static std::string type_name() { return "list of values or range"; }
  static void schema(Json& out, SchemaBook& book, const FieldRules& rules);
};

template <>
struct FieldType<SweepEntry> {
  using Values = FieldType<std::vector<Named<YamlValue>>>;
  static std::optional<SweepEntry> read(const Node& node, Context& context, const FieldRules& rules) {
    auto values = Values::read(node, context, rules);
    return values ? std::optional(SweepEntry{std::move(*values), node.place()}) : std::nullopt;
  }
  static std::string show(const SweepEntry& entry) { return Values::show(entry.values); }
  static std::string type_name() { return "map of paths to values"; }
  static void schema(Json& out, SchemaBook& book, const FieldRules& rules) {
    Values::schema(out, book, rules);
  }
};

}  // namespace nephoscope
