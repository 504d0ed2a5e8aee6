#include <vector>

#include "tests/models/autoscaling/policy_fakes.hpp"

namespace nephoscope::autoscaling {
namespace {

using Type = AdjustmentType;

TEST_CASE("adjustments: percentages round as the guide's table says") {
  struct Row {
    int capacity;
    int percent;
    int change;
  };
  const std::vector<Row> rows = {
      {127, 10, 12},  // 12.7 rounds down
      {67, 1, 1},     // 0.67 rounds to 1
      {58, -1, -1},   // -0.58 rounds to -1
      {667, -1, -6},  // -6.67 rounds towards zero
      {10, 10, 1},    // 1 exactly
      {11, 30, 3},    // 3.3, the guide's example
      {14, -10, -1},  // -1.4, the guide's example
      {13, -30, -3},  // -3.9, the guide's example
      {0, 50, 0},     // nothing of nothing
      {10, 0, 0},    {4, 100, 4},
  };
  for (const Row& row : rows) {
    CAPTURE(row.capacity);
    CAPTURE(row.percent);
    CHECK(Adjustment{Type::percent_change_in_capacity, row.percent, {}}.change(row.capacity) == row.change);
  }
}

TEST_CASE("adjustments: a minimum magnitude makes small percentages larger, in both directions") {
  const auto change = [](int percent, int magnitude, int capacity) {
    return Adjustment{Type::percent_change_in_capacity, percent, magnitude}.change(capacity);
  };
  CHECK(change(25, 2, 4) == 2);  // 25 % of 4 is 1, at least 2: the guide's example
  CHECK(change(-25, 2, 4) == -2);
  CHECK(change(50, 2, 10) == 5);
  CHECK(change(0, 2, 10) == 0);
}

TEST_CASE("adjustments: whole instances and exact capacities") {
  CHECK(Adjustment{Type::change_in_capacity, 5, {}}.change(3) == 5);
  CHECK(Adjustment{Type::exact_capacity, 5, {}}.change(3) == 2);
  CHECK(Adjustment{Type::exact_capacity, 5, {}}.change(8) == -3);
}

StepAdjustment step(std::optional<double> lower, std::optional<double> upper, int adjustment) {
  return {lower, upper, adjustment};
}

TEST_CASE("step scaling: above the threshold the lower bound belongs to the step, below it the upper one") {
  const std::vector<StepAdjustment> out = {step(0, 10, 0), step(10, 20, 10), step(20, {}, 30)};
  const std::vector<StepAdjustment> in = {step(-10, 0, 0), step(-20, -10, -10), step({}, -20, -30)};
  struct Row {
    double metric;
    const StepAdjustment* step;
    const std::vector<StepAdjustment>& steps;
    ComparisonOperator comparison;
  };
  const auto up = ComparisonOperator::greater_than_or_equal;
  const auto down = ComparisonOperator::less_than_or_equal;
  const std::vector<Row> rows = {
      {50, &out[0], out, up},  {59.9, &out[0], out, up}, {60, &out[1], out, up}, {69.9, &out[1], out, up},
      {70, &out[2], out, up},  {1e9, &out[2], out, up},  {50, &in[0], in, down}, {40.1, &in[0], in, down},
      {40, &in[1], in, down},  {30.1, &in[1], in, down}, {30, &in[2], in, down}, {-1e9, &in[2], in, down},
      {49, nullptr, out, up},  // the alarm has just gone back below its threshold
      {51, nullptr, in, down},
  };
  for (const Row& row : rows) {
    CAPTURE(row.metric);
    CHECK(find_step(row.steps, row.metric, 50, row.comparison) == row.step);
  }
}

TEST_CASE("step scaling: warming instances are no current capacity, terminating ones are") {
  const auto percent = [](int amount) { return Adjustment{Type::percent_change_in_capacity, amount, {}}; };
  const auto exact = [](int amount) { return Adjustment{Type::exact_capacity, amount, {}}; };
  struct Row {
    GroupView group;  // min, max, desired, current, warming, shrinking_from
    Adjustment adjustment;
    std::optional<int> capacity;
  };
  const std::vector<Row> rows = {
      {{0, 99, 10, 10, 0, 10}, percent(10), 11},   // the guide's example, step by step: 10 % of 10
      {{0, 99, 11, 10, 1, 10}, percent(10), 11},   // again while the newcomer warms up
      {{0, 99, 11, 10, 1, 10}, percent(30), 13},   // 3 are due, 1 is there already
      {{0, 99, 11, 11, 0, 11}, percent(30), 14},   // 30 % of 11 is 3.3
      {{0, 99, 14, 14, 0, 14}, percent(-10), 13},  // 1.4
      {{0, 99, 13, 13, 0, 14}, percent(-10), 13},  // again while the one terminates
      {{0, 99, 13, 13, 0, 14}, percent(-30), 10},  // 30 % of 14 is 4.2: 3 more
      {{0, 99, 13, 12, 1, 12}, percent(-30), std::nullopt},
      {{0, 99, 13, 13, 0, 13}, percent(0), std::nullopt},
      {{0, 99, 3, 3, 0, 3}, exact(5), 5},
      {{0, 99, 8, 8, 0, 8}, exact(5), 5},
      {{0, 99, 8, 7, 1, 7}, exact(5), std::nullopt},
      {{0, 99, 5, 5, 0, 5}, exact(5), std::nullopt},
  };
  for (const Row& row : rows) {
    CAPTURE(row.group.desired);
    CAPTURE(row.adjustment.amount);
    CHECK(step_capacity(row.group, row.adjustment) == row.capacity);
  }
}

const std::string kSteps = R"({scaling_policies: {out: {step_scaling: {
    alarm: {metric_name: CPUUtilization, period: 1m, evaluation_periods: 2, threshold: 60,
            comparison_operator: GreaterThanOrEqualToThreshold},
    adjustment_type: PercentChangeInCapacity,
    step_adjustments: [{metric_interval_lower_bound: 0, metric_interval_upper_bound: 10, scaling_adjustment: 10},
                       {metric_interval_lower_bound: 10, scaling_adjustment: 30}],
    estimated_instance_warmup: 2m}}}})";

