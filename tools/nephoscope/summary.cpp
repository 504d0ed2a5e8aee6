#include "tools/nephoscope/summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

#include "tools/nephoscope/numbers.hpp"

namespace nephoscope {
namespace {

using Lines = std::vector<std::string>;

// How many rows of each kind fit, so that all sections together stay within kSummaryLines.
constexpr std::size_t kExpectationRows = 6;
constexpr std::size_t kCauseRows = 3;
constexpr std::size_t kFindings = 2;  // of two lines each
constexpr std::size_t kSentenceWidth = 150;
constexpr std::size_t kResourceRows = 4;
constexpr std::size_t kBillRows = 4;
constexpr std::size_t kTextWidth = 60;

constexpr auto kHeadlines = std::to_array<Headline>({
    {"availability", "availability"},
    {"latency p50", "latency.p50"},
    {"latency p95", "latency.p95"},
    {"latency p99", "latency.p99"},
    {"throughput", "throughput"},
    {"cost of the run", "cost.total"},
    {"cost per month", "cost.monthly"},
    {"cost per 1M requests", "cost.per_million_requests"},
});

void append(Lines& lines, const Lines& more) { lines.insert(lines.end(), more.begin(), more.end()); }

std::string more_line(std::size_t all, std::size_t shown) {
  return fmt::format("  … and {} more", all - shown);
}

// --- verdict and expectations ----------------------------------------------------------------------------

std::string mark(Verdict verdict, const Paint& paint) {
  switch (verdict) {
    case Verdict::kPass:
      return paint.green("✓");
    case Verdict::kFail:
    case Verdict::kNoData:
      return paint.red("✗");
    case Verdict::kInconclusive:
      break;
  }
  return paint.yellow("?");
}

std::string verdict_line(const StudyResult& result, const Paint& paint) {
  const std::string_view verdict = overall_verdict(result);
  const auto held = std::count_if(result.expectations.begin(), result.expectations.end(),
                                  [](const auto& each) { return each.verdict == Verdict::kPass; });
  std::string text(verdict);
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? c - 32 : c; });
  if (verdict == "interrupted")
    text +=
        fmt::format(": {} of {} replications, results are partial", result.replications, result.requested);
  const bool good = verdict == "pass";
  const bool open = verdict == "inconclusive";
  text = good ? paint.green(text) : open ? paint.yellow(text) : paint.red(text);
  if (result.expectations.empty()) return good ? "no expectations" : text;
  return fmt::format("{}  {} of {} expectations hold", text, held, result.expectations.size());
}

// What is shown beside a verdict: the interval that decided it, or why there is none.
std::string evidence(const ExpectationResult& each) {
  const std::string interval = show_interval(each.kind, each.interval);
  if (interval.empty()) return each.reason;
  return each.verdict == Verdict::kInconclusive ? interval + "  " + each.reason : interval;
}

Lines expectation_lines(const StudyResult& result, const Paint& paint) {
  Table table("llr");
  // Those that do not hold come first when not all fit.
  std::vector<const ExpectationResult*> rows;
  for (const auto& each : result.expectations) rows.push_back(&each);
  if (rows.size() > kExpectationRows)
    std::stable_sort(rows.begin(), rows.end(), [](const auto* a, const auto* b) {
      return (a->verdict != Verdict::kPass) > (b->verdict != Verdict::kPass);
    });
  const std::size_t shown = std::min(rows.size(), kExpectationRows);
  for (std::size_t i = 0; i < shown; ++i) {
    table.row({mark(rows[i]->verdict, paint), clipped(printable(rows[i]->text), kTextWidth),
               show_value(rows[i]->kind, rows[i]->value), paint.dim(evidence(*rows[i]))});
  }
  Lines lines = table.lines(2);
  if (rows.size() > shown) lines.push_back(more_line(rows.size(), shown));
  return lines;
}

// --- figures ---------------------------------------------------------------------------------------------

// What the scenario asked for and the replications did not give; empty otherwise.
std::string imprecision(const StudyResult& result) {
  for (const PrecisionResult& each : result.precision)
    if (!each.reached())
      return fmt::format(" {}: ±{}, not the ±{} asked for.", printable(each.metric),
                         show_value(MetricKind::share, each.relative_half_width),
                         show_value(MetricKind::share, each.target));
  return "";
}

