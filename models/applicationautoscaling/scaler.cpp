#include "models/applicationautoscaling/scaler.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "models/common/report.hpp"

namespace nephoscope::applicationautoscaling {
namespace {

// DynamoDB Developer Guide, auto scaling: two consecutive minutes above the target, fifteen below.
constexpr int kHighPeriods = 2;
constexpr int kLowPeriods = 15;
// Auto Scaling User Guide, scheduled scaling: up to two minutes late.
constexpr Duration kLongestDelay = 2min;

Duration in_of(const ScalableTargetConfig& config) {
  const auto& tracking = config.scaling_policies.target_tracking;
  return tracking ? tracking->scale_in_cooldown : Duration{};
}
Duration out_of(const ScalableTargetConfig& config) {
  const auto& tracking = config.scaling_policies.target_tracking;
  return tracking ? tracking->scale_out_cooldown : Duration{};
}

}  // namespace

Scaler::Scaler(World& world, const std::string& id, const ScalableTargetConfig& config)
    : world_(world),
      config_(config),
      id_(id),
      delay_(Purpose("applicationautoscaling.schedule").of(id)),
      min_(config.min_capacity),
      max_(config.max_capacity),
      cooldowns_(in_of(config), out_of(config)) {}

void Scaler::connect(const Wiring& wiring) {
  cloudwatch_ = &wiring.cloudwatch();
  dimension_ =
      &wiring.scalable_dimension(config_.resource(), config_.part(), name_of(config_.scalable_dimension));
}

void Scaler::start() {
  for (const auto& action : config_.scheduled_actions)
    due_.push_back({.action = &action, .at = due_after(action.value, world_.now())});
  if (!due_.empty()) world_.simulation.spawn(carry_out_schedule());
  if (config_.scaling_policies.target_tracking) put_alarms();
  if (config_.scales_in_without_traffic && high_) {
    cloudwatch_->keep(cloudwatch_->metric(dimension_->consumed_metric()),
                      kLowPeriods * Duration(60s) + Duration(60s));
    world_.simulation.spawn(look_for_silence());
  }
  world_.simulation.spawn(keep_within_limits("registered"));
}

// --- alarms ------------------------------------------------------------------------------------------------

AlarmSpec Scaler::alarm(const char* which, double threshold) const {
  AlarmSpec spec;
  spec.name = fmt::format("TargetTracking-{}-{}", id_, which);
  spec.owner = id_;
  spec.queries.push_back(
      {.id = "", .metric = dimension_->consumed_metric(), .statistic = Statistic::sum, .expression = ""});
  spec.threshold = threshold;
  spec.missing_data = MissingData::ignore;
  spec.repeats_action = true;
  return spec;
}

void Scaler::put_alarms() {
  const TargetTrackingConfig& tracking = *config_.scaling_policies.target_tracking;
  const Thresholds at = thresholds(dimension_->capacity(), tracking.target_value, config_.low_alarm_margin);
  AlarmSpec high = alarm("AlarmHigh", at.high);
  high.evaluation_periods = kHighPeriods;
  high.comparison = ComparisonOperator::greater_than;
  high_ = cloudwatch_->put_alarm(high, this);
  AlarmSpec low = alarm("AlarmLow", at.low);
  low.evaluation_periods = kLowPeriods;
  low.comparison = ComparisonOperator::less_than;
  low_ = cloudwatch_->put_alarm(low, this);
  renewed_ = world_.now();
}

void Scaler::renew_alarms() {
  if (!high_) return;
  cloudwatch_->delete_alarm(*high_);
  cloudwatch_->delete_alarm(*low_);
  put_alarms();
}

void Scaler::alarm_acts(const AlarmReading& reading) {
  if (reading.now != AlarmState::alarm || !reading.value) return;
  decide(reading.alarm == *high_ ? Direction::out : Direction::in, *reading.value);
}

// Alarms keep their state where data is missing, so silence is nothing that they could tell.
Process Scaler::look_for_silence() {
  const MetricId consumed = cloudwatch_->metric(dimension_->consumed_metric());
  const Duration span = kLowPeriods * Duration(60s);
  for (;;) {
    const WaitStatus status = co_await world_.simulation.delay(60s);
    if (status != WaitStatus::done) co_return;
    const Time now = world_.now();
    if (now - renewed_ < span) continue;
    const auto sum = cloudwatch_->statistic(consumed, Statistic::sum, now - span, now);
    if (!sum) decide(Direction::in, 0);
  }
}

// --- decisions ---------------------------------------------------------------------------------------------

void Scaler::decide(Direction direction, double consumed) {
  const TargetTrackingConfig& tracking = *config_.scaling_policies.target_tracking;
  if (changing_ || (direction == Direction::in && tracking.disable_scale_in)) return;
  const std::int64_t now = dimension_->capacity();
  const std::int64_t wanted = std::clamp(capacity_for(consumed, tracking.target_value), min_, max_);
  const bool moves = direction == Direction::out ? wanted > now : wanted < now;
  if (moves && cooldowns_.allows(world_.now(), wanted - now)) ask(wanted, reason(direction, consumed));
}

std::string Scaler::reason(Direction direction, double consumed) const {
  const TargetTrackingConfig& tracking = *config_.scaling_policies.target_tracking;
  const std::int64_t capacity = dimension_->capacity();
  const Thresholds at = thresholds(capacity, tracking.target_value, config_.low_alarm_margin);
  const double use = consumed / (60 * static_cast<double>(std::max<std::int64_t>(capacity, 1)));
  if (direction == Direction::out)
    return fmt::format(
        "{:.0f} units in a minute > {:.0f} for {} of {} min, {:.0f} % of {} used, target {:g} %", consumed,
        at.high, kHighPeriods, kHighPeriods, 100 * use, capacity, tracking.target_value);
  return fmt::format("{:.0f} units in a minute < {:.0f} for {} of {} min, {:.0f} % of {} used, target {:g} %",
                     consumed, at.low, kLowPeriods, kLowPeriods, 100 * use, capacity, tracking.target_value);
}

CapacityChange Scaler::ask(std::int64_t capacity, const std::string& reason) {
  const std::int64_t before = dimension_->capacity();
  const CapacityChange outcome = dimension_->set_capacity(capacity, reason);
  ++counts_.asked;
  switch (outcome) {
    case CapacityChange::accepted:
      ++(capacity > before ? counts_.out : counts_.in);
      failing_.reset();
      changing_ = true;
      world_.log(id_, "scaling", fmt::format("{} -> {}: {}", before, capacity, reason));
      world_.simulation.spawn(follow_change(before, capacity));
      return outcome;
    case CapacityChange::unchanged:
      ++counts_.unchanged;
      return outcome;
    case CapacityChange::in_use:
      ++counts_.in_use;
      break;
    case CapacityChange::limit_exceeded:
      ++counts_.refused;
      break;
  }
  log_failure(outcome, capacity, reason);
  return outcome;
}

// Once for a row of the same failures.
void Scaler::log_failure(CapacityChange outcome, std::int64_t capacity, const std::string& reason) {
  if (failing_ == outcome) return;
  failing_ = outcome;
  const char* const why = outcome == CapacityChange::in_use
                              ? "ResourceInUseException, another update is in progress"
                              : "LimitExceededException, no further decrease now";
  world_.log(id_, "scaling",
             fmt::format("{} -> {} failed, tried again later: {} ({})", dimension_->capacity(), capacity, why,
                         reason));
}

// The old capacity holds until the update ends. Then the alarms move.
Process Scaler::follow_change(std::int64_t before, std::int64_t after) {
  const Time began = world_.now();
  while (dimension_->updating()) {
    const WaitStatus status = co_await world_.simulation.delay(config_.activity_poll);
    if (status != WaitStatus::done) co_return;
  }
  changing_ = false;
  durations_.add(to_seconds(world_.now() - began));
  cooldowns_.ended(world_.now(), after - before);
  renew_alarms();
}

// --- limits ------------------------------------------------------------------------------------------------

Process Scaler::keep_within_limits(const char* why) {
  if (enforcing_) co_return;
  enforcing_ = true;
  for (;;) {
    const std::int64_t now = dimension_->capacity();
    const std::int64_t wanted = std::clamp(now, min_, max_);
    if (!changing_) {
      if (wanted == now) break;
      ask(wanted, fmt::format("{}: {} is outside {} to {}", why, now, min_, max_));
    }
    const WaitStatus status = co_await world_.simulation.delay(config_.retry_interval);
    if (status != WaitStatus::done) co_return;
  }
  enforcing_ = false;
}

std::optional<Time> Scaler::due_after(const ScheduledActionConfig& action, Time from) const {
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(from.time_since_epoch());
  const auto due = action.next({world_.run.start_epoch + seconds.count()});
  if (!due) return std::nullopt;
  const std::int64_t offset = due->seconds - world_.run.start_epoch;
  if (offset > std::chrono::duration_cast<std::chrono::seconds>(kMaxDuration).count()) return std::nullopt;
  return Time{} + std::chrono::seconds(offset);
}

Scaler::Due* Scaler::first_due() {
  Due* first = nullptr;
  for (Due& each : due_)
    if (each.at && (first == nullptr || *each.at < *first->at)) first = &each;
  return first;
}

Process Scaler::carry_out_schedule() {
  for (;;) {
    Due* const next = first_due();
    if (next == nullptr) co_return;
    Draws draws = world_.random.entity(delay_.of(next->action->id), 0, next->count);
    const Duration delay = std::min(next->action->value.delay.sample(draws), kLongestDelay);
    const WaitStatus status =
        co_await world_.simulation.delay(std::max(*next->at + delay - world_.now(), Duration{}));
    if (status != WaitStatus::done) co_return;
    ++next->count;
    next->at = due_after(next->action->value, *next->at + 1s);
    set_limits(*next->action);
  }
}

// A limit that is not given gives way to the one that is.
void Scaler::set_limits(const Named<ScheduledActionConfig>& action) {
  const ScheduledActionConfig& to = action.value;
  if (to.min_capacity) min_ = *to.min_capacity;
  if (to.max_capacity) max_ = *to.max_capacity;
  if (min_ > max_) (to.max_capacity ? min_ : max_) = to.max_capacity ? max_ : min_;
  world_.log(id_, "limits",
             fmt::format("scheduled action {} ({}): {} to {}", action.id, to.change_text(), min_, max_));
  world_.simulation.spawn(keep_within_limits("scheduled action"));
}

// --- results -----------------------------------------------------------------------------------------------

void Scaler::begin_measurement() {
  counts_before_ = counts_;
  durations_ = QuantileSketch();
}

void Scaler::report(Report& report) const {
  const auto number = [&](const char* name, std::uint64_t now, std::uint64_t before) {
    report.ratio({Scope::resource, id_, name}, "1", static_cast<double>(now - before), 1);
  };
  number("changes.out", counts_.out, counts_before_.out);
  number("changes.in", counts_.in, counts_before_.in);
  number("changes.refused", counts_.refused, counts_before_.refused);
  number("changes.in_use", counts_.in_use, counts_before_.in_use);
  report.sketch({Scope::resource, id_, "change.duration"}, "s", durations_);
}

void Scaler::audit(Audit& audit) const {
  const std::uint64_t ended = counts_.out + counts_.in + counts_.unchanged + counts_.in_use + counts_.refused;
  audit.add("scaling: resources." + id_, counts_.asked == ended,
            fmt::format("{} asked = {} out + {} in + {} unchanged + {} in use + {} refused", counts_.asked,
                        counts_.out, counts_.in, counts_.unchanged, counts_.in_use, counts_.refused));
}

}  // namespace nephoscope::applicationautoscaling
