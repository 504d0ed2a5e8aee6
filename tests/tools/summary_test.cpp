#include "tools/nephoscope/summary.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "tests/models/study/example_result.hpp"
#include "tools/nephoscope/formats.hpp"

using namespace nephoscope;

namespace {

std::string shown(const StudyResult& result) { return summary(result, {.version = "1.2.3"}); }

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

// A result with far more of everything than fits.
StudyResult large_result() {
  StudyResult result = example_result();
  const Interval interval = {0.5, 0.4, 0.6};
  for (const Headline& headline : headlines())
    if (result.find({Scope::summary, "", std::string(headline.metric)}) == nullptr)
      result.metrics.push_back(
          example_metric({Scope::summary, "", std::string(headline.metric)}, "1", 0.5, interval));
  for (int i = 0; i < 50; ++i) {
    result.metrics.push_back(
        example_metric({Scope::resource, fmt::format("r{}", i), "utilization"}, "1", i * 0.01, interval));
    result.expectations.push_back(
        {fmt::format("e{} < 1", i), Verdict::kPass, MetricKind::number, 1, interval, ""});
    result.bill.push_back({fmt::format("r{}", i), "Requests", 1, "Requests", i * 0.1});
    result.pooled.cause({"shoppers", fmt::format("r{}", i), "Error", true}, 5);
  }
  return result;
}

}  // namespace

TEST_CASE("summary: a study of any size fits on one screen") {
  const std::string text = shown(large_result());
  CHECK(static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) <= kSummaryLines);
}

TEST_CASE("summary: expectations show their mark, value and interval") {
  const std::string text = shown(example_result());
  CHECK(has(text, "INCONCLUSIVE  1 of 2 expectations hold\n"));
  CHECK(has(text, "  ✓  latency.p99 < 500ms    412ms  [400ms, 425ms]\n"));
  CHECK(has(text, "  ?  availability >= 99.9%  99.9%  [99.8%, 99.95%]  Student-t interval\n"));
}

TEST_CASE("summary: what failed is shown first when not all expectations fit") {
  StudyResult result = large_result();
  result.expectations.back().verdict = Verdict::kFail;
  const std::string text = shown(result);
  CHECK(has(text, "✗  e49 < 1"));
  CHECK(has(text, "… and 46 more\n"));  // 52 less 6
}

TEST_CASE("summary: intervals are named for what they are") {
  CHECK(has(shown(example_result()), "simulation error, given the assumptions (1 in force)"));
  StudyResult ranged = example_result();
  ranged.assumptions.front().is_range = true;
  CHECK(has(shown(ranged), "simulation error and the ranges of 1 of 1 assumptions in force"));
}

TEST_CASE("summary: causes of failure are ranked, final ones first") {
  StudyResult result = example_result();
  result.pooled.cause({"shoppers", "db", "Timeout", false}, 900);
  result.pooled.cause({"shoppers", "web", "Overloaded", true}, 300);
  const auto causes = ranked_causes(result.pooled);
  REQUIRE(causes.size() == 3);
  CHECK(causes[0].text == "web: Overloaded");
  CHECK(causes[1].text == "db: QueueFull");
  CHECK(causes[2].text == "db: Timeout");
  // 300 of 400 final failures
  CHECK(has(shown(result), "web: Overloaded  300  75%\n"));
}

TEST_CASE("summary: without a value there is n/a and the reason") {
  StudyResult result = example_result();
  result.metrics[1].metric.value = std::nan("");
  result.metrics[1].metric.reason = "too few samples";
  result.metrics[1].interval = {std::nan(""), std::nan(""), std::nan("")};
  CHECK(has(shown(result), "n/a  too few samples\n"));
}

TEST_CASE("summary: a failed audit overrules every other verdict") {
  StudyResult result = example_result();
  result.add_audits(7, {{"conservation: resources.db", false, "120 != 119"}});
  const std::string text = shown(result);
  CHECK(has(text, "AUDIT FAILED"));
  CHECK(has(text, "audit failed: conservation: resources.db in replication 7: 120 != 119"));
}

TEST_CASE("summary: an interrupted study says how much of it counts") {
  StudyResult result = example_result();
  result.status = StudyStatus::interrupted;
  result.replications = 3;
  CHECK(has(shown(result), "INTERRUPTED: 3 of 10 replications, results are partial"));
}

TEST_CASE("summary: provenance names version, scenario, seed and replications") {
  CHECK(has(
      shown(example_result()),
      "nephoscope 1.2.3, scenario 0123456789ab, seed 42, 10 replications, prices us-east-1, 2026-07-20\n"));
}

TEST_CASE("summary: colour is there only when asked for") {
  CHECK_FALSE(has(shown(example_result()), "\x1b["));
  CHECK(has(summary(example_result(), {.version = "1", .colour = true}), "\x1b["));
}

TEST_CASE("formats: JUnit fails what failed or had no data and skips what is inconclusive") {
  StudyResult result = example_result();
  result.expectations.push_back(
      {"a < 1", Verdict::kNoData, MetricKind::number, std::nan(""), {}, "no \"data\""});
  const std::string xml = results_junit(result);
  CHECK(has(xml, "tests=\"4\" failures=\"1\" skipped=\"1\""));
  CHECK(has(xml, "name=\"availability &gt;= 99.9%\""));
  CHECK(has(xml, "<failure message=\"no_data: value n/a"));
  CHECK(has(xml, "no &quot;data&quot;"));
}

TEST_CASE("formats: Markdown tables survive any text") {
  StudyResult result = example_result();
  result.expectations[0].text = "a|b < 1";
  CHECK(has(results_markdown(result, "1.2.3"), "| a\\|b \\< 1 | inconclusive |"));
}
