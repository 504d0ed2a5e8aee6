// A scaler on a real table: consumption, throttling, UpdateTable and its limits are the table's own.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "models/applicationautoscaling/scaler.hpp"
#include "models/cloudwatch/cloudwatch.hpp"
#include "models/common/report.hpp"
#include "models/dynamodb/table.hpp"
#include "tests/support/read_config.hpp"

namespace nephoscope::applicationautoscaling {
namespace {

// Ten write units, updates of two minutes, datapoints 30 s late. One write of 1 KB a request.
class Bench final : public Wiring {
 public:
  explicit Bench(const std::string& tracking = "")
      : world({.warmup = {}, .duration = 24h, .start_epoch = 0, .windows = {}}, Seed{1}, 0),
        assumed(read_config<cloudwatch::CloudWatchConfig>("{assume: {metric_delay: 30s}}")),
        watch(world, assumed),
        table_config(read_config<dynamodb::TableConfig>(
            "{type: AWS::DynamoDB::Table, key_schema: {partition_key: id}, provisioned_throughput: "
            "{read_capacity_units: 10, write_capacity_units: 10}, assume: {item_size: 1000B, update_time: "
            "2m}}")),
        table(world, "orders", table_config),
        config(read_config<ScalableTargetConfig>(
            "{type: AWS::ApplicationAutoScaling::ScalableTarget, resource_id: orders, scalable_dimension: "
            "'dynamodb:table:WriteCapacityUnits', min_capacity: 1, max_capacity: 1000, scaling_policies: "
            "{target_tracking: {predefined_metric: DynamoDBWriteCapacityUtilization" +
            tracking + "}}}")),
        scaler(world, "writes", config) {
    table.connect(*this);
    scaler.connect(*this);
    table.start();
    scaler.start();
  }
  ~Bench() override {
    Audit audit;
    table.audit(audit);
    scaler.audit(audit);
    for (const AuditLine& line : audit.lines()) CHECK_MESSAGE(line.ok, line.name, ": ", line.detail);
    world.simulation.clear();
  }
  Endpoint& endpoint(std::string_view) const override { fail_check("test", "nothing is called"); }
  Application& application(std::string_view) const override { fail_check("test", "nothing runs"); }
  CloudWatch& cloudwatch() const override { return watch; }
  ScalableDimension& scalable_dimension(std::string_view, std::string_view part,
                                        std::string_view dimension) const override {
    return *table.scalable_dimension(part, dimension);
  }
  // Evenly spaced writes, at a rate until each instant.
  void load(std::vector<std::pair<Duration, double>> stages) {
    stages_ = std::move(stages);
    world.simulation.spawn(write());
  }
  void run(Duration until) { world.simulation.run_until(Time{} + until); }
  std::int64_t capacity() {
    return scalable_dimension("", "", "dynamodb:table:WriteCapacityUnits").capacity();
  }
  // When the scaler decided, and what: "10 -> 43".
  std::vector<LoggedEvent> decisions() const {
    std::vector<LoggedEvent> found;
    for (const LoggedEvent& event : world.events.events())
      if (event.resource == "writes" && event.kind == "scaling") found.push_back(event);
    return found;
  }

  World world;
  cloudwatch::CloudWatchConfig assumed;
  mutable cloudwatch::Service watch;
  dynamodb::TableConfig table_config;
  mutable dynamodb::Table table;
  ScalableTargetConfig config;
  Scaler scaler;

 private:
  Process write() {
    Request request;
    request.operation = world.operations.intern("PutItem");
    for (const auto& [until, rate] : stages_)
      while (world.now() < Time{} + until) {
        request.number = mix64(++request.key);
        table.endpoint()->submit(request, ReplyId{});
        const WaitStatus status = co_await world.simulation.delay(from_seconds(1 / rate));
        if (status != WaitStatus::done) co_return;
      }
  }
  std::vector<std::pair<Duration, double>> stages_;
};

}  // namespace

TEST_CASE(
    "applicationautoscaling: a table's burst carries a step until its capacity has followed in one go") {
  Bench bench;
  bench.load({{20min, 6}, {40min, 30}});
  // 300 s of the unused 10 units carry 20 units/s beyond the capacity for 150 s; so the minute of 21:00 shows
  // all 1800 writes, and 1800 / (60 x 0.7) = 42.9.
  bench.run(22min);
  CHECK(bench.decisions().empty());
  bench.run(24min);
  REQUIRE(bench.decisions().size() == 1);
  CHECK(bench.decisions()[0].text.starts_with("10 -> 43: "));
  const Time asked = bench.decisions()[0].time;
  CHECK(asked >= Time{} + 22min + 30s);
  CHECK(asked <= Time{} + 23min + 30s);
  bench.run(asked - Time{} + 2min - 1s);
  CHECK(bench.capacity() == 10);
  bench.run(asked - Time{} + 2min + 1s);
  CHECK(bench.capacity() == 43);
  bench.run(40min);
  CHECK(bench.decisions().size() == 1);
}

TEST_CASE("applicationautoscaling: a table whose load swings all day decreases at most 27 times") {
  // Twelve minutes high, eighteen low: more scale-ins than a day allows, at half an hour each.
  Bench bench(", target_value: 50");
  std::vector<std::pair<Duration, double>> stages;
  for (int half_hour = 0; half_hour < 48; ++half_hour) {
    stages.emplace_back(half_hour * 30min + 12min, 3);
    stages.emplace_back((half_hour + 1) * 30min, 0.5);
  }
  bench.load(std::move(stages));
  bench.run(24h - 1s);
  int decreases = 0, refused = 0;
  for (const LoggedEvent& each : bench.decisions()) {
    const bool failed = each.text.find("LimitExceededException") != std::string::npos;
    const auto arrow = each.text.find(" -> ");
    const bool down = std::stoi(each.text) > std::stoi(each.text.substr(arrow + 4));
    refused += failed ? 1 : 0;
    decreases += down && !failed && each.text.find("failed") == std::string::npos ? 1 : 0;
  }
  CHECK(decreases > 20);
  CHECK(decreases <= 27);
  CHECK(refused > 0);
}

}  // namespace nephoscope::applicationautoscaling
