#include <fmt/format.h>

#include <cmath>

#include "models/study/results_parts.hpp"

namespace nephoscope::results {

std::string cell(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + '"';
}

std::string cell(double value) { return std::isfinite(value) ? fmt::format("{}", value) : ""; }

std::string cells(const Interval& interval) {
  return interval.bounded() ? cell(interval.low) + "," + cell(interval.high) : ",";
}

namespace {

std::string component_of(const MetricKey& key) {
  if (key.scope == Scope::workload) return "workloads." + key.id;
  if (key.scope == Scope::resource) return "resources." + key.id;
  const auto slash = key.id.find('/');
  return key.scope == Scope::window && slash != std::string::npos ? "workloads." + key.id.substr(slash + 1)
                                                                  : "";
}

std::string window_of(const MetricKey& key) {
  return key.scope == Scope::window ? key.id.substr(0, key.id.find('/')) : "";
}

void add_rows_of(const StudyResult& result, const MetricResult& each, const std::string& run,
                 std::string& text) {
  const std::string metric = metric_cells(each.metric.key);
  const auto row = [&](const std::string& replication, double value, const std::string& interval) {
    text += fmt::format("{},{},{},{},{},{},{},{},{}\n", run, cell(result.name), cell(result.point),
                        replication, result.seed, metric, each.metric.unit, cell(value), interval);
  };
  for (std::size_t i = 0; i < each.metric.values.size(); ++i)
    row(std::to_string(i), each.metric.values[i], ",");
  row("", each.metric.value, cells(each.interval));
}

}  // namespace

std::string csv_header() {
  return "run_id,scenario,point,replication,seed,component,metric,window,unit,value,ci95_low,ci95_high\n";
}

std::string metric_cells(const MetricKey& key) {
  return fmt::format("{},{},{}", cell(component_of(key)), cell(key.name), cell(window_of(key)));
}

void add_rows(const StudyResult& result, const std::string& run, std::string& text) {
  for (const MetricResult& each : result.metrics) add_rows_of(result, each, run, text);
}

}  // namespace nephoscope::results
