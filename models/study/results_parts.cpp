#include "models/study/results_parts.hpp"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "engine/config/tree.hpp"
#include "models/study/results.hpp"

namespace nephoscope::results {

Json number(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json interval(const Interval& interval) {
  if (!interval.bounded()) return nullptr;
  return Json::array({interval.low, interval.high});
}

namespace {

Json metric_json(const MetricResult& result) {
  Json out;
  out["mean"] = number(result.metric.value);
  out["ci95"] = interval(result.interval);
  out["unit"] = result.metric.unit;
  if (!result.metric.reason.empty()) out["reason"] = result.metric.reason;
  return out;
}

Json missing_json(std::string_view unit, const std::string& reason) {
  Json out;
  out["mean"] = nullptr;
  out["ci95"] = nullptr;
  out["unit"] = unit;
  out["reason"] = reason;
  return out;
}

Json summary_json(const StudyResult& result) {
  Json out = Json::object();
  for (const MetricResult& metric : result.metrics)
    if (metric.metric.key.scope == Scope::summary) out[metric.metric.key.name] = metric_json(metric);
  if (!result.monthly_reason.empty()) out["cost.monthly"] = missing_json("USD", result.monthly_reason);
  return out;
}

// {ID: {METRIC: ...}} of workloads, resources or windows.
Json scope_json(const StudyResult& result, Scope scope) {
  Json out = Json::object();
  for (const MetricResult& metric : result.metrics)
    if (metric.metric.key.scope == scope)
      out[metric.metric.key.id][metric.metric.key.name] = metric_json(metric);
  return out;
}

Json expectations_json(const StudyResult& result) {
  Json out = Json::array();
  for (const ExpectationResult& each : result.expectations)
    out.push_back({{"text", each.text},
                   {"verdict", to_string(each.verdict)},
                   {"value", number(each.value)},
                   {"ci95", interval(each.interval)},
                   {"unit", unit_of(each.kind)},
                   {"reason", each.reason}});
  return out;
}

Json timeline_json(const Report& report) {
  Json out = Json::array();
  for (const LoggedEvent& event : report.timeline)
    out.push_back({{"t", to_seconds(event.time)},
                   {"resource", event.resource},
                   {"kind", event.kind},
                   {"text", event.text}});
  return out;
}

Json bill_json(const StudyResult& result) {
  Json out = Json::array();
  for (const MeanBillLine& line : result.bill)
    out.push_back({{"resource", line.resource},
                   {"usage_type", line.usage_type},
                   {"quantity", line.quantity},
                   {"unit", line.unit},
                   {"usd", line.usd}});
  return out;
}

Json causes_json(const Report& report) {
  Json out = Json::array();
  for (const auto& [cause, count] : report.causes())
    out.push_back({{"workload", cause.workload},
                   {"resource", cause.resource},
                   {"error", cause.error},
                   {"final", cause.final},
                   {"count", count}});
  return out;
}

// Means of the windows, or events per second for series of events of unit 1/s; `min` and `max` of a window's
// values too where they differ, so that coarsening hides no spike.
Json series_json(const SeriesMeasure& measure) {
  const bool is_rate = measure.unit == unit_of(MetricKind::rate) && !measure.series.levels();
  Json values = Json::array(), low = Json::array(), high = Json::array();
  bool spread = false;
  for (std::size_t i = 0; i < measure.series.windows().size(); ++i) {
    const auto& window = measure.series.windows()[i];
    const bool empty = !(window.weight > 0);
    values.push_back(is_rate ? number(measure.series.rate_per_second(i)) : number(window.mean()));
    low.push_back(empty ? Json(nullptr) : number(window.min));
    high.push_back(empty ? Json(nullptr) : number(window.max));
    spread = spread || (!is_rate && !empty && window.min != window.max);
  }
  Json out = {{"t0", to_seconds(measure.series.origin())},
              {"step", to_seconds(measure.series.width())},
              {"unit", measure.unit},
              {"values", std::move(values)}};
  if (spread) out["min"] = std::move(low), out["max"] = std::move(high);
  return out;
}

Json all_series_json(const Report& report) {
  Json out = Json::object();
  for (const SeriesMeasure& measure : report.all_series()) out[measure.name] = series_json(measure);
  return out;
}

Json findings_json(const Report& report) {
  Json out = Json::array();
  for (const Finding& each : report.findings)
    out.push_back({{"resource", each.resource},
                   {"kind", each.kind},
                   {"text", each.text},
                   {"remedy", each.remedy},
                   {"share", number(each.share)}});
  return out;
}

Json heat_maps_json(const Report& report) {
  Json out = Json::object();
  for (const HeatMap& map : report.heat_maps) {
    Json rows = Json::object();
    for (std::size_t row = 0; row < map.rows.size(); ++row) {
      Json& values = rows[map.rows[row]] = Json::array();
      for (const double value : map.values[row]) values.push_back(number(value));
    }
    out[map.name] = {{"title", map.title},
                     {"t0", 0},
                     {"step", to_seconds(map.step)},
                     {"unit", map.unit},
                     {"rows", std::move(rows)}};
  }
  return out;
}

Json precision_json(const StudyResult& result) {
  Json out = Json::array();
  for (const PrecisionResult& each : result.precision)
    out.push_back({{"metric", each.metric},
                   {"target", each.target},
                   {"relative_half_width", number(each.relative_half_width)},
                   {"reached", each.reached()}});
  return out;
}

Json assumptions_json(const StudyResult& result) {
  Json out = Json::array();
  for (const AssumptionInForce& each : result.assumptions)
    out.push_back({{"path", each.path}, {"value", each.value}, {"source", each.source}});
  return out;
}

Json audits_json(const StudyResult& result) {
  Json out = Json::array();
  for (const StudyAudit& audit : result.audits)
    out.push_back({{"name", audit.line.name},
                   {"ok", audit.line.ok},
                   {"detail", audit.line.detail},
                   {"replication", audit.replication},
                   {"replications", audit.replications}});
  return out;
}

std::string compact(const Json& value) { return value.dump(-1, ' ', false, Json::error_handler_t::replace); }

}  // namespace

Json header(const StudyResult& result, std::string_view version) {
  Json out;
  out["format_version"] = kResultsFormat;
  out["scenario"] = {{"name", result.name}, {"path", result.path}, {"sha256", result.sha256}};
  if (!result.variant.empty()) out["scenario"]["variant"] = result.variant;
  if (result.without) out["scenario"]["without"] = true;
  if (!result.overrides.empty()) out["scenario"]["overrides"] = result.overrides;
  out["version"] = version;
  out["run_id"] = run_id(result);
  out["seed"] = result.seed;
  out["replications"] = result.replications;
  out["partial"] = result.partial();
  out["requests"] = result.pooled.requests;
  out["events"] = result.pooled.events;
  out["fingerprint"] = fmt::format("{:016x}", result.fingerprint);
  out["wall_seconds"] = result.wall_seconds;
  out["price_book"] = result.price_book;
  return out;
}

void add_findings(const StudyResult& result, Json& out) {
  out["summary"] = summary_json(result);
  out["workloads"] = scope_json(result, Scope::workload);
  out["resources"] = scope_json(result, Scope::resource);
  out["windows"] = scope_json(result, Scope::window);
  if (!result.precision.empty()) out["precision"] = precision_json(result);
  out["expectations"] = expectations_json(result);
  out["causes"] = causes_json(result.pooled);
  out["findings"] = findings_json(result.pooled);
  out["timeline"] = timeline_json(result.pooled);
  out["bill"] = bill_json(result);
  out["series"] = all_series_json(result.pooled);
  out["heatmaps"] = heat_maps_json(result.pooled);
  out["assumptions"] = assumptions_json(result);
  out["audits"] = audits_json(result);
}

std::string metric_path(const MetricKey& key) {
  switch (key.scope) {
    case Scope::workload:
      return fmt::format("workloads.{}.{}", path_segment(key.id), key.name);
    case Scope::resource:
      return fmt::format("resources.{}.{}", path_segment(key.id), key.name);
    case Scope::window:
      return fmt::format("windows.{}.{}", path_segment(key.id), key.name);
    case Scope::summary:
      break;
  }
  return key.name;
}

void write(const Json& value, int depth, int indent, std::string& text) {
  const bool is_object = value.is_object();
  if (depth == 0 || value.empty() || !(is_object || value.is_array())) {
    text += compact(value);
    return;
  }
  text += is_object ? "{\n" : "[\n";
  for (auto item = value.begin(); item != value.end(); ++item) {
    text.append(static_cast<std::size_t>(indent) + 1, ' ');
    if (is_object) text += compact(item.key()) + ": ";
    write(*item, depth - 1, indent + 1, text);
    text += std::next(item) == value.end() ? "\n" : ",\n";
  }
  text.append(static_cast<std::size_t>(indent), ' ');
  text += is_object ? "}" : "]";
}

std::string file_text(const Json& value, std::string_view deep) {
  constexpr int depth = 2, deeper = 4;
  std::string text = "{\n";
  for (auto item = value.begin(); item != value.end(); ++item) {
    text += " " + compact(item.key()) + ": ";
    write(*item, (item.key() == deep ? deeper : depth) - 1, 1, text);
    text += std::next(item) == value.end() ? "\n" : ",\n";
  }
  return text + "}\n";
}

}  // namespace nephoscope::results
