#include "models/study/chosen_metrics.hpp"

#include <doctest/doctest.h>

using namespace nephoscope;

namespace {

Scenario scenario() {
  SourceSet sources;
  Diagnostics diagnostics;
  auto read =
      parse_scenario(sources, "s.yaml",
                     "nephoscope: 1\nname: one\nrun: {duration: 60s, warmup: 5s}\n"
                     "workloads: {users: {target: web, arrivals: {rate: 50/s}}}\n"
                     "resources: {web: {type: Nephoscope::Station, service: 5ms}}\n"
                     "expect: [latency.p90 < 1s, {metric: availability, above: 9%, from: 10s, to: 20s}]\n",
                     {}, diagnostics);
  REQUIRE_MESSAGE(read, diagnostics.render(sources));
  return std::move(*read);
}

// The names chosen, one a line, or the first problem.
std::string chosen(const std::vector<std::string>& names) {
  SourceSet sources;
  Diagnostics diagnostics;
  const auto keys = choose_metrics(scenario(), names, sources, diagnostics);
  if (!keys) return diagnostics.sorted().front().message;
  std::string text;
  for (const MetricKey& key : *keys) text += show(key) + "\n";
  return text;
}

}  // namespace

TEST_CASE("chosen metrics: unless named they are the usual ones and those of the expectations") {
  CHECK(chosen({}) == "availability\nlatency.p99\ncost.total\nlatency.p90\navailability 10s..20s\n");
}

TEST_CASE("chosen metrics: names are those of expectations, each once") {
  CHECK(chosen({"resources.web.utilization", "workloads.users.latency.p95", "resources.web.utilization"}) ==
        "resources.web.utilization\nworkloads.users.latency.p95\n");
}

TEST_CASE("chosen metrics: what a run does not report is an error") {
  CHECK(chosen({"latency.p90"}) == "latency.p90\n");  // an expectation asks for it
  CHECK(chosen({"latency.p80"}) == "'latency.p80' is not among the results");
  CHECK(chosen({"resources.db.utilization"}).find("db") != std::string::npos);
  CHECK(chosen({"latenzy.p99"}).find("latenzy") != std::string::npos);
}