TEST_CASE("step scaling: the alarm is put as it stands there, and repeats its action") {
  PolicyFixture fixture(kSteps);
  fixture.start();
  const AlarmSpec& spec = fixture.metrics.spec("web-out");
  CHECK(spec.period == 60s);
  CHECK(spec.evaluation_periods == 2);
  CHECK(spec.threshold == 60);
  CHECK(spec.comparison == ComparisonOperator::greater_than_or_equal);
  CHECK(spec.repeats_action);
  CHECK(spec.queries[0].metric.dimensions == Dimensions{{"AutoScalingGroupName", "web"}});
}

TEST_CASE(
    "step scaling: repeated breaches in one band give one activity, a higher band adds the difference") {
  PolicyFixture fixture(kSteps);
  fixture.start();
  fixture.fire(2, "web-out", 60);  // +10 % of 10
  fixture.capacity.warming_up = 1;
  fixture.capacity.in_progress = true;
  fixture.fire(3, "web-out", 62);
  fixture.fire(4, "web-out", 70);  // +30 % of 10
  REQUIRE(fixture.capacity.changes.size() == 2);
  CHECK(fixture.capacity.changes[0].to == 11);
  CHECK(fixture.capacity.changes[0].reason ==
        "alarm web-out in ALARM, CPUUtilization 60 >= 60 for 2 of 2 min");
  CHECK(fixture.capacity.changes[0].warmup == std::optional<Duration>(2min));
  CHECK(fixture.capacity.changes[1].to == 13);
}

TEST_CASE("step scaling: a metric in no step changes nothing") {
  PolicyFixture fixture(kSteps);
  fixture.start();
  fixture.fire(2, "web-out", 59);
  CHECK(fixture.capacity.changes.empty());
}

TEST_CASE("step scaling: what is terminating counts, so one step removes its share once") {
  PolicyFixture fixture(R"({scaling_policies: {in: {step_scaling: {
      alarm: {metric_name: CPUUtilization, period: 5m, evaluation_periods: 1, threshold: 40,
              comparison_operator: LessThanOrEqualToThreshold},
      adjustment_type: ChangeInCapacity,
      step_adjustments: [{metric_interval_upper_bound: 0, scaling_adjustment: -2}]}}}})");
  fixture.start();
  fixture.fire(5, "web-in", 30);
  fixture.capacity.current = 8;
  fixture.capacity.in_progress = true;
  fixture.fire(6, "web-in", 30);
  REQUIRE(fixture.capacity.changes.size() == 1);
  CHECK(fixture.capacity.changes[0].to == 8);
  CHECK(fixture.capacity.changes[0].reason ==
        "alarm web-in in ALARM, CPUUtilization 30 <= 40 for 1 of 1 x 5m");
  fixture.capacity.in_progress = false;
  fixture.fire(11, "web-in", 30);
  REQUIRE(fixture.capacity.changes.size() == 2);
  CHECK(fixture.capacity.changes[1].to == 6);
}

}  // namespace
}  // namespace nephoscope::autoscaling
