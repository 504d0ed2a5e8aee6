#include <algorithm>
#include <map>

#include "models/cloudwatch/alarm.hpp"
#include "models/cloudwatch/alarm_resource.hpp"
#include "models/replication.hpp"
#include "models/scenario.hpp"
#include "tests/models/cloudwatch/fixture.hpp"

namespace nephoscope::cloudwatch {
namespace {

struct OneCloudWatch final : Wiring {
  explicit OneCloudWatch(CloudWatch& service) : service_(service) {}
  Endpoint& endpoint(std::string_view) const override { fail_check("test", "no endpoint"); }
  Application& application(std::string_view) const override { fail_check("test", "no application"); }
  CloudWatch& cloudwatch() const override { return service_; }

 private:
  CloudWatch& service_;
};

AlarmConfig read(const std::string& yaml) {
  SourceSet sources;
  Diagnostics diagnostics;
  const Tree tree = parse_text(sources, "test", yaml, diagnostics);
  Context context(diagnostics);
  auto config = AlarmConfig::fields().read(tree.root(), context);
  INFO(diagnostics.render(sources));
  REQUIRE(config.has_value());
  return std::move(*config);
}

TEST_CASE("alarm resource: properties are CloudFormation's") {
  const AlarmSpec spec = read(R"(
type: AWS::CloudWatch::Alarm
namespace: AWS/ApplicationELB
metric_name: HTTPCode_Target_5XX_Count
dimensions: {LoadBalancer: front, TargetGroup: web}
statistic: Sum
period: 5m
evaluation_periods: 4
datapoints_to_alarm: 3
threshold: 10
comparison_operator: GreaterThanOrEqualToThreshold
treat_missing_data: notBreaching)")
                             .spec("errors");
  CHECK(spec.name == "errors");
  CHECK(spec.owner == "errors");
  REQUIRE(spec.queries.size() == 1);
  CHECK(full_name(spec.queries[0].metric) ==
        "AWS/ApplicationELB HTTPCode_Target_5XX_Count LoadBalancer=front TargetGroup=web");
  CHECK(spec.queries[0].statistic == Statistic::sum);
  CHECK(spec.period == 5min);
  CHECK(spec.evaluation_periods == 4);
  CHECK(spec.datapoints_to_alarm == 3);
  CHECK(spec.threshold == 10);
  CHECK(spec.comparison == ComparisonOperator::greater_than_or_equal);
  CHECK(spec.missing_data == MissingData::not_breaching);
  CHECK_FALSE(spec.repeats_action);
}

TEST_CASE("alarm resource: metrics and expressions stand in a list, the last one is compared") {
  const AlarmSpec spec = read(R"(
type: AWS::CloudWatch::Alarm
metrics:
  - {id: e, namespace: Shop, metric_name: Errors, statistic: Sum}
  - {id: r, namespace: Shop, metric_name: Requests, statistic: Sum}
  - {id: rate, expression: 100 * e / r}
evaluation_periods: 3
threshold: 1
comparison_operator: GreaterThanThreshold)")
                             .spec("rate");
  REQUIRE(spec.queries.size() == 3);
  CHECK(spec.queries[1].metric.name == "Requests");
  CHECK(spec.queries[2].expression == "100 * e / r");
}

TEST_CASE(
    "alarm resource: it reports its share in ALARM, its transitions and its first ALARM, after warm-up") {
  Fixture f;
  f.world.run.warmup = 5min;
  AlarmSpec spec = Fixture::spec(1, 1);
  AlarmResource resource(f.world, "high", spec);
  resource.connect(OneCloudWatch(f.service));
  f.service.put_alarm(spec, &f.recorder);  // a witness: the same alarm, at the same phase
  resource.start();
  f.minutes({10, 10, 10, 10, 10});
  resource.begin_measurement();
  f.minutes({10, 10, 90, 90, 90, 90, 10, 10, 10, 10});
  REQUIRE(f.recorder.times.size() == 3);  // -> OK in warm-up, -> ALARM, -> OK
  Report report;
  resource.report(report);
  const auto value = [&](const char* name) {
    const auto& ratio = std::get<RatioMeasure>(report.find({Scope::resource, "high", name})->value);
    return ratio.numerator / ratio.denominator;
  };
  const double in_alarm = to_seconds(f.recorder.times[2] - f.recorder.times[1]);
  CHECK(value("alarm.share") == doctest::Approx(in_alarm / 600));  // of 10 measured minutes
  CHECK(value("insufficient_data.share") == 0);
  CHECK(value("transitions") == 2);
  CHECK(value("alarm.first") == doctest::Approx(to_seconds(f.recorder.times[1])));
  Audit audit;
  resource.audit(audit);
  CHECK(audit.lines()[0].ok);
  CHECK(audit.lines()[0].detail == "900 s in three states, 900 s since the start");
}

TEST_CASE("cloudwatch: its assumptions are in force where something runs in AWS, or where they are set") {
  const auto assumed = [](const std::string& more) {
    SourceSet sources;
    Diagnostics diagnostics;
    const auto scenario = parse_scenario(sources, "test.yaml", R"(
nephoscope: 1
name: One station
run: {duration: 1h, warmup: 1m}
workloads: {users: {target: db, arrivals: 1/s}}
resources:
  db: {type: Nephoscope::Station, service: 10ms}
)" + more,
                                         {}, diagnostics);
    INFO(diagnostics.render(sources));
    REQUIRE(scenario.has_value());
    return std::count_if(scenario->assumptions.begin(), scenario->assumptions.end(),
                         [](const auto& each) { return each.path.starts_with("cloudwatch."); });
  };
  CHECK(assumed("") == 0);
  CHECK(assumed("cloudwatch: {assume: {extra_datapoints: 3}}") == 1);
  CHECK(assumed("  all: {type: AWS::CloudWatch::CompositeAlarm, alarm_rule: OK(all)}") == 4);
}

TEST_CASE("alarm resource: in a scenario, alarms and a composite alarm run, are billed and audited") {
  const std::string text = R"(
nephoscope: 1
name: An alarm that hears nothing
run: {duration: 1h, warmup: 1m}
workloads: {users: {target: db, arrivals: 1/s}}
resources:
  db: {type: Nephoscope::Station, service: 10ms}
  silent:
    type: AWS::CloudWatch::Alarm
    namespace: Shop
    metric_name: Heartbeat
    evaluation_periods: 1
    threshold: 1
    comparison_operator: LessThanThreshold
    treat_missing_data: breaching
  page: {type: AWS::CloudWatch::CompositeAlarm, alarm_rule: ALARM(silent)}
cloudwatch: {assume: {composite_delay: 500ms}}
)";
  SourceSet sources;
  Diagnostics diagnostics;
  const auto scenario = parse_scenario(sources, "test.yaml", text, {}, diagnostics);
  INFO(diagnostics.render(sources));
  REQUIRE(scenario.has_value());
  const Report report = run_replication(*scenario, 0);
  CHECK(report.usage.quantities().at({"silent", "CW:AlarmMonitorUsage"}) == 1);
  CHECK(report.usage.quantities().at({"page", "CW:CompositeAlarmMonitorUsage"}) == 1);
  std::map<std::string, std::vector<Time>> seen;
  for (const LoggedEvent& event : report.timeline)
    seen[event.resource + ": " + event.text].push_back(event.time);
  const auto silent =
      seen["silent: INSUFFICIENT_DATA -> ALARM: no datapoint in 3 x 1m; 1 missing, as if breaching"];
  const auto page = seen["page: OK -> ALARM: silent is ALARM"];
  REQUIRE(silent.size() == 1);
  REQUIRE(page.size() == 1);
  CHECK(silent[0] <= Time{} + 60s);
  CHECK(page[0] - silent[0] == 500ms);
  for (const AuditLine& line : report.audits) CHECK(line.ok);
}

}  // namespace
}  // namespace nephoscope::cloudwatch
