#include "models/study/results.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "tests/models/study/example_result.hpp"

using namespace nephoscope;

namespace {

Json parsed(const StudyResult& result) { return Json::parse(results_json(result, "1.2.3")); }

}  // namespace

TEST_CASE("results: the JSON has every part that the format promises") {
  const Json json = parsed(example_result());
  for (const char* key : {"format_version", "scenario", "version", "seed", "replications", "requests",
                          "events", "wall_seconds", "summary", "workloads", "resources", "expectations",
                          "timeline", "bill", "series", "assumptions", "audits"})
    CHECK_MESSAGE(json.contains(key), key);
  CHECK(json["format_version"] == 1);
  CHECK(json["version"] == "1.2.3");
  CHECK(json["scenario"]["name"] == "A shop");
}

TEST_CASE("results: a metric has mean, interval and unit") {
  const Json metric = parsed(example_result())["summary"]["availability"];
  CHECK(metric["mean"] == 0.999);
  CHECK(metric["ci95"] == Json::array({0.998, 0.9995}));
  CHECK(metric["unit"] == "1");
}

TEST_CASE("results: workloads and resources hold the same under their ids") {
  const Json json = parsed(example_result());
  CHECK(json["resources"]["db"]["utilization"]["mean"] == 0.5);
  CHECK(json["workloads"]["shoppers"]["availability"]["mean"] == 0.999);
}

TEST_CASE("results: what has no value is null with a reason") {
  StudyResult result = example_result();
  result.metrics[0].metric.value = std::nan("");
  result.metrics[0].metric.reason = "nothing was measured";
  result.metrics[0].interval = {std::nan(""), std::nan(""), std::nan("")};
  const Json json = parsed(result);
  CHECK(json["summary"]["availability"]["mean"].is_null());
  CHECK(json["summary"]["availability"]["ci95"].is_null());
  CHECK(json["summary"]["availability"]["reason"] == "nothing was measured");
  CHECK(json["summary"]["cost.monthly"]["mean"].is_null());
  CHECK(json["summary"]["cost.monthly"]["reason"] == "a run of 1h is not whole days");
}

TEST_CASE("results: doubles survive the text exactly") {
  StudyResult result = example_result();
  result.metrics[0].metric.value = 0.1 + 0.2;
  CHECK(parsed(result)["summary"]["availability"]["mean"].get<double>() == 0.1 + 0.2);
}

TEST_CASE("results: the same study gives the same bytes but for the time it took") {
  StudyResult slow = example_result();
  slow.wall_seconds = 99;
  Json a = parsed(example_result()), b = parsed(slow);
  CHECK(a != b);
  a.erase("wall_seconds"), b.erase("wall_seconds");
  CHECK(a.dump() == b.dump());
}

TEST_CASE("results: an interrupted study is marked") {
  StudyResult result = example_result();
  CHECK(parsed(result)["partial"] == false);
  result.replications = 3;
  CHECK(parsed(result)["partial"] == true);
}

TEST_CASE("results: a series of rates counts events per second of one run") {
  StudyResult result = example_result();
  WindowedSeries series({.origin = Time{}, .width = 10s});
  for (int i = 0; i < 40; ++i) series.add(Time{} + 1s, 1);
  result.pooled.series("shoppers.throughput", "1/s", series);
  const Json json = parsed(result)["series"]["shoppers.throughput"];
  // 40 calls in a window of 10 s
  CHECK(json["values"] == Json::array({4.0}));
  CHECK(json["step"] == 10.0);
}

TEST_CASE("results: a series of values keeps each window's extremes") {
  StudyResult result = example_result();
  WindowedSeries series({.origin = Time{}, .width = 10s});
  series.add(Time{} + 1s, 1);
  series.add(Time{} + 2s, 3);
  series.add(Time{} + 25s, 5);
  result.pooled.series("db.wait", "s", series);
  const Json json = parsed(result)["series"]["db.wait"];
  CHECK(json["values"] == Json::array({2.0, nullptr, 5.0}));
  CHECK(json["max"] == Json::array({3.0, nullptr, 5.0}));
}

TEST_CASE("results: a name that is not UTF-8 still makes valid JSON") {
  StudyResult result = example_result();
  result.path = "\xff.yaml";
  CHECK_FALSE(parsed(result)["scenario"]["path"].get<std::string>().empty());
}

TEST_CASE("results: the CSV has a row for each replication and one for the pooled value") {
  const std::string csv = results_csv(example_result());
  const std::string run = run_id(example_result());
  CHECK(csv.starts_with(
      "run_id,scenario,point,replication,seed,component,metric,window,unit,value,ci95_low,ci95_high\n"));
  CHECK(csv.find("\n" + run + ",A shop,,0,42,,availability,,1,0.998,,\n") != std::string::npos);
  CHECK(csv.find("\n" + run + ",A shop,,,42,,availability,,1,0.999,0.998,0.9995\n") != std::string::npos);
  CHECK(csv.find(",resources.db,utilization,") != std::string::npos);
}

TEST_CASE("results: a CSV cell with a comma or a quote is quoted") {
  StudyResult result = example_result();
  result.name = "a \"big\", shop";
  CHECK(results_csv(result).find("\"a \"\"big\"\", shop\"") != std::string::npos);
}

TEST_CASE("results: runs with other seeds or overrides have other names") {
  StudyResult result = example_result();
  const std::string name = run_id(result);
  CHECK(name.size() == 12);
  result.overrides = {"run.seed=43"};
  CHECK(run_id(result) != name);
}

TEST_CASE("results: an audit is one row, with the first replication in which it failed") {
  StudyResult result = example_result();
  result.add_audits(1, {{"conservation: resources.db", false, "120 != 119"}});
  result.add_audits(2, {{"conservation: resources.db", false, "120 != 118"}});
  const Json audits = parsed(result)["audits"];
  REQUIRE(audits.size() == 1);
  CHECK(audits[0]["ok"] == false);
  CHECK(audits[0]["detail"] == "120 != 119");
  CHECK(audits[0]["replication"] == 1);
  CHECK(audits[0]["replications"] == 3);
}

TEST_CASE("results: the exit status tells failed, inconclusive, broken and interrupted apart") {
  StudyResult result = example_result();
  result.expectations.clear();
  CHECK(exit_status(result, false) == 0);
  result.expectations.push_back({"a < 1", Verdict::kInconclusive, MetricKind::number, 1, {1, 0, 2}, ""});
  CHECK(exit_status(result, false) == 3);
  CHECK(exit_status(result, true) == 0);
  result.expectations.push_back({"b < 1", Verdict::kNoData, MetricKind::number, 1, {1, 0, 2}, ""});
  CHECK(exit_status(result, true) == 1);
  result.status = StudyStatus::interrupted;
  CHECK(exit_status(result, false) == 130);
  result.add_audits(2, {{"conservation: db", false, "1 != 2"}});
  CHECK(exit_status(result, false) == 70);
}
