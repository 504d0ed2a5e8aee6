#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "tests/models/study/example_result.hpp"
#include "tests/tools/small_scenario.hpp"
#include "tests/tools/well_formed.hpp"
#include "tools/report/answer.hpp"
#include "tools/report/comparison_page.hpp"

using namespace nephoscope;

namespace {

StudyResult example(const std::string& point, std::vector<double> availability) {
  StudyResult study = example_result();
  study.point = point;
  PooledMetric& metric = study.metrics[0].metric;
  metric.value = 0;
  for (const double each : availability) metric.value += each / static_cast<double>(availability.size());
  metric.values = std::move(availability);
  return study;
}

Comparison example_comparison() {
  return compare_studies({example("base", {0.9, 0.91, 0.92}), example("small", {0.99, 0.991, 0.992}),
                          example("large", {0.99, 0.991, 0.992})});
}

std::string page_of(const Comparison& comparison) { return comparison_page(comparison, "1.2.3"); }

Markup markup_of(const std::string& page) { return read_markup(page.substr(page.find('\n') + 1)); }

bool has_element(const Markup& markup, const std::string& name) {
  return std::find(markup.elements.begin(), markup.elements.end(), name) != markup.elements.end();
}

// Attributes that say where something is drawn.
bool is_place(const std::string& attribute) {
  constexpr const char* names[] = {"x",  "y",     "x1",     "y1", "x2",      "y2",       "cx",
                                   "cy", "width", "height", "d",  "viewBox", "transform"};
  return std::find(std::begin(names), std::end(names), attribute) != std::end(names);
}

void check_places(const Markup& markup) {
  for (const auto& [name, value] : markup.attributes) {
    if (!is_place(name)) continue;
    CHECK_FALSE(contains(value, "nan"));
    CHECK_FALSE(contains(value, "inf"));
  }
}

}  // namespace

TEST_CASE("report: the answer groups what cannot be told apart and gives the others' values") {
  // small - base is 0.081 on average, its standard error 0.009 / sqrt(3): 15.6 of them, beyond any t(2)
  // needed
  CHECK(answer_of(example_comparison()) ==
        "small and large cannot be told apart in availability (99.1% each); worse is base with 91% [99.8%, "
        "99.95%].");
}

TEST_CASE("report: the answer does not contradict the differences from the baseline") {
  // 0.0404 / (0.01 / sqrt(3)) = 7.0: more than the t(2) of two differences (6.2), less than of three pairs
  // (7.6)
  const Comparison comparison =
      compare_studies({example("base", {0.9, 0.91, 0.92}), example("small", {0.9504, 0.9504, 0.9504}),
                       example("large", {0.9504, 0.9504, 0.9504})});
  REQUIRE(comparison.rankings[0].order[2].rank == 1);
  CHECK(contains(answer_of(comparison), "; worse is base with "));
}

TEST_CASE("report: the answer of one study is its headline metrics") {
  CHECK(answer_of(compare_studies({example_result()})) ==
        "availability 99.9% [99.8%, 99.95%]; latency p99 412ms [400ms, 425ms]; cost of the run $1.50 [$1.50, "
        "$1.50].");
}

TEST_CASE("report: names in a sentence are joined by commas and a last 'and'") {
  CHECK(enumerated({}).empty());
  CHECK(enumerated({"a"}) == "a");
  CHECK(enumerated({"a", "b"}) == "a and b");
  CHECK(enumerated({"a", "b", "c"}) == "a, b and c");
}

TEST_CASE("report: the page is well-formed and needs nothing but itself") {
  const std::string page = page_of(example_comparison());
  CHECK(page.starts_with("<!DOCTYPE html>\n<html lang=\"en\">"));
  const Markup markup = markup_of(page);
  CHECK(markup.problem == "");
  for (const char* name : {"script", "link", "img", "iframe", "object"})
    CHECK_FALSE(has_element(markup, name));
  CHECK_FALSE(contains(page, "url("));
  CHECK_FALSE(contains(page, "@import"));
  for (const auto& [name, value] : markup.attributes) {
    CHECK_FALSE(name.starts_with("on"));
    CHECK_FALSE(contains(value, "://"));
    if (name == "href") CHECK(value.starts_with("#"));
  }
}

