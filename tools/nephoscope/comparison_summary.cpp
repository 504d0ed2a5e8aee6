#include "tools/nephoscope/comparison_summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "tools/nephoscope/comparison_cells.hpp"
#include "tools/nephoscope/numbers.hpp"

namespace nephoscope {
namespace {

using Lines = std::vector<std::string>;

constexpr std::size_t kNameWidth = 20;
constexpr std::size_t kLinesOfBaseline = 2;
constexpr std::size_t kLinesOfVariant = 4;
constexpr std::size_t kFailureRows = 3;

void append(Lines& lines, const Lines& more) { lines.insert(lines.end(), more.begin(), more.end()); }

std::string short_name(const StudyResult& study) { return clipped(printable(study.point), kNameWidth); }

std::string clipped_line(const std::string& text) { return clipped(printable(text), kComparisonWidth); }

// --- the table -------------------------------------------------------------------------------------------

using Row = std::vector<std::string>;

// Two rows: values, and their intervals.
void add_values(const StudyResult& study, std::span<const HeadlineMetric> metrics, const Paint& paint,
                Table& table) {
  Row values = {paint.bold(short_name(study))}, intervals = {"  " + paint.dim(held_text(study))};
  for (const HeadlineMetric& metric : metrics) {
    values.push_back(value_text(study, metric.key));
    intervals.push_back(paint.dim(interval_text(study, metric.key)));
  }
  table.row(std::move(values));
  table.row(std::move(intervals));
}

// Two rows: differences from the baseline, and their joint intervals.
void add_differences(const Comparison& comparison, std::size_t variant,
                     std::span<const HeadlineMetric> metrics, const Paint& paint, Table& table) {
  Row values = {"  less " + short_name(comparison.baseline())}, intervals = {""};
  for (const HeadlineMetric& metric : metrics) {
    const DifferenceText text = difference_text(comparison.find(variant, metric.key));
    const bool clear = text.mark.empty() && !text.value.empty();
    values.push_back(clear ? paint.bold(text.value) : text.mark + text.value);
    intervals.push_back(paint.dim(text.interval));
  }
  table.row(std::move(values));
  table.row(std::move(intervals));
}

Lines table_lines(const Comparison& comparison, std::span<const HeadlineMetric> metrics, std::size_t variants,
                  const Paint& paint) {
  Table table("l");
  Row head = {""};
  for (const HeadlineMetric& metric : metrics) head.push_back(label_of(metric.key, metrics));
  table.row(std::move(head));
  add_values(comparison.baseline(), metrics, paint, table);
  for (std::size_t variant = 1; variant <= variants; ++variant) {
    add_values(comparison.studies[variant], metrics, paint, table);
    add_differences(comparison, variant, metrics, paint, table);
  }
  return table.lines();
}

bool fits(const Lines& lines) {
  return std::all_of(lines.begin(), lines.end(),
                     [](const std::string& line) { return display_width(line) <= kComparisonWidth; });
}

// With as many metrics as the width takes, and a line that counts what does not fit.
Lines fitting_table(const Comparison& comparison, std::size_t variants, const Paint& paint) {
  const std::vector<HeadlineMetric> all = headline_metrics(comparison.baseline());
  std::span<const HeadlineMetric> metrics = all;
  Lines lines = table_lines(comparison, metrics, variants, paint);
  while (!fits(lines) && metrics.size() > 1) {
    metrics = metrics.first(metrics.size() - 1);
    lines = table_lines(comparison, metrics, variants, paint);
  }
  std::string hidden;
  const std::size_t more_variants = comparison.studies.size() - 1 - variants;
  const std::size_t more_metrics = all.size() - metrics.size();
  if (more_variants > 0)
    hidden += fmt::format(", {} more variant{}", more_variants, more_variants == 1 ? "" : "s");
  if (more_metrics > 0)
    hidden += fmt::format(", {} more metric{}", more_metrics, more_metrics == 1 ? "" : "s");
  if (!hidden.empty()) lines.push_back("…" + hidden.substr(1) + " in results.json and in other formats");
  return lines;
}

// --- around it -------------------------------------------------------------------------------------------

Lines title_lines(const Comparison& comparison, const Paint& paint) {
  const int status = exit_status(comparison, false);
  const auto good =
      std::count_if(comparison.studies.begin(), comparison.studies.end(),
                    [](const StudyResult& each) { return exit_status(each, false) == kExitOk; });
  std::string text = status == kExitOk             ? paint.green("PASS")
                     : status == kExitInconclusive ? paint.yellow("INCONCLUSIVE")
                     : status == kExitInterrupted  ? paint.red("INTERRUPTED: results are partial")
                                                   : paint.red("FAIL");
  text += fmt::format("  {} of {} meet their expectations", good, comparison.studies.size());
  return {paint.bold(clipped_line(comparison.baseline().name)), text};
}

Lines legend_lines(const Comparison& comparison, const Paint& paint) {
  return {
      paint.dim("≈ cannot be told from no difference; ? no interval, too little varied. Differences of a"),
      paint.dim(fmt::format("metric hold together with 95 %: simulation error, given the assumptions ({} in "
                            "force).",
                            comparison.baseline().assumptions.size()))};
}

Lines ranking_lines(const Comparison& comparison, const Paint& paint) {
  const std::vector<HeadlineMetric> metrics = headline_metrics(comparison.baseline());
  Table table("ll");
  for (const MetricRanking& ranking : comparison.rankings)
    table.row({paint.bold("best " + label_of(ranking.metric.key, metrics)),
               clipped(ranking_text(comparison, ranking), kComparisonWidth - 2 * kNameWidth)});
  return table.lines();
}

Lines front_lines(const Comparison& comparison, const Paint& paint) {
  Lines lines;
  for (const std::string& text : front_texts(comparison)) lines.push_back(clipped_line(text));
  if (!lines.empty()) lines.front() = paint.bold(lines.front());
  return lines;
}

Lines failure_lines(const Comparison& comparison, const Paint& paint) {
  Lines lines;
  std::size_t all = 0;
  for (const StudyResult& study : comparison.studies)
    for (const ExpectationResult& each : study.expectations) {
      if (each.verdict == Verdict::kPass || ++all > kFailureRows) continue;
      const std::string text =
          fmt::format("{}: {}: {} {} {}", to_string(each.verdict), study.point, each.text,
                      show_value(each.kind, each.value), show_interval(each.kind, each.interval));
      lines.push_back((each.verdict == Verdict::kInconclusive ? paint.yellow("? ") : paint.red("✗ ")) +
                      clipped(printable(text), kComparisonWidth - 2));
    }
  if (all > kFailureRows) lines.push_back(fmt::format("… and {} more", all - kFailureRows));
  return lines;
}

Lines origin_lines(const Comparison& comparison, const SummaryOptions& options, const Paint& paint) {
  const StudyResult& baseline = comparison.baseline();
  std::uint64_t requests = 0, events = 0, audits = 0;
  std::string broken;
  for (const StudyResult& study : comparison.studies) {
    requests += study.pooled.requests, events += study.pooled.events, audits += study.audits.size();
    if (!study.audits_ok()) broken = study.point;
  }
  const std::string audit = broken.empty() ? fmt::format("audits: all {} hold in every replication", audits)
                                           : "an audit failed in " + broken;
  const std::string origin =
      fmt::format("nephoscope {}, scenario {}, seed {}, {} x {} replications, prices {}", options.version,
                  baseline.sha256.substr(0, 12), baseline.seed, comparison.studies.size(),
                  baseline.replications, baseline.price_book);
  std::string work = fmt::format("{} requests, {} events, {} s", show_count(requests), show_count(events),
                                 significant(baseline.wall_seconds, 3));
  work += files_text(options);
  return {broken.empty() ? paint.dim(audit) : paint.red(clipped_line(audit)), paint.dim(clipped_line(origin)),
          paint.dim(clipped_line(work))};
}

}  // namespace

std::string comparison_summary(const Comparison& comparison, const SummaryOptions& options) {
  const Paint paint(options.colour);
  const Lines title = title_lines(comparison, paint);
  Lines rest = legend_lines(comparison, paint);
  append(rest, front_lines(comparison, paint));
  append(rest, failure_lines(comparison, paint));
  append(rest, origin_lines(comparison, options, paint));
  Lines rankings = ranking_lines(comparison, paint);
  // A heading and a line for what does not fit; variants go before rankings, of which one stays.
  const std::size_t fixed = title.size() + rest.size() + kLinesOfBaseline + 2;
  const std::size_t room = kComparisonLines - std::min(fixed + 1, kComparisonLines);
  const std::size_t variants = std::min(comparison.studies.size() - 1, room / kLinesOfVariant);
  rankings.resize(std::min(rankings.size(), room + 1 - variants * kLinesOfVariant));
  Lines lines = title;
  append(lines, fitting_table(comparison, variants, paint));
  append(lines, rankings);
  append(lines, rest);
  return fmt::format("{}\n", fmt::join(lines, "\n"));
}

}  // namespace nephoscope
