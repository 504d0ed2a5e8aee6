#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "engine/config/units.hpp"
#include "tools/nephoscope/numbers.hpp"
#include "tools/report/answer.hpp"
#include "tools/report/sections.hpp"
#include "tools/report/svg.hpp"
#include "tools/report/time_window.hpp"

namespace nephoscope::report {
namespace {

constexpr std::size_t kPoints = 200;   // of a line
constexpr std::size_t kWorkloads = 3;  // of which a metric is shown

// One row of small charts: the same lines for every variant, on common axes.
struct Block {
  std::string heading;
  MetricKind kind = MetricKind::number;
  std::vector<std::string> names;   // of series
  std::vector<std::string> labels;  // of the lines, as `names`
  bool from_zero = false;
};

const SeriesMeasure* find_series(const StudyResult& study, const std::string& name) {
  const auto& all = study.pooled.all_series();
  const auto place =
      std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.name == name; });
  return place == all.end() ? nullptr : &*place;
}

// The ids of all series "ID.METRIC", over all studies, in order of first appearance.
std::vector<std::string> ids_with(const Comparison& comparison, const std::string& metric) {
  std::vector<std::string> ids;
  for (const StudyResult& study : comparison.studies)
    for (const SeriesMeasure& each : study.pooled.all_series()) {
      if (!each.name.ends_with("." + metric)) continue;
      const std::string id = each.name.substr(0, each.name.size() - metric.size() - 1);
      if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(id);
    }
  return ids;
}

// What is shown, and the ids for which there is no room.
struct Blocks {
  std::vector<Block> shown;
  std::vector<std::string> left_out;
};

// The first `most` ids; the rest are noted.
std::vector<std::string> fitting(std::vector<std::string> ids, std::size_t most, Blocks& blocks) {
  const auto rest = ids.begin() + static_cast<std::ptrdiff_t>(std::min(ids.size(), most));
  for (auto id = rest; id != ids.end(); ++id)
    if (std::find(blocks.left_out.begin(), blocks.left_out.end(), *id) == blocks.left_out.end())
      blocks.left_out.push_back(*id);
  ids.erase(rest, ids.end());
  return ids;
}

// Groups say who is in service; other owners of instances only how many run.
void add_instances(const Comparison& comparison, Blocks& blocks) {
  const bool groups = !ids_with(comparison, "in_service").empty();
  const std::string metric = groups ? "in_service" : "instances";
  const auto ids = fitting(ids_with(comparison, metric), kLineStyles, blocks);
  if (ids.empty()) return;
  Block block{groups ? "Instances in service" : "Running instances", MetricKind::number, {}, ids, true};
  if (ids.size() == 1) block.heading += " of " + ids.front();
  for (const std::string& id : ids) block.names.push_back(id + "." + metric);
  blocks.shown.push_back(std::move(block));
}

Blocks blocks_of(const Comparison& comparison) {
  Blocks blocks;
  const auto add = [&](const std::string& metric, const std::string& words, MetricKind kind, bool from_zero) {
    for (const std::string& id : fitting(ids_with(comparison, metric), kWorkloads, blocks))
      blocks.shown.push_back(
          {fmt::format("{} of {}", words, id), kind, {id + "." + metric}, {words}, from_zero});
  };
  add("availability", "Availability", MetricKind::share, false);
  add("latency.mean", "Mean latency", MetricKind::duration, true);
  add_instances(comparison, blocks);
  return blocks;
}

std::vector<ChartLine> lines_of(const Block& block, const StudyResult& study, const Range& time) {
  std::vector<ChartLine> lines;
  for (std::size_t i = 0; i < block.names.size(); ++i)
    if (const SeriesMeasure* each = find_series(study, block.names[i]))
      lines.push_back({block.labels[i], i, points_of(each->series, time, kPoints)});
  return lines;
}

