// Arrivals as somebody counted them: a CSV file with the header `time_s,requests`.
//
// A row says how many requests came in the interval that begins at `time_s`, in seconds since the workload's
// start. All intervals are of one length, that of the first. Rows may be missing, as they are where a monitor
// was down: no requests come in such an interval.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/time.hpp"
#include "engine/config/field_table.hpp"

namespace nephoscope::client {

struct Trace {
  std::string file;  // as the scenario names it
  Duration first{};  // when the first interval begins
  Duration step{};   // length of each
  std::vector<std::uint64_t> counts;
};

// What is wrong with a trace's text. `line` counts from 1.
struct TraceProblem {
  std::size_t line = 0;
  std::string message;  // "'abc' is no number of seconds"
};

// Fills first, step and counts. Nothing if the text is well-formed.
std::optional<TraceProblem> parse_trace(std::string_view text, Trace& trace);

}  // namespace nephoscope::client

namespace nephoscope {

// The file's name in the scenario; see engine/config/data_file.hpp for where it is looked for.
template <>
struct FieldType<client::Trace> {
  static std::optional<client::Trace> read(const Node& node, Context& context, const FieldRules& rules);
  static std::string show(const client::Trace& trace) { return trace.file; }
  static std::string type_name() { return "file"; }
  static void schema(Json& out, SchemaBook& book, const FieldRules& rules);
};

}  // namespace nephoscope
