// AWS's comparison of deployment policies, computed: each cell comes from results by a threshold stated here.
//
//   NEPHOSCOPE_UPDATE=1 test_models_elasticbeanstalk -tc='table*'    writes the page's table anew
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "tests/models/elasticbeanstalk/environment_run.hpp"

namespace nephoscope::elasticbeanstalk {
namespace {

const std::string kPage = NEPHOSCOPE_SOURCE_DIR "/models/elasticbeanstalk/elasticbeanstalk.md";
const std::string kBegin = "<!-- table: begin -->\n";
const std::string kEnd = "<!-- table: end -->\n";

// The thresholds.
constexpr double kDown = 0.5;          // a minute with less availability is downtime
constexpr double kUndisturbed = 0.99;  // every minute has at least this without downtime or loss of quality
constexpr double kClocks[] = {1.5, 3, 5};  // times AllAtOnce's: more than these are 2, 3, 4 clocks

constexpr int kInstances = 6;
constexpr int kBatch = 3;

// What AWS's page says; `time` in clocks. Developer Guide, "Deploying applications to Elastic Beanstalk
// environments", table of deployment methods.
struct Documented {
  const char* name;
  EnvironmentRun run;
  const char* impact;
  int time;
  const char* zero_downtime;
  const char* no_dns_change;
  const char* rollback;
  const char* code_goes_to;
};

EnvironmentRun run_of(const std::string& policy) {
  return {.policy = policy, .instances = kInstances, .batch = kBatch, .bootstrap = "300s", .duration = "70m"};
}

std::vector<Documented> documented() {
  EnvironmentRun swaps = run_of("AllAtOnce");
  swaps.keys = "    blue_green: {}\n";
  return {
      {"AllAtOnce", run_of("AllAtOnce"), "downtime", 1, "no", "yes", "manual redeploy", "existing"},
      {"Rolling", run_of("Rolling"), "a batch is out", 2, "yes", "yes", "manual redeploy", "existing"},
      {"RollingWithAdditionalBatch", run_of("RollingWithAdditionalBatch"), "minimal", 3, "yes", "yes",
       "manual redeploy", "new and existing"},
      {"Immutable", run_of("Immutable"), "minimal", 4, "yes", "yes", "terminate new", "new"},
      {"TrafficSplitting", run_of("TrafficSplitting"), "minimal", 4, "yes", "yes", "reroute, terminate new",
       "new"},
      {"blue/green", swaps, "minimal", 4, "yes", "no", "swap URL", "new"},
  };
}

// The availability of the worst minute after the deployment began.
double worst_minute(const Report& report) {
  for (const SeriesMeasure& each : report.all_series()) {
    if (each.name != "users.availability") continue;
    const auto per_minute = static_cast<std::size_t>(Duration(1min) / each.series.width());
    const auto windows = each.series.windows();
    double worst = 1;
    for (std::size_t i = 10 * per_minute; i + per_minute <= windows.size(); i += per_minute) {
      double answered = 0, all = 0;
      for (std::size_t j = i; j < i + per_minute; ++j) {
        answered += windows[j].sum;
        all += windows[j].weight;
      }
      worst = std::min(worst, answered / all);
    }
    return worst;
  }
  FAIL("no series of availability");
  return 0;
}

// Instances that are healthy behind the load balancer at the end of the run, by the event log.
int healthy_at_end(const Report& report) {
  std::map<std::string, bool> healthy;
  for (const LoggedEvent& event : report.timeline)
    if (event.kind == "target")
      healthy[event.text.substr(0, event.text.find(':'))] =
          event.text.find("-> healthy") != std::string::npos;
  return static_cast<int>(
      std::count_if(healthy.begin(), healthy.end(), [](const auto& each) { return each.second; }));
}

bool has(const Report& report, const std::string& step, int times = 1) {
  return time_of(report, step, times) < 24h;
}

std::string impact_of(const Report& failed) {
  const double worst = worst_minute(failed);
  if (worst < kDown) return "downtime";
  if (healthy_at_end(failed) < kInstances) return "a batch is out";
  return worst >= kUndisturbed ? "minimal"
                               : fmt::format("{:.0f} % fail in the worst minute", 100 * (1 - worst));
}

int clocks_of(Duration time, Duration all_at_once) {
  const double ratio = static_cast<double>(time.count()) / static_cast<double>(all_at_once.count());
  return 1 + static_cast<int>(std::count_if(std::begin(kClocks), std::end(kClocks),
                                            [&](double limit) { return ratio > limit; }));
}

std::string rollback_of(const Report& failed) {
  if (!has(failed, "roll back")) return "manual redeploy";
  if (has(failed, "swap", 2)) return "swap URL";
  return has(failed, "shift") ? "reroute, terminate new" : "terminate new";
}

std::string code_goes_to(const Report& good) {
  if (!has(good, "launch")) return "existing";
  return has(good, "deploy") ? "new and existing" : "new";
}

// "yes", or "no (AWS: yes)*".
std::string cell(const std::string& computed, const std::string& aws, bool footnote) {
  if (computed == aws) return computed;
  return fmt::format("**{}** (AWS: {}){}", computed, aws, footnote ? "" : " ?");
}

std::string table() {
  std::string text =
      "| how | failed deployment | the same, failing under traffic | time to ship | clocks | zero downtime | "
      "no DNS "
      "change | rollback | code goes to |\n|---|---|---|---|---|---|---|---|---|\n";
  Duration all_at_once{};
  for (const Documented& aws : documented()) {
    EnvironmentRun run = aws.run;
    const Report good = run.run();
    run.v2 = "{crashes_at_boot: true}";
    const Report broken = run.run();
    run.v2 = "{error_rate: 100%}";
    const Report failing = run.run();
    if (has(failing, "shift")) {
      // AWS: the percentage of client traffic that was routed to the new version; here 10 %.
      CHECK(worst_minute(failing) >= 0.9);
      CHECK(worst_minute(failing) < 1);
    }
    const Duration time = time_of(good, "succeed") - Duration(10min);
    if (all_at_once == Duration{}) all_at_once = time;
    text += fmt::format("| {} | {} | {} | {} | {} | {} | {} | {} | {} |\n", aws.name,
                        cell(impact_of(broken), aws.impact, true), impact_of(failing),
                        show(Duration(time / Duration(1s) * Duration(1s))),
                        cell(std::to_string(clocks_of(time, all_at_once)), std::to_string(aws.time), true),
                        cell(worst_minute(good) >= kUndisturbed ? "yes" : "no", aws.zero_downtime, false),
                        cell(has(good, "swap") ? "no" : "yes", aws.no_dns_change, false),
                        cell(rollback_of(failing), aws.rollback, false),
                        cell(code_goes_to(good), aws.code_goes_to, false));
  }
  return text;
}

std::string read_page() {
  std::ifstream in(kPage);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST_CASE("table: what runs show of each policy is what the page says beside AWS's own comparison") {
  if (kSlowBuild) return;  // the same runs as in the other tests
  std::string page = read_page();
  const auto begin = page.find(kBegin) + kBegin.size();
  const auto end = page.find(kEnd);
  REQUIRE(page.find(kBegin) != std::string::npos);
  REQUIRE(end != std::string::npos);
  const std::string computed = table();
  if (std::getenv("NEPHOSCOPE_UPDATE") != nullptr) {
    page.replace(begin, end - begin, computed);
    std::ofstream(kPage) << page;
  }
  CHECK(read_page().substr(begin, computed.size()) == computed);
  CHECK(computed.find(" ?") == std::string::npos);  // a difference that the page does not explain
}

}  // namespace
}  // namespace nephoscope::elasticbeanstalk