std::string words(const Range& range, MetricKind kind) {
  return fmt::format("{} to {}", show_value(kind, range.low), show_value(kind, range.high));
}

std::string description_of(const SeriesChart& chart) {
  std::string text;
  for (const ChartLine& line : chart.lines) {
    RangeFinder finder;
    for (const ChartPoint& point : line.points) finder.add(point.mean);
    if (finder.range()) text += fmt::format("{}: {}. ", line.label, words(*finder.range(), chart.kind));
  }
  for (const TimeMark& mark : chart.marks) text += mark.label + ". ";
  return text;
}

Range common_values(const Block& block, const std::vector<SeriesChart>& charts) {
  RangeFinder finder;
  if (block.from_zero) finder.add(0);
  for (const SeriesChart& chart : charts)
    for (const ChartLine& line : chart.lines)
      for (const ChartPoint& point : line.points)
        if (std::isfinite(point.mean)) finder.add({point.mean, point.low, point.high});
  const Range found = finder.range().value_or(Range{});
  Range range = with_room(found, block.kind);
  if (block.from_zero) range.low = 0;
  if (block.kind == MetricKind::share) range.high = std::min(range.high, 1 + (1 - range.low) / 10);
  return range;
}

void write_legend(Html& html, const Block& block) {
  if (block.names.size() < 2) return;
  html.open("div", {{"class", "legend"}});
  for (std::size_t i = 0; i < block.labels.size(); ++i) {
    html.open("span").open("svg", {{"width", "28"}, {"height", "10"}, {"aria-hidden", "true"}});
    write_line(html, {0, 5, 28, 5}, fmt::format("line s{}", i + 1));
    html.close().text(" " + block.labels[i]).close();
  }
  html.close();
}

void write_block(Html& html, const Comparison& comparison, const Block& block, const Range& time) {
  std::vector<SeriesChart> charts;
  for (const StudyResult& study : comparison.studies) {
    SeriesChart chart{.title = fmt::format("{}: {}", study.point, block.heading),
                      .description = {},
                      .kind = block.kind,
                      .time = time,
                      .values = {},
                      .lines = lines_of(block, study, time),
                      .marks = marks_of(study)};
    chart.description = description_of(chart);
    charts.push_back(std::move(chart));
  }
  const Range values = common_values(block, charts);
  html.element("h3", block.heading).open("figure");
  write_legend(html, block);
  html.open("div", {{"class", "charts"}});
  for (std::size_t i = 0; i < charts.size(); ++i) {
    charts[i].values = values;
    html.open("div").element("h4", comparison.studies[i].point);
    write_chart(html, charts[i]);
    html.close();
  }
  html.close().close();
}

std::string intro_of(const Comparison& comparison, const Range& time) {
  const Range run = {to_seconds(comparison.baseline().warmup), to_seconds(comparison.baseline().duration)};
  const bool all = time.low <= run.low && time.high >= run.high;
  return fmt::format(
      "Means over replications, from {} to {} of the run{}; the pale band is between the lowest and the "
      "highest window that a point stands for. Axes are the same for all variants of a metric. Shaded times "
      "are "
      "deployments (between solid lines) and faults (between dashed lines) of the first replication.",
      show(from_seconds(time.low)), show(from_seconds(time.high)),
      all ? "" : ", the part around its deployments, faults and failures");
}

}  // namespace

void write_series(Html& html, const Comparison& comparison) {
  const Blocks blocks = blocks_of(comparison);
  open_section(html, "time", "Over time");
  const Range time = shown_time(comparison);
  html.element("p", blocks.shown.empty() ? "The scenario has no time series." : intro_of(comparison, time),
               {{"class", "dim"}});
  for (const Block& block : blocks.shown) write_block(html, comparison, block, time);
  if (!blocks.left_out.empty())
    html.element("p", fmt::format("Not shown, but in results.json: {}.", enumerated(blocks.left_out)));
  html.close();
}

}  // namespace nephoscope::report
