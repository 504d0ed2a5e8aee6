// A table's write capacity as a scaler sees it, on the real CloudWatch, and a load that a test sets.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/applicationautoscaling/scaler.hpp"
#include "models/cloudwatch/cloudwatch.hpp"
#include "models/common/report.hpp"
#include "tests/support/read_config.hpp"

namespace nephoscope::applicationautoscaling {

class DimensionFake final : public ScalableDimension {
 public:
  struct Change {
    Duration asked{};
    std::int64_t from = 0, to = 0;
    std::string reason;
  };
  explicit DimensionFake(World& world) : world_(world) {}
  std::int64_t capacity() const override { return in_force; }
  bool updating() const override { return world_.now() < busy_until; }
  CapacityChange set_capacity(std::int64_t wanted, const std::string& reason) override {
    ++asked;
    if (wanted == in_force) return CapacityChange::unchanged;
    if (updating()) return CapacityChange::in_use;
    if (wanted < in_force && decreases_left == 0) return CapacityChange::limit_exceeded;
    if (wanted < in_force) --decreases_left;
    changes.push_back({world_.now() - Time{}, in_force, wanted, reason});
    next_ = wanted;
    busy_until = world_.now() + update_time;
    world_.simulation.at(
        busy_until,
        [](void* self) {
          static_cast<DimensionFake*>(self)->in_force = static_cast<DimensionFake*>(self)->next_;
        },
        this, Priority::early);
    return CapacityChange::accepted;
  }
  MetricName consumed_metric() const override {
    return {"AWS/DynamoDB", "ConsumedWriteCapacityUnits", {{"TableName", "orders"}}};
  }

  std::int64_t in_force = 100;
  Duration update_time = 2min;
  Time busy_until{};
  int decreases_left = 27;
  int asked = 0;
  std::vector<Change> changes;

 private:
  World& world_;
  std::int64_t next_ = 0;
};

inline std::string target_yaml(const std::string& keys) {
  return "{type: AWS::ApplicationAutoScaling::ScalableTarget, resource_id: orders, "
         "scalable_dimension: 'dynamodb:table:WriteCapacityUnits', " +
         keys + "}";
}

// `tracking`: further keys of the policy, whose target is 70 %.
inline std::string tracking(const std::string& keys = "") {
  return "scaling_policies: {target_tracking: {predefined_metric: DynamoDBWriteCapacityUtilization" +
         (keys.empty() ? "" : ", " + keys) + "}}";
}

// Datapoints become visible 30 s after their minute's end.
class Fixture final : public Wiring {
 public:
  explicit Fixture(const std::string& keys)
      : world({.warmup = {}, .duration = 24h * 30, .start_epoch = 0, .windows = {}}, Seed{1}, 0),
        assumed(read_config<cloudwatch::CloudWatchConfig>("{assume: {metric_delay: 30s}}")),
        watch(world, assumed),
        writes(world),
        config(read_config<ScalableTargetConfig>(target_yaml(keys))),
        scaler(world, "writes", config) {
    scaler.connect(*this);
  }
  ~Fixture() override {
    Audit audit;
    scaler.audit(audit);
    for (const AuditLine& line : audit.lines()) CHECK_MESSAGE(line.ok, line.name, ": ", line.detail);
    world.simulation.clear();
  }
  Endpoint& endpoint(std::string_view) const override { fail_check("test", "nothing is called"); }
  Application& application(std::string_view) const override { fail_check("test", "nothing runs"); }
  CloudWatch& cloudwatch() const override { return watch; }
  ScalableDimension& scalable_dimension(std::string_view id, std::string_view part,
                                        std::string_view dimension) const override {
    CHECK(id == "orders");
    CHECK(part.empty());
    CHECK(dimension == "dynamodb:table:WriteCapacityUnits");
    return writes;
  }

  // Units consumed a second in the minute that begins at this minute of the run; below zero: no datapoint.
  using Load = std::function<double(int minute)>;
  void start(Load load) {
    load_ = std::move(load);
    scaler.start();
    world.simulation.spawn(publish());
  }
  void run(Duration until) { world.simulation.run_until(Time{} + until); }
  const std::vector<DimensionFake::Change>& changes() const { return writes.changes; }
  int logged(const std::string& part) const {
    return static_cast<int>(std::count_if(
        world.events.events().begin(), world.events.events().end(), [&](const LoggedEvent& event) {
          return event.resource == "writes" && event.text.find(part) != std::string::npos;
        }));
  }
  double metric(const char* name) const {
    Report report;
    scaler.report(report);
    const Measure* measure = report.find({Scope::resource, "writes", name});
    REQUIRE(measure != nullptr);
    return std::get<RatioMeasure>(measure->value).numerator;
  }

  World world;
  cloudwatch::CloudWatchConfig assumed;
  mutable cloudwatch::Service watch;
  mutable DimensionFake writes;
  ScalableTargetConfig config;
  Scaler scaler;

 private:
  Process publish() {
    const MetricId consumed = watch.metric(writes.consumed_metric());
    for (int minute = 0;; ++minute) {
      const WaitStatus status = co_await world.simulation.delay(60s);
      if (status != WaitStatus::done) co_return;
      const double rate = load_(minute);
      if (rate >= 0) watch.put(consumed, world.now() - 60s, StatisticSet::of(60 * rate));
    }
  }
  Load load_;
};

}  // namespace nephoscope::applicationautoscaling
