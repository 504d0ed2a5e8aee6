#include "models/client/trace.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/config/data_file.hpp"

namespace nephoscope::client {

namespace {

constexpr std::string_view kHeader = "time_s,requests";
constexpr std::int64_t kMaxRequests = 1'000'000'000'000;  // in one interval
constexpr Duration kMaxLength = kMaxDuration / 2;         // so that sums of a few times cannot overflow

struct Row {
  Duration time{};
  std::uint64_t requests = 0;
};

// Cuts the first line off `rest`, without its line end.
std::string_view next_line(std::string_view& rest) {
  const std::size_t end = std::min(rest.find('\n'), rest.size());
  std::string_view line = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

// Fills `row`; what is wrong, or an empty text.
std::string parse_row(std::string_view line, Row& row) {
  const std::size_t comma = line.find(',');
  if (comma == std::string_view::npos || line.find(',', comma + 1) != std::string_view::npos)
    return fmt::format("expected two columns, found '{}'", line.substr(0, 60));
  const auto time = parse_number(line.substr(0, comma));
  if (!time || *time.value < 0 || *time.value > to_seconds(kMaxLength))
    return fmt::format("'{}' is no number of seconds", line.substr(0, comma));
  const auto requests = parse_integer(line.substr(comma + 1));
  if (!requests || *requests.value < 0 || *requests.value > kMaxRequests)
    return fmt::format("'{}' is no number of requests", line.substr(comma + 1));
  row = {from_seconds(*time.value), static_cast<std::uint64_t>(*requests.value)};
  return "";
}

// Appends a row; what is wrong, or an empty text.
std::string append(const Row& row, Trace& trace) {
  const auto rows = static_cast<std::int64_t>(trace.counts.size());
  if (rows == 0) trace.first = row.time;
  if (rows == 1) trace.step = row.time - trace.first;
  const Duration expected = trace.first + rows * trace.step;
  if (rows == 1 && trace.step <= Duration{}) return "the time does not increase";
  const Duration gap = row.time - expected;
  constexpr std::int64_t most_missing = 1'000'000;
  if (gap > Duration{} && gap % trace.step == Duration{} && gap / trace.step <= most_missing)
    trace.counts.resize(trace.counts.size() + static_cast<std::size_t>(gap / trace.step), 0);
  else if (gap != Duration{})
    return fmt::format("the interval changes: expected {} after steps of {}, found {}", show(expected),
                       show(trace.step), show(row.time));
  trace.counts.push_back(row.requests);
  return "";
}

}  // namespace

std::optional<TraceProblem> parse_trace(std::string_view text, Trace& trace) {
  if (next_line(text) != kHeader) return TraceProblem{1, fmt::format("expected the header '{}'", kHeader)};
  std::size_t line_number = 1;
  while (!text.empty()) {
    ++line_number;
    const std::string_view line = next_line(text);
    if (line.empty()) continue;
    Row row;
    std::string problem = parse_row(line, row);
    if (problem.empty()) problem = append(row, trace);
    if (!problem.empty()) return TraceProblem{line_number, std::move(problem)};
  }
  if (trace.counts.size() < 2) return TraceProblem{line_number, "a trace needs at least two rows"};
  if (trace.first + static_cast<std::int64_t>(trace.counts.size()) * trace.step > kMaxLength)
    return TraceProblem{line_number, "the trace is longer than 50 years"};
  return std::nullopt;
}

}  // namespace nephoscope::client

namespace nephoscope {

std::optional<client::Trace> FieldType<client::Trace>::read(const Node& node, Context& context,
                                                            const FieldRules&) {
  const auto text = read_data_file(node, context);
  if (!text) return std::nullopt;
  client::Trace trace;
  trace.file = node.text();
  const auto problem = client::parse_trace(*text, trace);
  if (!problem) return trace;
  context.report(Code::bad_file_content, node,
                 fmt::format("{}:{}: {}", trace.file, problem->line, problem->message));
  return std::nullopt;
}

void FieldType<client::Trace>::schema(Json& out, SchemaBook&, const FieldRules&) { schema::text(out); }

}  // namespace nephoscope
