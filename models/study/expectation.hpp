// What a scenario expects of its results: the items of `expect:`.
//
// An item is a text, `availability >= 99.9%`, or a map, `{metric: latency.p99, below: 400ms, from: 10m, to:
// 20m}`. Operators are exactly < <= > >=. A metric of one workload or resource is `workloads.ID.METRIC`,
// `resources.ID.METRIC`.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/config/field_table.hpp"
#include "engine/stats/verdict.hpp"
#include "models/common/world.hpp"
#include "models/study/metrics.hpp"

namespace nephoscope {

struct ScenarioExpectation {
  std::string text;  // as results show it: "latency.p99 < 400ms from 10m to 20m"
  MetricKey metric;  // name as expectations write it, "latency.p99"; for a window id "10m..20m[/WORKLOAD]"
  MetricKind kind = MetricKind::number;
  Expectation condition;  // in the metric's base unit
  std::optional<TimeWindow> window;
  std::optional<Probability> share_of_replications;  // `in: 95% of replications`
  std::optional<Reference> occasion;                 // `during:` or `after:` a fault
  bool after_occasion = false;                       // `after:`

  Place metric_place;
  Place window_place;
  std::string path;  // "expect.0"
};

// "latency.p99", "resources.web.queue.mean" as a key, whether there is such a metric or not; and the other
// way ("availability 10m..20m" for a window).
MetricKey metric_key(std::string_view text);
std::string show(const MetricKey& key);

// Restricts an expectation to a window; its metric's key then names the window.
void give_window(ScenarioExpectation& expectation, TimeWindow window);

// What `during:` and `after:` can name: something that lasts from `from` to `to`, by the run's start.
struct Occasion {
  std::string id;
  Duration from{};
  Duration to{};
  bool open = false;  // when it ends shows in the run; `to` is the run's end
  bool once = true;   // otherwise it comes again, or at random, and has no window
};

// Gives expectations that name an occasion their window: the occasion itself, or from its end to the run's.
// Reports occasions that do not exist.
void resolve_occasions(std::span<ScenarioExpectation> expectations, std::span<const Occasion> occasions,
                       Duration duration, Diagnostics& diagnostics);

// The windows that workloads must measure, each once, in order of first appearance. Reports windows that do
// not lie within [warmup, duration].
std::vector<TimeWindow> expectation_windows(std::span<const ScenarioExpectation> expectations,
                                            Duration duration, Diagnostics& diagnostics,
                                            Duration warmup = {});

// Reports metrics that a run does not measure, and workloads and resources that do not exist. `measured`: the
// keys that a Report of this scenario has (sketches once).
void check_metrics(std::span<const ScenarioExpectation> expectations, std::span<const MetricKey> measured,
                   Diagnostics& diagnostics);

// The map form's keys, for `explain`.
std::vector<FieldRow> expectation_rows();

template <>
struct FieldType<ScenarioExpectation> {
  static std::optional<ScenarioExpectation> read(const Node& node, Context& context, const FieldRules& rules);
  static std::string show(const ScenarioExpectation& expectation) { return expectation.text; }
  static std::string type_name() { return "expectation"; }
  static void schema(Json& out, SchemaBook& book, const FieldRules& rules);
};

}  // namespace nephoscope