Lines headline_lines(const StudyResult& result, const Paint& paint) {
  Table table("lrl");
  table.row({"", "value", result.replications > 1 ? "95% interval" : ""});
  for (const Headline& headline : kHeadlines) {
    const MetricResult* metric = result.find({Scope::summary, "", std::string(headline.metric)});
    if (metric == nullptr) continue;
    const MetricKind kind = kind_of(headline.metric, metric->metric.unit);
    const std::string interval = show_interval(kind, metric->interval);
    table.row({std::string(headline.label), show_value(kind, metric->metric.value),
               interval.empty() ? paint.dim(metric->metric.reason) : interval});
  }
  Lines lines = {""};
  append(lines, table.lines(2));
  lines.push_back(
      paint.dim(fmt::format("  Intervals are {}.{}", meaning_of_intervals(result), imprecision(result))));
  return lines;
}

Lines cause_lines(const StudyResult& result, const Paint& paint) {
  const auto causes = ranked_causes(result.pooled);
  std::uint64_t total = 0;
  for (const RankedCause& cause : causes) total += cause.final ? cause.count : 0;
  if (causes.empty()) return {};
  Table table("lrrl");
  const std::size_t shown = std::min(causes.size(), kCauseRows);
  for (std::size_t i = 0; i < shown; ++i) {
    const RankedCause& cause = causes[i];
    const double share =
        static_cast<double>(cause.count) / static_cast<double>(std::max<std::uint64_t>(total, 1));
    table.row({clipped(printable(cause.text), kTextWidth), show_count(cause.count),
               cause.final ? show_value(MetricKind::share, share) : "",
               cause.final ? "" : "hidden by retries"});
  }
  Lines lines = {paint.bold("failures, worst first")};
  append(lines, table.lines(2));
  if (causes.size() > shown) lines.push_back(more_line(causes.size(), shown));
  return lines;
}

// The heaviest findings, each with what would have prevented it.
Lines finding_lines(const StudyResult& result, const Paint& paint) {
  std::vector<Finding> findings = result.pooled.findings;
  if (findings.empty()) return {};
  std::stable_sort(findings.begin(), findings.end(),
                   [](const Finding& a, const Finding& b) { return a.share > b.share; });
  Lines lines = {paint.bold("why, in the first replication")};
  const std::size_t shown = std::min(findings.size(), kFindings);
  for (std::size_t i = 0; i < shown; ++i) {
    const std::string text = findings[i].resource + ": " + findings[i].text;
    lines.push_back("  " + clipped(printable(text), kSentenceWidth));
    if (!findings[i].remedy.empty())
      lines.push_back("    → " + paint.dim(clipped(printable(findings[i].remedy), kSentenceWidth)));
  }
  if (findings.size() > shown) lines.push_back(more_line(findings.size(), shown));
  return lines;
}

struct ResourceRow {
  std::string id;
  double utilization = 0;  // NaN if the resource has none
  std::string queue, wait, rejected, errors;
};

std::string resource_value(const StudyResult& result, const std::string& id, const std::string& metric) {
  const MetricResult* found = result.find({Scope::resource, id, metric});
  return found == nullptr ? "" : show_value(kind_of(metric, found->metric.unit), found->metric.value);
}

std::vector<ResourceRow> resource_rows(const StudyResult& result) {
  std::vector<ResourceRow> rows;
  for (const MetricResult& each : result.metrics) {
    const MetricKey& key = each.metric.key;
    if (key.scope != Scope::resource || key.name != "utilization") continue;
    rows.push_back({key.id, each.metric.value, resource_value(result, key.id, "queue.mean"),
                    resource_value(result, key.id, "wait.mean"),
                    resource_value(result, key.id, "rejected.rate"),
                    resource_value(result, key.id, "errors.rate")});
  }
  std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
    return (std::isnan(a.utilization) ? -1 : a.utilization) >
           (std::isnan(b.utilization) ? -1 : b.utilization);
  });
  return rows;
}

Lines resource_lines(const StudyResult& result, const Paint& paint) {
  const auto rows = resource_rows(result);
  if (rows.empty()) return {};
  Table table("lrrrrr");
  table.row({paint.bold("resources, busiest first"), "utilization", "in line", "wait", "rejected", "errors"});
  const std::size_t shown = std::min(rows.size(), kResourceRows);
  for (std::size_t i = 0; i < shown; ++i)
    table.row({"  " + clipped(printable(rows[i].id), kTextWidth),
               show_value(MetricKind::share, rows[i].utilization), rows[i].queue, rows[i].wait,
               rows[i].errors});
  Lines lines = table.lines();
  if (rows.size() > shown) lines.push_back(more_line(rows.size(), shown));
  return lines;
}