TEST_CASE("report: every link leads to a section that is there") {
  for (const Comparison& comparison : {example_comparison(), compare_studies({example_result()})}) {
    const Markup markup = markup_of(page_of(comparison));
    for (const auto& [name, value] : markup.attributes)
      if (name == "href")
        CHECK(std::count(markup.attributes.begin(), markup.attributes.end(),
                         std::pair<std::string, std::string>("id", value.substr(1))) == 1);
  }
}

TEST_CASE("report: every variant, metric, expectation, assumption, audit and bill is there") {
  const std::string page = page_of(example_comparison());
  for (const char* text :
       {"<h1>A shop</h1>", ">base", ">small", ">large", ">availability", ">latency p99", ">cost of the run",
        "availability &gt;= 99.9%", "✓ pass", "? inconclusive", "resources.db.assume.error_rate",
        "assumption: no failures", "conservation: resources.db", "120 = 120", "ServerHours",
        "us-east-1, 2026-07-20", "1.2.3", "0123456789ab"})
    CHECK_MESSAGE(contains(page, text), text);
}

TEST_CASE("report: differences are marked as on the terminal, and better and worse are named") {
  const std::string page = page_of(example_comparison());
  CHECK(contains(page, "+8.1pp better"));
  // equal latencies in all replications carry no interval
  CHECK(contains(page, "<span class=\"less\">? 0s</span>"));
  CHECK(contains(page, "no interval"));
}

TEST_CASE("report: the same comparison gives the same bytes") {
  Comparison again = example_comparison();
  again.studies[0].wall_seconds = 99;  // how long it took is not part of it
  CHECK(page_of(example_comparison()) == page_of(again));
}

TEST_CASE("report: hostile names stay text") {
  const std::string hostile = "</title><script>alert(1)</script>\" onload=\"x' & \n";
  StudyResult study = example(hostile, {0.9, 0.91, 0.92});
  study.name = study.path = study.description = study.price_book = hostile;
  study.overrides = {hostile};
  study.expectations[0].text = study.expectations[0].reason = hostile;
  study.assumptions = {{hostile, hostile, hostile, true}};
  study.add_audits(0, {{hostile, false, hostile}});
  study.bill = {{hostile, hostile, 1, hostile, 2}};
  study.pooled.timeline = {{Time{} + 1s, hostile, "fault", hostile},
                           {Time{} + 9s, hostile, hostile, hostile}};
  WindowedSeries series;
  series.add(Time{} + 1s, 0.5);
  study.pooled.series(hostile + ".availability", "1", series);
  StudyResult other = study;
  other.point = "other";
  const std::string page = page_of(compare_studies({study, other}));
  const Markup markup = markup_of(page);
  CHECK(markup.problem == "");
  CHECK_FALSE(has_element(markup, "script"));
  for (const auto& [name, value] : markup.attributes) CHECK(name != "onload");
  CHECK(contains(page, "&lt;script&gt;alert(1)"));
}

TEST_CASE("report: whatever has no value, coordinates are finite") {
  const double nan = std::nan("");
  StudyResult study = example("empty", {nan, nan, nan});
  for (MetricResult& each : study.metrics) {
    each.metric.value = nan;
    each.metric.values = {nan, nan, nan};
    each.interval = {nan, nan, nan};
  }
  study.pooled.series("users.latency.mean", "s", WindowedSeries());
  const Comparison comparison = compare_studies({example("base", {0.9, 0.91, 0.92}), study});
  const Markup markup = markup_of(page_of(comparison));
  CHECK(markup.problem == "");
  check_places(markup);
  check_places(markup_of(page_of(compare_studies({study, study}))));
}

TEST_CASE("report: every chart has a title and a description") {
  const Markup markup = markup_of(page_of(example_comparison()));
  const auto count = [&](const char* name) {
    return std::count(markup.elements.begin(), markup.elements.end(), name);
  };
  CHECK(count("svg") > 0);
  CHECK(count("desc") == count("svg"));
}

TEST_CASE("report: a failed audit and partial results are told at the top") {
  Comparison comparison = example_comparison();
  comparison.studies[1].add_audits(3, {{"little: resources.db", false, "1 != 2"}});
  comparison.studies[2].replications = 4;
  const std::string page = page_of(comparison);
  const std::string top = page.substr(0, page.find("<main>"));
  CHECK(contains(top, "small: the audit &quot;little: resources.db&quot; failed"));
  CHECK(contains(top, "large: interrupted after 4 of 10 replications"));
}

