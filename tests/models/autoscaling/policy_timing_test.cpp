// When policies act, with the CloudWatch that scenarios have: metrics by the minute, alarms at a second of
// their own within each minute.
#include "models/cloudwatch/cloudwatch.hpp"
#include "tests/models/autoscaling/policy_fakes.hpp"

namespace nephoscope::autoscaling {
namespace {

// A group whose instances serve as soon as they are asked for, and whose CPU is the load over their number.
class TimedFixture final : public Wiring {
 public:
  TimedFixture(const std::string& yaml, double load_before, double load_after)
      : world({.warmup = {}, .duration = 3h, .start_epoch = 0, .windows = {}}, Seed{1}, 0),
        service(world, assumed()),
        capacity(world),
        config(std::move(*read_group(yaml).config)),
        policies(world, config),
        before_(load_before),
        after_(load_after) {
    capacity.wanted = capacity.current = 4;
    policies.connect(*this);
    policies.start(capacity);
    world.simulation.spawn(publish());
  }
  ~TimedFixture() override { world.simulation.clear(); }
  Endpoint& endpoint(std::string_view) const override { fail_check("test", "nothing is called"); }
  Application& application(std::string_view) const override { fail_check("test", "nothing runs"); }
  CloudWatch& cloudwatch() const override { return service; }

  // Whether the only change until `minute` came within the minute that ends then.
  bool acted_once_by(int minute) {
    world.simulation.run_until(Time{} + std::chrono::minutes(minute + 5));
    if (capacity.changes.size() != 1) return false;
    const Time at = capacity.changes[0].at;
    return at > Time{} + std::chrono::minutes(minute - 1) && at <= Time{} + std::chrono::minutes(minute);
  }

  World world;
  mutable cloudwatch::Service service;
  FakeCapacity capacity;
  TestGroup config;
  Policies policies;

 private:
  static const cloudwatch::CloudWatchConfig& assumed() {
    static const auto config = [] {
      cloudwatch::CloudWatchConfig at_once;
      at_once.metric_delay = Duration{};
      return at_once;
    }();
    return config;
  }

  // The load changes at 30:00.
  Process publish() {
    const MetricId cpu = service.metric(capacity.group_metric("CPUUtilization"));
    for (int minute = 0;; ++minute) {
      co_await world.simulation.delay(1min);
      const double load = minute < 30 ? before_ : after_;
      capacity.current = capacity.wanted;
      service.put(cpu, world.now() - 1min, StatisticSet::of(load / capacity.current));
    }
  }

  double before_;
  double after_;
};

const std::string kCpu60 =
    "{scaling_policies: {cpu: {target_tracking: {predefined_metric: ASGAverageCPUUtilization, "
    "target_value: 60}}}}";

TEST_CASE("timing: target tracking scales out in the minute after the third minute above its target") {
  TimedFixture fixture(kCpu60, 4 * 50, 4 * 90);
  // Minutes 30, 31 and 32 are above 60; the third ends at 33:00.
  CHECK(fixture.acted_once_by(34));
  CHECK(fixture.capacity.desired() == 6);  // 4 x 90 / 60, which brings the CPU to 60: not above it
}

TEST_CASE(
    "timing: target tracking scales in in the minute after the fifteenth minute below 70 % of its target") {
  TimedFixture fixture(kCpu60, 4 * 50, 4 * 30);
  // Minutes 30 to 44 are below 42; the fifteenth ends at 45:00.
  CHECK(fixture.acted_once_by(46));
  CHECK(fixture.capacity.desired() == 2);  // 4 - floor(4 - 4 x 30 / 60)
}

TEST_CASE("timing: between the two thresholds nothing happens") {
  TimedFixture fixture(kCpu60, 4 * 50, 4 * 45);
  fixture.world.simulation.run_until(Time{} + 2h);
  CHECK(fixture.capacity.changes.empty());
}

TEST_CASE("timing: a step policy acts when its own alarm says so") {
  TimedFixture fixture(R"({scaling_policies: {out: {step_scaling: {
      alarm: {metric_name: CPUUtilization, period: 5m, evaluation_periods: 1, threshold: 70,
              comparison_operator: GreaterThanThreshold},
      adjustment_type: ChangeInCapacity,
      step_adjustments: [{metric_interval_lower_bound: 0, metric_interval_upper_bound: 10, scaling_adjustment: 1},
                         {metric_interval_lower_bound: 10, scaling_adjustment: 3}]}}}})",
                       4 * 50, 4 * 90);
  fixture.world.simulation.run_until(Time{} + 45min);
  REQUIRE(!fixture.capacity.changes.empty());
  // Windows of five minutes slide: the mean of three minutes at 90 and two at 50 is 74, above 70 since 33:00.
  CHECK(fixture.capacity.changes[0].at > Time{} + 33min);
  CHECK(fixture.capacity.changes[0].at <= Time{} + 34min);
  CHECK(fixture.capacity.changes[0].to == 5);  // 4 beyond the threshold: the first step
}

}  // namespace
}  // namespace nephoscope::autoscaling
