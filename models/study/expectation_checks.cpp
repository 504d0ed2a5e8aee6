#include <fmt/format.h>

#include <algorithm>

#include "models/study/expectation.hpp"

namespace nephoscope {
namespace {

// The part of a measured key that an expectation's metric comes from.
MetricKey source_of(const MetricKey& metric) {
  const auto quantile = parse_quantile(metric.name);
  return {metric.scope, metric.id, quantile ? quantile->sketch : metric.name};
}

bool contains(std::span<const MetricKey> measured, const MetricKey& key) {
  return std::find(measured.begin(), measured.end(), key) != measured.end();
}

// Bills are made for every run, and nobody measures them.
bool is_billed(const MetricKey& metric) {
  const MetricInfo* info = find_metric(metric.name);
  return info != nullptr && info->kind == MetricKind::money && info->scopes.has(metric.scope);
}

// Workload or resource of the metric; empty if it speaks of all workloads.
std::string subject_of(const MetricKey& metric) {
  if (metric.scope != Scope::window) return metric.id;
  const auto slash = metric.id.find('/');
  return slash == std::string::npos ? "" : metric.id.substr(slash + 1);
}

// What can be asked of (scope, id), quantiles written out.
std::vector<std::string> names_at(std::span<const MetricKey> measured, Scope scope, const std::string& id) {
  std::vector<std::string> names;
  for (const MetricKey& key : measured) {
    if (key.scope != scope || key.id != id) continue;
    if (!is_sketch(key.name)) names.push_back(key.name);
    for (const auto& quantile : kShownQuantiles)
      if (is_sketch(key.name)) names.push_back(fmt::format("{}.{}", key.name, quantile.suffix));
  }
  return names;
}

void report_unmeasured(const ScenarioExpectation& expectation, std::span<const MetricKey> measured,
                       Diagnostics& diagnostics) {
  const MetricKey& metric = expectation.metric;
  const bool resource = metric.scope == Scope::resource;
  const std::string subject = subject_of(metric);
  std::vector<std::string_view> ids;
  for (const MetricKey& key : measured)
    if (key.scope == (resource ? Scope::resource : Scope::workload)) ids.push_back(key.id);
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  if (!subject.empty() && std::find(ids.begin(), ids.end(), subject) == ids.end())
    return report_unknown_reference({subject, expectation.metric_place, expectation.path},
                                    resource ? "resource" : "workload", ids, diagnostics);
  const auto names = names_at(measured, metric.scope, metric.id);
  const std::vector<std::string_view> candidates(names.begin(), names.end());
  diagnostics.add({Code::unknown_name, expectation.metric_place, expectation.path,
                   fmt::format("{} has no metric '{}'",
                               subject.empty() ? "this scenario" : "'" + subject + "'", metric.name),
                   did_you_mean(metric.name, candidates),
                   fmt::format("its metrics: {}", fmt::join(names, ", "))});
}

void check_window(const ScenarioExpectation& expectation, Duration warmup, Duration duration,
                  Diagnostics& diagnostics) {
  const auto report = [&](const char* message, std::string hint) {
    diagnostics.add(
        {Code::inconsistent, expectation.window_place, expectation.path, message, std::move(hint), ""});
  };
  if (expectation.window->from < warmup)
    report("the window begins within the warm-up",
           fmt::format("measured calls arrive from {} on", show(warmup)));
  if (expectation.window->to > duration)
    report("the window ends after the run", fmt::format("calls arrive until {}", show(duration)));
}

}  // namespace

void resolve_occasions(std::span<ScenarioExpectation> expectations, std::span<const Occasion> occasions,
                       Duration duration, Diagnostics& diagnostics) {
  for (ScenarioExpectation& expectation : expectations) {
    if (!expectation.occasion) continue;
    const auto named = [&](const Occasion& each) { return each.id == expectation.occasion->id; };
    const auto occasion = std::find_if(occasions.begin(), occasions.end(), named);
    if (occasion == occasions.end()) {
      std::vector<std::string_view> known;
      for (const Occasion& each : occasions) known.emplace_back(each.id);
      report_unknown_reference(*expectation.occasion, "fault or deployment", known, diagnostics);
      continue;
    }
    if (!occasion->once) {
      diagnostics.add({Code::inconsistent, expectation.window_place, expectation.path,
                       fmt::format("'{}' comes again, or at random: it is no one window", occasion->id),
                       "give 'from' and 'to'", ""});
      continue;
    }
    const bool after = expectation.after_occasion;
    const Duration from = after && !occasion->open ? occasion->to : occasion->from;
    give_window(expectation, {.id = "",
                              .from = from,
                              .to = after ? duration : occasion->to,
                              .occasion = occasion->open ? occasion->id : "",
                              .after = occasion->open && after});
    if (expectation.window->from >= expectation.window->to)
      diagnostics.add({Code::inconsistent, expectation.window_place, expectation.path,
                       fmt::format("no time passes {} '{}'", after ? "after" : "during", occasion->id), "",
                       ""});
  }
}

std::vector<TimeWindow> expectation_windows(std::span<const ScenarioExpectation> expectations,
                                            Duration duration, Diagnostics& diagnostics, Duration warmup) {
  std::vector<TimeWindow> windows;
  for (const ScenarioExpectation& expectation : expectations) {
    if (!expectation.window) continue;
    check_window(expectation, warmup, duration, diagnostics);
    const auto same = [&](const TimeWindow& each) { return each.id == expectation.window->id; };
    if (std::none_of(windows.begin(), windows.end(), same)) windows.push_back(*expectation.window);
  }
  return windows;
}

void check_metrics(std::span<const ScenarioExpectation> expectations, std::span<const MetricKey> measured,
                   Diagnostics& diagnostics) {
  for (const ScenarioExpectation& expectation : expectations)
    if (!is_billed(expectation.metric) && !contains(measured, source_of(expectation.metric)))
      report_unmeasured(expectation, measured, diagnostics);
}

}  // namespace nephoscope