TEST_CASE("report: workloads for which there is no room are named") {
  StudyResult study = example_result();
  WindowedSeries series;
  series.add(Time{} + 1s, 1);
  for (const char* id : {"a", "b", "c", "d", "e"})
    study.pooled.series(std::string(id) + ".availability", "1", series);
  const std::string page = page_of(compare_studies({study}));
  CHECK(contains(page, "Availability of c"));
  CHECK_FALSE(contains(page, "Availability of d"));
  CHECK(contains(page, "Not shown, but in results.json: d and e."));
}

TEST_CASE("report: two scenarios are both named, and what flags changed too") {
  StudyResult other = example("other", {0.9, 0.91, 0.92});
  other.name = "Another shop";
  other.path = "another.yaml";
  other.expectations.clear();
  StudyResult first = example("first", {0.9, 0.91, 0.92});
  first.overrides = {"run.seed=7"};
  first.without = true;
  const std::string page = page_of(compare_studies({first, other}));
  CHECK(contains(page, "<h1>A shop and Another shop</h1>"));
  CHECK(contains(page, "shop.yaml, 0123456789ab and another.yaml, 0123456789ab"));
  CHECK(contains(page, "without:, run.seed=7"));
  first.expectations.clear();
  CHECK(contains(page_of(compare_studies({first, other})), "The scenario states none."));
}

TEST_CASE("report: of a long log the most frequent kinds are left out, and counted") {
  Comparison comparison = example_comparison();
  auto& timeline = comparison.studies[1].pooled.timeline;
  for (int i = 0; i < 1000; ++i) timeline.push_back({Time{} + 1s * i, "tg", "target", "healthy"});
  timeline.push_back({Time{} + 3723s, "web", "scaling", "6 -> 8"});
  const std::string page = page_of(comparison);
  CHECK(contains(page, "small: 1001 events"));
  CHECK(contains(page, "Left out here, but in results.json: 1000 of kind target."));
  CHECK(contains(page, "1:02:03"));
  CHECK_FALSE(contains(page, "<td>target</td>"));
}

namespace {

constexpr const char* kTwoServers = "variants:\n  two: {resources.server.servers: 2}\n";

std::string scenario() { return one_server("availability >= 99%", "replications: 3", kTwoServers); }

}  // namespace

TEST_CASE("report: compare writes the page, says where, and the number of workers does not change it") {
  const Bench bench(scenario());
  const Outcome outcome = bench.run({"compare", "s.yaml", "--report", "pages/a.html", "--workers", "1"});
  CHECK(outcome.status == 0);
  CHECK(contains(outcome.out, ", report in pages/a.html\n"));
  bench.run({"compare", "s.yaml", "--report", "b.html", "--workers", "2"});
  const std::string page = bench.file("pages/a.html");
  CHECK(page == bench.file("b.html"));
  const Markup markup = markup_of(page);
  CHECK(markup.problem == "");
  check_places(markup);
  // a band and a line of each, for availability and latency
  CHECK(contains(page, "<h3>Availability of users</h3>"));
  CHECK(contains(page, "<h3>Mean latency of users</h3>"));
}

TEST_CASE("report: run writes a page of one study") {
  const Bench bench(scenario());
  CHECK(bench.run({"run", "s.yaml", "--variant", "two", "--report", "a.html"}).status == 0);
  const std::string page = bench.file("a.html");
  CHECK(markup_of(page).problem == "");
  CHECK(contains(page, ">two"));
  CHECK_FALSE(contains(page, "differences from"));
}

TEST_CASE("report: a place that cannot be written to is an error before anything runs") {
  const Bench bench(scenario());
  std::filesystem::create_directory(bench.folder.path() / "folder");
  const Outcome outcome = bench.run({"compare", "s.yaml", "--report", "folder"});
  CHECK(outcome.status == 2);
  CHECK(contains(outcome.err, "--report needs a file, and folder is a folder"));
  CHECK(bench.run({"run", "s.yaml", "--report", "s.yaml/a.html"}).status == 2);
  CHECK(outcome.out.empty());
}