Lines bill_lines(const StudyResult& result, const Paint& paint) {
  if (result.bill.empty()) return {};
  std::vector<MeanBillLine> bill = result.bill;
  std::stable_sort(bill.begin(), bill.end(), [](const auto& a, const auto& b) { return a.usd > b.usd; });
  double total = 0;
  for (const MeanBillLine& line : bill) total += line.usd;
  Table table("lrlr");
  table.row({paint.bold("bill of the run"), "", "", show_value(MetricKind::money, total)});
  const std::size_t shown = std::min(bill.size(), kBillRows);
  for (std::size_t i = 0; i < shown; ++i) {
    const bool last = i + 1 == bill.size();
    const std::string name = fmt::format("{} {}", bill[i].resource, bill[i].usage_type);
    table.row({(last ? "  └─ " : "  ├─ ") + clipped(printable(name), kTextWidth),
               significant(bill[i].quantity), bill[i].unit, show_value(MetricKind::money, bill[i].usd)});
  }
  Lines lines = table.lines();
  if (bill.size() > shown) lines.push_back(more_line(bill.size(), shown));
  return lines;
}

// --- trust -----------------------------------------------------------------------------------------------

Lines audit_lines(const StudyResult& result, const Paint& paint) {
  const auto broken = std::find_if(result.audits.begin(), result.audits.end(),
                                   [](const StudyAudit& audit) { return !audit.line.ok; });
  if (broken != result.audits.end())
    return {paint.red(fmt::format("audit failed: {} in replication {}: {}", broken->line.name,
                                  broken->replication, broken->line.detail))};
  return {paint.dim(fmt::format("audits: all {} hold in every replication", result.audits.size()))};
}

Lines provenance_lines(const StudyResult& result, const SummaryOptions& options, const Paint& paint) {
  std::string origin =
      fmt::format("nephoscope {}, scenario {}", options.version, result.sha256.substr(0, 12));
  if (!result.variant.empty()) origin += fmt::format(", variant {}", result.variant);
  if (result.without) origin += ", without";
  if (!result.overrides.empty())
    origin +=
        fmt::format(", {} override{}", result.overrides.size(), result.overrides.size() == 1 ? "" : "s");
  origin += fmt::format(", seed {}, {} replications, prices {}", result.seed, result.replications,
                        result.price_book);
  std::string work = fmt::format("{} requests, {} events, {} s", show_count(result.pooled.requests),
                                 show_count(result.pooled.events), significant(result.wall_seconds, 3));
  work += files_text(options);
  return {paint.dim(printable(origin)), paint.dim(printable(work))};
}

}  // namespace

std::span<const Headline> headlines() { return kHeadlines; }

std::string meaning_of_intervals(const StudyResult& result) {
  const auto drawn = std::ranges::count_if(result.assumptions, &AssumptionInForce::is_range);
  if (drawn == 0)
    return fmt::format("simulation error, given the assumptions ({} in force)", result.assumptions.size());
  return fmt::format("simulation error and the ranges of {} of {} assumptions in force", drawn,
                     result.assumptions.size());
}

std::string files_text(const SummaryOptions& options) {
  std::string text;
  if (!options.results_path.empty()) text += ", results in " + options.results_path;
  if (!options.report_path.empty()) text += ", report in " + options.report_path;
  return text;
}

std::string_view overall_verdict(const StudyResult& result) {
  if (!result.audits_ok()) return "audit failed";
  switch (exit_status(result, false)) {
    case kExitOk:
      return "pass";
    case kExitInconclusive:
      return "inconclusive";
    case kExitInterrupted:
      return "interrupted";
    default:
      return "fail";
  }
}

std::vector<RankedCause> ranked_causes(const Report& report) {
  std::vector<RankedCause> causes;
  for (const auto& [cause, count] : report.causes()) {
    const std::string who = cause.resource.empty() ? cause.workload : cause.resource;
    const std::string text = who + ": " + cause.error;
    const auto same = std::find_if(causes.begin(), causes.end(), [&](const RankedCause& each) {
      return each.text == text && each.final == cause.final;
    });
    if (same == causes.end())
      causes.push_back({text, count, cause.final});
    else
      same->count += count;
  }
  std::stable_sort(causes.begin(), causes.end(), [](const RankedCause& a, const RankedCause& b) {
    return std::pair(a.final, a.count) > std::pair(b.final, b.count);
  });
  return causes;
}

std::string summary(const StudyResult& result, const SummaryOptions& options) {
  const Paint paint(options.colour);
  Lines lines = {paint.bold(printable(result.name)), verdict_line(result, paint)};
  append(lines, expectation_lines(result, paint));
  append(lines, headline_lines(result, paint));
  append(lines, cause_lines(result, paint));
  append(lines, finding_lines(result, paint));
  append(lines, resource_lines(result, paint));
  append(lines, bill_lines(result, paint));
  append(lines, audit_lines(result, paint));
  append(lines, provenance_lines(result, options, paint));
  return fmt::format("{}\n", fmt::join(lines, "\n"));
}

}  // namespace nephoscope
