// What each way to ship does to an environment, against arithmetic by hand.
#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>

#include "tests/models/elasticbeanstalk/environment_run.hpp"

namespace nephoscope::elasticbeanstalk {
namespace {

constexpr Duration kStart = 10min;  // of the deployment

// Healthy targets over time, by the event log of load balancers: the fewest from `from` to `to`.
int fewest_healthy(const Report& report, Duration from, Duration to) {
  std::set<std::string> healthy;
  int fewest = 1000;
  bool begun = false;
  for (const LoggedEvent& event : report.timeline) {
    if (event.kind != "target") continue;
    if (!begun && event.time - Time{} >= from) {
      begun = true;
      fewest = static_cast<int>(healthy.size());
    }
    const std::string name = event.text.substr(0, event.text.find(':'));
    if (event.text.find("-> healthy") != std::string::npos)
      healthy.insert(name);
    else
      healthy.erase(name);
    if (begun && event.time - Time{} < to) fewest = std::min(fewest, static_cast<int>(healthy.size()));
  }
  return begun ? fewest : static_cast<int>(healthy.size());
}

// The most instances that were InService at once, in all groups together.
int most_in_service(const Report& report) {
  int now = 0, most = 0;
  for (const LoggedEvent& event : report.timeline) {
    if (event.kind == "launch" && event.text.ends_with("is InService")) ++now;
    if (event.kind == "terminate") --now;
    most = std::max(most, now);
  }
  return most;
}

double lost(const Report& report) { return ratio_of(report, {Scope::summary, "", "requests.lost"}); }

bool logged(const Report& report, const std::string& text) {
  return std::any_of(report.timeline.begin(), report.timeline.end(),
                     [&](const LoggedEvent& event) { return event.text.find(text) != std::string::npos; });
}

TEST_CASE("policy: all at once takes the installation, the restart and twelve checks, and is an outage") {
  const Report report = EnvironmentRun{}.run();
  // 30 s + 10 s, then the twelfth check is 110 to 120 s away, or 10 s more where the first one still sees the
  // outage; the controller looks each second.
  const Duration took = time_of(report, "succeed") - kStart;
  CHECK(took >= 150s);
  CHECK(took <= 172s);
  // 40/s for 10 s find no application: 400, give or take 4 standard deviations of 20.
  CHECK(lost(report) > 320);
  CHECK(lost(report) < 480);
}

TEST_CASE("policy: rolling keeps all but a batch behind the load balancer, and loses nothing") {
  const Report report = EnvironmentRun{.policy = "Rolling"}.run();
  CHECK(fewest_healthy(report, kStart, time_of(report, "succeed")) == 2);  // 4 less 2
  CHECK(lost(report) == 0);
  // Two batches of 40 s and of twelve checks beside three of the load balancer's.
  const Duration took = time_of(report, "succeed") - kStart;
  CHECK(took >= 2 * 150s);
  CHECK(took <= 2 * 200s);
}

TEST_CASE("policy: with an additional batch the capacity never falls, and two instances more are paid for") {
  const Report report = EnvironmentRun{.policy = "RollingWithAdditionalBatch"}.run();
  CHECK(fewest_healthy(report, kStart, time_of(report, "succeed")) == 4);
  CHECK(most_in_service(report) == 6);
  CHECK(lost(report) == 0);
}

TEST_CASE(
    "policy: immutable launches one instance, then the others, and at its height there are twice as many") {
  const Report report = EnvironmentRun{.policy = "Immutable"}.run();
  CHECK(logged(report, "launch: 1 with v2 in a temporary group"));
  CHECK(logged(report, "launch: 3 with v2 in a temporary group"));
  CHECK(most_in_service(report) == 8);
  CHECK(fewest_healthy(report, kStart, 45min) == 4);
  CHECK(lost(report) == 0);
  // Twice 100 s until the application runs and twelve checks.
  const Duration took = time_of(report, "succeed") - kStart;
  CHECK(took >= 2 * 210s);
  CHECK(took <= 2 * 250s);
}

TEST_CASE("policy: what has not passed when the command time-out and four minutes are over fails") {
  const Report report = EnvironmentRun{.v2 = "{crashes_at_boot: true}", .command = ", Timeout: 60"}.run();
  // The gate opens 40 s after the start and waits 60 s + 240 s.
  const Duration failed = time_of(report, "fail") - kStart;
  CHECK(failed >= 340s);
  CHECK(failed <= 343s);
}

TEST_CASE("policy: a deployment that ignores health checks goes on after the time-out") {
  const Report report = EnvironmentRun{.policy = "Rolling",
                                       .v2 = "{fails_health_checks: true}",
                                       .command = ", Timeout: 60, IgnoreHealthCheck: true"}
                            .run();
  CHECK(time_of(report, "succeed") < 24h);
  CHECK(logged(report, "health: failed"));
}

TEST_CASE("policy: a version with 3 % errors is a Warning, which passes only if the threshold says so") {
  EnvironmentRun run{
      .policy = "Rolling", .v2 = "{error_rate: 3%}", .command = ", Timeout: 300", .rate = "200/s"};
  CHECK(time_of(run.run(), "fail") < 24h);
  run.health = "{SystemType: enhanced, HealthCheckSuccessThreshold: Warning}";
  CHECK(time_of(run.run(), "succeed") < 24h);
}

TEST_CASE("policy: with basic health it is enough that the load balancer finds the instances healthy") {
  EnvironmentRun run{.policy = "Rolling", .health = "{SystemType: basic}"};
  // A batch takes 40 s until its application runs again, and one check, each 15 s, until it is healthy.
  const Duration took = time_of(run.run(), "succeed") - kStart;
  CHECK(took >= 2 * 40s);
  CHECK(took <= 2 * 58s);
}

TEST_CASE("policy: a batch that fails stays out, and the rest serves on") {
  const Report report = EnvironmentRun{.policy = "Rolling", .v2 = "{crashes_at_boot: true}"}.run();
  CHECK(logged(report, "detach: 2 instances of the failed batch stay out"));
  CHECK(fewest_healthy(report, 45min, 24h) == 2);
  CHECK(lost(report) == 0);
}

TEST_CASE("policy: after a failure, what is launched later has the version before") {
  // v2 crashes at boot and stays on a batch of two; all instances end at 35:00, and four healthy ones come.
  EnvironmentRun run{.policy = "Rolling", .v2 = "{crashes_at_boot: true}"};
  run.more =
      "faults:\n  all-gone: {at: 35m, action: aws:ec2:terminate-instances, target: shop/AutoScalingGroup, "
      "selection: ALL}\n";
  CHECK(fewest_healthy(run.run(), 45min, 24h) == 4);
}

TEST_CASE("policy: an additional batch that fails goes, and the old fleet is untouched") {
  const Report report =
      EnvironmentRun{.policy = "RollingWithAdditionalBatch", .v2 = "{crashes_at_boot: true}"}.run();
  CHECK(logged(report, "terminate: 2 instances of the additional batch"));
  CHECK(fewest_healthy(report, kStart, 24h) == 4);
}

TEST_CASE("policy: traffic splitting risks its share of the traffic until an instance is ill") {
  const Report report =
      EnvironmentRun{.policy = "TrafficSplitting", .v2 = "{error_rate: 100%}", .rate = "100/s"}.run();
  CHECK(logged(report, "shift: all traffic to the version before"));
  CHECK(time_of(report, "roll back") < 24h);
  const Duration risked = time_of(report, "shift", 2) - time_of(report, "shift");
  // Three failed checks of one agent: 20 to 40 s.
  CHECK(risked >= 20s);
  CHECK(risked <= 40s);
  // 10 % of 100/s.
  CHECK(lost(report) == doctest::Approx(10 * to_seconds(risked)).epsilon(0.25));
}

TEST_CASE("policy: a good version under split traffic takes its time and then all of it") {
  const Report report = EnvironmentRun{.policy = "TrafficSplitting"}.run();
  CHECK(time_of(report, "shift", 2) - time_of(report, "shift") == 5min);
  CHECK(most_in_service(report) == 8);
  CHECK(lost(report) == 0);
}

TEST_CASE(
    "policy: an immutable deployment whose command time-out is shorter than the bootstrap always fails") {
  const Report report =
      EnvironmentRun{.policy = "Immutable", .command = ", Timeout: 60", .bootstrap = "400s"}.run();
  CHECK(time_of(report, "roll back") < 24h);
  CHECK(fewest_healthy(report, kStart, 24h) == 4);
}

TEST_CASE("policy: blue/green moves users within the TTL, and the old environment goes an hour later") {
  const Report report = EnvironmentRun{.keys = "    blue_green: {keep_old: 20m}\n", .duration = "2h"}.run();
  const Duration swapped = time_of(report, "swap");
  CHECK(time_of(report, "terminate") - swapped == 25min);  // watched for 5 min, then kept for 20
  CHECK(most_in_service(report) == 8);
  // Until then nothing is lost; afterwards 1 % of 40/s whose resolvers never ask again.
  const double after = to_seconds(2h - time_of(report, "terminate"));
  CHECK(lost(report) == doctest::Approx(0.01 * 40 * after).epsilon(0.25));
}

TEST_CASE("policy: there is no third colour while the old environment is kept, and then there is again") {
  EnvironmentRun run{.keys = "    blue_green: {keep_old: 20m}\n", .rate = "4/s", .duration = "3h"};
  // Swapped before 0:30, watched for 5 minutes, terminated before 0:55.
  run.more = "  early: {at: 40m, target: shop, version: v1}\n  late: {at: 70m, target: shop, version: v1}\n";
  const Report report = run.run();
  CHECK(logged(report, "refused: the environment that was swapped out has not been terminated yet"));
  CHECK(ratio_of(report, {Scope::resource, "early", "succeeded"}) == 0);
  CHECK(ratio_of(report, {Scope::resource, "late", "succeeded"}) == 1);
  CHECK(logged(report, "swap: shop is now shop;"));
}

TEST_CASE("policy: an ill green environment is swapped back") {
  const Report report =
      EnvironmentRun{.v2 = "{error_rate: 50%}", .keys = "    blue_green: {}\n", .duration = "2h"}.run();
  CHECK(time_of(report, "swap", 2) < 24h);
  CHECK(time_of(report, "swap", 2) - time_of(report, "swap") < 2min);
  CHECK(steps_of(report).find("swap, evaluate, health, swap, roll back, ") != std::string::npos);
}

TEST_CASE("policy: a database inside an environment goes with it, unless it is retained") {
  EnvironmentRun run{.handler = "[{compute: 10ms}, {call: db.get}]",
                     .keys = "    blue_green: {keep_old: 10m}\n    database: db\n",
                     .resources = "  db: {type: Nephoscope::Station, service: 1ms}\n",
                     .duration = "2h"};
  // 40/s fail from its end on.
  const Report gone = run.run();
  CHECK(logged(gone, "its environment was terminated"));
  CHECK(lost(gone) > 40 * to_seconds(2h - time_of(gone, "terminate")) * 0.9);
  run.option_settings = "      aws:rds:dbinstance: {DBDeletionPolicy: Retain}\n";
  CHECK(lost(run.run()) < lost(gone) / 10);  // those whose resolvers never ask again
}

TEST_CASE("policy: a second deployment is refused while one is under way") {
  const Report report =
      EnvironmentRun{.policy = "Rolling", .more = "  again: {at: 11m, target: shop, version: v1}\n"}.run();
  CHECK(logged(report, "refused: another operation is in progress"));
  CHECK(ratio_of(report, {Scope::resource, "ship", "succeeded"}) == 1);
  CHECK(ratio_of(report, {Scope::resource, "again", "succeeded"}) == 0);
}

TEST_CASE("policy: a failed deployment is followed by one of the version before, if somebody acts") {
  const Report report = EnvironmentRun{.v2 = "{crashes_at_boot: true}",
                                       .command = ", Timeout: 60",
                                       .deployment = ", assume: {redeploy_after: 10m}"}
                            .run();
  // Down from 10:40 to the redeployment's restart: 5 min 40 s of time-out, 10 min, 40 s; 11 s of the first
  // restart.
  CHECK(logged(report, "shipping the version before: succeeded"));
  CHECK(ratio_of(report, {Scope::summary, "", "time_to_recover"}) == doctest::Approx(17 * 60).epsilon(0.07));
}

TEST_CASE("policy: a single instance is out while a version is shipped all at once, not if immutably") {
  EnvironmentRun run{.instances = 1, .batch = 1, .environment = "{EnvironmentType: SingleInstance}"};
  CHECK(lost(run.run()) > 320);
  run.policy = "Immutable";
  const Report report = run.run();
  CHECK(time_of(report, "succeed") < 24h);
  CHECK(lost(report) < 40);  // those under way at the old instance when it ends
}

TEST_CASE("policy: a managed action replaces all instances in its window") {
  // The run begins on Thursday 2026-01-01 00:00 UTC; the window on Thursday at 01:00 lasts two hours.
  EnvironmentRun run{.option_settings =
                         "      aws:elasticbeanstalk:managedactions: {ManagedActionsEnabled: true, "
                         "PreferredStartTime: \"Thu:01:00\"}\n"
                         "      aws:elasticbeanstalk:managedactions:platformupdate: {UpdateLevel: minor, "
                         "InstanceRefreshEnabled: true}\n",
                     .duration = "4h"};
  const Report report = run.run();
  const Duration begun = time_of(report, "begin", 2);
  CHECK(begun >= 1h);
  CHECK(begun <= 3h);
  CHECK(logged(report, "replaces all instances"));
  CHECK(time_of(report, "succeed", 2) < 24h);
}

// --- changes of configuration

EnvironmentRun resized(const std::string& rolling_update, const std::string& type) {
  return {
      .option_settings = "      aws:autoscaling:updatepolicy:rollingupdate: {RollingUpdateEnabled: true, " +
                         rolling_update + "}\n",
      .more = "  resize: {at: 30m, target: shop, instance_type: " + type + "}\n",
      .duration = "3h"};
}

bool all_run_as(const Report& report, const std::string& type, int count) {
  return std::count_if(report.timeline.begin(), report.timeline.end(), [&](const LoggedEvent& event) {
           return event.kind == "launch" && event.text.find("(" + type) != std::string::npos;
         }) == count;
}

TEST_CASE("update: a health-based one exchanges batches and waits until the new instances are well") {
  const Report report =
      resized("RollingUpdateType: Health, MaxBatchSize: 2, MinInstancesInService: 2", "t3.small").run();
  CHECK(steps_of(report).find("begin, terminate, health, terminate, health, succeed, ") != std::string::npos);
  CHECK(all_run_as(report, "t3.small", 4));
  CHECK(fewest_healthy(report, 30min, 3h) == 2);
  CHECK(ratio_of(report, {Scope::resource, "resize", "succeeded"}) == 1);
}

TEST_CASE("update: as many stay in service as the settings ask for, at the price of smaller batches") {
  const Report report =
      resized("RollingUpdateType: Health, MaxBatchSize: 2, MinInstancesInService: 3", "t3.small").run();
  CHECK(logged(report, "terminate: 1 to 1 of 4"));
  CHECK(fewest_healthy(report, 30min, 3h) == 3);
}

TEST_CASE("update: a time-based one pauses between batches, whatever their health") {
  const Report report =
      resized("RollingUpdateType: Time, MaxBatchSize: 2, MinInstancesInService: 2, PauseTime: PT5M",
              "t3.small")
          .run();
  CHECK(time_of(report, "pause", 2) - time_of(report, "pause") == 5min);
  CHECK(time_of(report, "succeed", 2) - time_of(report, "pause", 2) == 5min);
}

TEST_CASE("update: one that cannot launch is followed by one back") {
  // Four t3.micro have 8 vCPUs; the two that stay have 4, and an m5.4xlarge 16: over the quota of 19.
  EnvironmentRun run = resized(
      "RollingUpdateType: Health, MaxBatchSize: 2, MinInstancesInService: 2, Timeout: PT10M", "m5.4xlarge");
  run.more += "ec2: {vcpu_quota: 19}\n";
  const Report report = run.run();
  CHECK(steps_of(report).find("roll back, ") != std::string::npos);
  CHECK(ratio_of(report, {Scope::resource, "resize", "rolled_back"}) == 1);
  CHECK(all_run_as(report, "m5.4xlarge", 0));
}

TEST_CASE("update: what is launched later is of the new type, beside the old instances too") {
  EnvironmentRun run =
      resized("RollingUpdateType: Health, MaxBatchSize: 2, MinInstancesInService: 2", "t3.small");
  run.policy = "Immutable";
  run.more += "  again: {at: 90m, target: shop, version: v1}\n";
  // Four by the update, four by the deployment after it.
  CHECK(all_run_as(run.run(), "t3.small", 8));
}

TEST_CASE("update: an immutable one that fails leaves the type as it was") {
  // 4 x 2 vCPUs, and one m5.4xlarge of 16 beside them: over the quota of 20.
  EnvironmentRun run = resized("RollingUpdateType: Immutable", "m5.4xlarge");
  run.more += "  again: {at: 90m, target: shop, version: v1}\nec2: {vcpu_quota: 20}\n";
  run.policy = "Immutable";
  run.duration = "4h";
  const Report report = run.run();
  CHECK(ratio_of(report, {Scope::resource, "resize", "rolled_back"}) == 1);
  CHECK(ratio_of(report, {Scope::resource, "again", "succeeded"}) == 1);
  CHECK(all_run_as(report, "m5.4xlarge", 0));
}

TEST_CASE("update: an immutable one launches the new type beside the old") {
  const Report report = resized("RollingUpdateType: Immutable", "t3.small").run();
  CHECK(all_run_as(report, "t3.small", 4));
  CHECK(fewest_healthy(report, 30min, 3h) == 4);
  CHECK(ratio_of(report, {Scope::resource, "resize", "succeeded"}) == 1);
}

}  // namespace
}  // namespace nephoscope::elasticbeanstalk
