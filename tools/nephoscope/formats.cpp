#include "tools/nephoscope/formats.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "tools/nephoscope/numbers.hpp"
#include "tools/nephoscope/summary.hpp"
#include "tools/report/html.hpp"

namespace nephoscope {
namespace {

std::string test_case(const std::string& name, const std::string& suite, Verdict verdict,
                      const std::string& detail) {
  const std::string opening =
      fmt::format("  <testcase classname=\"{}\" name=\"{}\"", escaped(suite), escaped(name));
  if (verdict == Verdict::kPass) return opening + "/>\n";
  const std::string_view outcome = verdict == Verdict::kInconclusive ? "skipped" : "failure";
  return fmt::format("{}>\n    <{} message=\"{}\"/>\n  </testcase>\n", opening, outcome,
                     escaped(fmt::format("{}: {}", to_string(verdict), detail)));
}

std::string detail_of(const ExpectationResult& each) {
  const std::string interval = show_interval(each.kind, each.interval);
  return fmt::format("value {}{}{}; {}", show_value(each.kind, each.value), interval.empty() ? "" : " ",
                     interval, each.reason);
}

}  // namespace

std::string markdown_cell(std::string_view text) {
  std::string result;
  for (const char c : printable(text)) {
    if (c == '|' || c == '<' || c == '*' || c == '_' || c == '`' || c == '\\') result += '\\';
    result += c;
  }
  return result;
}

std::string results_markdown(const StudyResult& result, std::string_view version) {
  std::string text = fmt::format("## {}: {}\n\n", markdown_cell(result.name), overall_verdict(result));
  if (!result.expectations.empty()) text += "| expectation | verdict | reason |\n|---|---|---|\n";
  for (const ExpectationResult& each : result.expectations)
    text += fmt::format("| {} | {} | {} |\n", markdown_cell(each.text), to_string(each.verdict),
                        markdown_cell(each.reason));
  text += "\n| metric | value | 95% interval |\n|---|--:|---|\n";
  for (const Headline& headline : headlines()) {
    const MetricResult* metric = result.find({Scope::summary, "", std::string(headline.metric)});
    if (metric == nullptr) continue;
    const MetricKind kind = kind_of(headline.metric, metric->metric.unit);
    text += fmt::format("| {} | {} | {} |\n", headline.label, show_value(kind, metric->metric.value),
                        show_interval(kind, metric->interval));
  }
  text += fmt::format(
      "\nIntervals are {}. nephoscope {}, scenario {}, seed {}, "
      "{} replications{}.\n",
      meaning_of_intervals(result), version, result.sha256.substr(0, 12), result.seed, result.replications,
      result.partial() ? fmt::format(" of {}: **partial**", result.requested) : "");
  return text;
}

std::string results_junit(const StudyResult& result) {
  std::size_t failures = result.audits_ok() ? 0 : 1, skipped = 0;
  std::string cases;
  for (const ExpectationResult& each : result.expectations) {
    failures += each.verdict == Verdict::kFail || each.verdict == Verdict::kNoData;
    skipped += each.verdict == Verdict::kInconclusive;
    cases += test_case(each.text, result.name, each.verdict, detail_of(each));
  }
  const auto broken = std::find_if(result.audits.begin(), result.audits.end(),
                                   [](const StudyAudit& audit) { return !audit.line.ok; });
  cases += test_case("audits", result.name, result.audits_ok() ? Verdict::kPass : Verdict::kFail,
                     broken == result.audits.end() ? "" : broken->line.name + ": " + broken->line.detail);
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" "
      "skipped=\"{}\" time=\"{}\">\n{}</testsuite>\n",
      escaped(result.name), result.expectations.size() + 1, failures, skipped,
      significant(result.wall_seconds, 6), cases);
}

}  // namespace nephoscope
