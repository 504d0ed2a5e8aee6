#include "models/dynamodb/metering.hpp"

#include <string_view>

#include "models/common/report.hpp"

namespace nephoscope::dynamodb {
namespace {

std::string name_of(std::string_view prefix, Access access, std::string_view rest) {
  return std::string(prefix) + (access == Access::read ? "Read" : "Write") + std::string(rest);
}

std::uint64_t sum_of(const std::array<std::uint64_t, kThrottlingReasons>& events) {
  std::uint64_t sum = 0;
  for (const std::uint64_t count : events) sum += count;
  return sum;
}

double number(std::uint64_t count) { return static_cast<double>(count); }

// The request itself is at fault, for CloudWatch: HTTP 400 but throttles, conflicts and failed conditions,
// which have metrics of their own.
constexpr bool is_user_error(Outcome outcome) {
  return outcome == Outcome::invalid || outcome == Outcome::collection_full;
}

}  // namespace

Metering::Sampled::Sampled(const RunWindow& run)
    : consumed({.origin = Time{}, .width = series_step(run)}),
      throttled({.origin = Time{}, .width = series_step(run)}),
      provisioned({.origin = Time{}, .width = series_step(run)}) {}

Metering::Metering(World& world, const std::string& id, const PartitionSet& partitions, const Items& items)
    : world_(world),
      id_(id),
      partitions_(partitions),
      items_(items),
      step_(series_step(world.run)),
      series_{Sampled(world.run), Sampled(world.run)} {}

void Metering::start() {
  world_.simulation.spawn(each_minute());
  world_.simulation.spawn(each_step());
}

void Metering::failed(DynamoDbAction action, Outcome outcome) {
  if (outcome == Outcome::throttled) ++minutes_[index_of(action)].throttled;
  if (outcome == Outcome::no_leader || outcome == Outcome::no_quorum)
    ++minutes_[index_of(action)].system_errors;
}

void Metering::stale(Duration age) {
  ++stale_reads_;
  staleness_.add(age);
}

Metering::Totals Metering::totals() const {
  Totals now{.answered = answered_,
             .events = throttle_events_,
             .consumed = {},
             .demands = {},
             .arrived = arrived_,
             .conflicts = conflicts_,
             .eventual = eventual_reads_,
             .stale = stale_reads_,
             .latency = latency_sum_};
  for (const Access access : kEachAccess) {
    const AdmissionCounts& counts = partitions_.counts(access);
    now.consumed[index_of(access)] = counts.consumed;
    now.demands[index_of(access)] = counts.demands - counts.throttled_demands;
  }
  return now;
}

// --- CloudWatch --------------------------------------------------------------------------------------------

void Metering::connect(CloudWatch& cloudwatch) {
  cloudwatch_ = &cloudwatch;
  const auto metric = [&](std::string name, std::string_view operation = {}) {
    MetricName full{.space = "AWS/DynamoDB", .name = std::move(name), .dimensions = {{"TableName", id_}}};
    if (!operation.empty()) full.dimensions.emplace_back("Operation", operation);
    return cloudwatch.metric(full);
  };
  for (const Access access : kEachAccess) {
    consumed_metric_[index_of(access)] = metric(name_of("Consumed", access, "CapacityUnits"));
    provisioned_metric_[index_of(access)] = metric(name_of("Provisioned", access, "CapacityUnits"));
    throttle_metric_[index_of(access)] = metric(name_of("", access, "ThrottleEvents"));
  }
  condition_metric_ = metric("ConditionalCheckFailedRequests");
  conflict_metric_ = metric("TransactionConflict");
  user_errors_metric_ = cloudwatch.metric({.space = "AWS/DynamoDB", .name = "UserErrors", .dimensions = {}});
  for (const auto& [name, action] : kEnumNames<DynamoDbAction>)
    action_metrics_[index_of(action)] = {.latency = metric("SuccessfulRequestLatency", name),
                                         .throttled = metric("ThrottledRequests", name),
                                         .system_errors = metric("SystemErrors", name)};
}

Process Metering::each_minute() {
  for (std::int64_t minute = 1;; ++minute) {
    const WaitStatus status = co_await world_.simulation.delay(60s);
    if (status != WaitStatus::done) co_return;
    const Time stamp = world_.now() - 60s;
    if (cloudwatch_ != nullptr) publish(stamp);
    if (cloudwatch_ != nullptr && minute % 5 == 1) publish_provisioned(stamp);
    minutes_ = {};
  }
}

// What did not happen in a minute has no datapoint.
void Metering::publish(Time stamp) {
  const Totals now = totals();
  const auto put = [&](MetricId metric, std::uint64_t count) {
    if (count > 0)
      cloudwatch_->put(metric, stamp,
                       {.samples = number(count), .sum = number(count), .minimum = 1, .maximum = 1});
  };
  for (const Access access : kEachAccess) {
    const std::size_t i = index_of(access);
    const double units = (now.consumed[i] - minute_before_.consumed[i]).value();
    const double samples = number(now.demands[i] - minute_before_.demands[i]);
    if (units > 0)
      cloudwatch_->put(
          consumed_metric_[i], stamp,
          {.samples = samples, .sum = units, .minimum = units / samples, .maximum = units / samples});
    put(throttle_metric_[i], sum_of(now.events[i]) - sum_of(minute_before_.events[i]));
  }
  const auto answered = [&](Outcome outcome) {
    const auto i = static_cast<std::size_t>(outcome);
    return now.answered[i] - minute_before_.answered[i];
  };
  put(condition_metric_, answered(Outcome::condition_failed));
  put(conflict_metric_, now.conflicts - minute_before_.conflicts);
  put(user_errors_metric_, answered(Outcome::invalid) + answered(Outcome::collection_full));
  publish_actions(stamp);
  minute_before_ = now;
}

// SuccessfulRequestLatency is in milliseconds.
void Metering::publish_actions(Time stamp) {
  for (std::size_t i = 0; i < minutes_.size(); ++i) {
    const Minute& minute = minutes_[i];
    const auto put = [&](MetricId metric, std::uint64_t count) {
      if (count > 0)
        cloudwatch_->put(metric, stamp,
                         {.samples = number(count), .sum = number(count), .minimum = 1, .maximum = 1});
    };
    put(action_metrics_[i].throttled, minute.throttled);
    put(action_metrics_[i].system_errors, minute.system_errors);
    if (minute.ok > 0)
      cloudwatch_->put(action_metrics_[i].latency, stamp,
                       {.samples = number(minute.ok),
                        .sum = to_seconds(minute.latency) * 1e3,
                        .minimum = to_seconds(minute.shortest) * 1e3,
                        .maximum = to_seconds(minute.longest) * 1e3});
  }
}

void Metering::publish_provisioned(Time stamp) {
  if (partitions_.settings().mode != BillingMode::provisioned) return;
  for (const Access access : kEachAccess)
    cloudwatch_->put(provisioned_metric_[index_of(access)], stamp,
                     StatisticSet::of(partitions_.settings().provisioned.of(access)));
}

// --- results -----------------------------------------------------------------------------------------------

Process Metering::each_step() {
  for (;;) {
    const WaitStatus status = co_await world_.simulation.delay(step_);
    if (status != WaitStatus::done) co_return;
    take_sample();
  }
}

void Metering::take_sample() {
  const Time now = world_.now();
  const double span = to_seconds(now - sampled_);
  for (const Access access : kEachAccess) {
    Sampled& series = series_[index_of(access)];
    const AdmissionCounts& counts = partitions_.counts(access);
    series.consumed.add_level(sampled_, now, (counts.consumed - series.consumed_before).value() / span);
    series.throttled.add_level(sampled_, now, (counts.throttled - series.throttled_before).value() / span);
    series.consumed_before = counts.consumed;
    series.throttled_before = counts.throttled;
    if (partitions_.settings().mode == BillingMode::provisioned)
      series.provisioned.add_level(sampled_, now, partitions_.settings().provisioned.of(access));
  }
  sampled_ = now;
}

void Metering::begin_measurement() {
  measured_before_ = totals();
  latencies_ = QuantileSketch();
  staleness_ = QuantileSketch();
}

void Metering::report(Report& report) const {
  const Totals now = totals();
  const Totals& before = measured_before_;
  const auto add = [&](std::string name, const char* unit, double numerator, double denominator = 1) {
    report.ratio({Scope::resource, id_, std::move(name)}, unit, numerator, denominator);
  };
  const auto answered = [&](Outcome outcome) {
    const auto i = static_cast<std::size_t>(outcome);
    return number(now.answered[i] - before.answered[i]);
  };
  double errors = 0, user_errors = 0;
  for (std::size_t i = 1; i < kOutcomes; ++i) {
    errors += answered(static_cast<Outcome>(i));
    if (is_user_error(static_cast<Outcome>(i))) user_errors += answered(static_cast<Outcome>(i));
  }
  const double ok = answered(Outcome::ok);
  add("throughput", "1/s", ok, to_seconds(world_.now() - world_.warmup_end()));
  add("errors.rate", "1", errors, errors + ok);
  add("SuccessfulRequestLatency", "s", to_seconds(now.latency - before.latency), ok);
  add("ThrottledRequests", "1", answered(Outcome::throttled));
  add("ConditionalCheckFailedRequests", "1", answered(Outcome::condition_failed));
  add("TransactionConflict", "1", number(now.conflicts - before.conflicts));
  add("SystemErrors", "1", answered(Outcome::no_leader) + answered(Outcome::no_quorum));
  add("UserErrors", "1", user_errors);
  for (const Access access : kEachAccess) {
    const std::size_t i = index_of(access);
    add(name_of("Consumed", access, "CapacityUnits"), "1", (now.consumed[i] - before.consumed[i]).value());
    if (partitions_.settings().mode == BillingMode::provisioned)
      add(name_of("Provisioned", access, "CapacityUnits"), "1",
          partitions_.settings().provisioned.of(access));
    add(name_of("", access, "ThrottleEvents"), "1", number(sum_of(now.events[i]) - sum_of(before.events[i])));
    for (std::size_t reason = 1; reason < kThrottlingReasons; ++reason)
      add("throttled." + std::string(dynamodb::name_of(static_cast<ThrottlingReason>(reason), access, false)),
          "1", number(now.events[i][reason] - before.events[i][reason]));
  }
  add("reads.stale", "1", number(now.stale - before.stale), number(now.eventual - before.eventual));
  add("partitions", "1", static_cast<double>(partitions_.partitions()));
  add("size", "B", static_cast<double>(items_.bytes()));
  add("items", "1", static_cast<double>(items_.count()));
  report.sketch({Scope::resource, id_, "latency"}, "s", latencies_);
  report.sketch({Scope::resource, id_, "staleness"}, "s", staleness_);
  for (const Access access : kEachAccess) {
    const Sampled& series = series_[index_of(access)];
    report.series(id_ + name_of(".Consumed", access, "CapacityUnits"), "1/s", series.consumed);
    report.series(id_ + name_of(".Throttled", access, "CapacityUnits"), "1/s", series.throttled);
    if (partitions_.settings().mode == BillingMode::provisioned)
      report.series(id_ + name_of(".Provisioned", access, "CapacityUnits"), "1/s", series.provisioned);
  }
}

}  // namespace nephoscope::dynamodb
