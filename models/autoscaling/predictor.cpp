#include "models/autoscaling/predictor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace nephoscope::autoscaling {

namespace {

constexpr std::int64_t kHour = 3600;
// Datapoints of an hour's last minutes are there so long after it, those of 5 minutes included.
constexpr Duration kGatherAfter = 10min;

}  // namespace

Predictor::Predictor(World& world, CloudWatch& cloudwatch, Capacity& capacity, const std::string& id,
                     const PredictiveScalingConfig& config, const TargetGroup* target_group)
    : world_(world),
      cloudwatch_(cloudwatch),
      capacity_(capacity),
      id_(id),
      config_(config),
      metric_(cloudwatch.metric(config.metric(capacity, target_group))) {}

void Predictor::start() {
  cloudwatch_.keep(metric_, 2h);
  seed_history();
  refresh(hour_of(world_.now()));
  world_.simulation.spawn(count_instances());
  world_.simulation.spawn(gather());
  world_.simulation.spawn(act_ahead());
}

std::int64_t Predictor::hour_of(Time instant) const {
  const std::int64_t start_of_hour = world_.run.start_epoch / kHour;
  const Duration into = std::chrono::seconds(world_.run.start_epoch % kHour) + instant.time_since_epoch();
  return start_of_hour + into / Duration(1h);
}

Time Predictor::begin_of(std::int64_t hour) const {
  return Time{} + std::chrono::seconds(hour * kHour - world_.run.start_epoch);
}

void Predictor::seed_history() {
  if (!config_.past_capacity) return;
  const std::int64_t now_hour = hour_of(world_.now());
  for (std::int64_t hour = now_hour - kHoursUsed; hour < now_hour; ++hour)
    history_.add(hour, (*config_.past_capacity)[static_cast<std::size_t>(hour % 24)] * config_.target_value);
}

Process Predictor::count_instances() {
  for (;;) {
    const WaitStatus status = co_await world_.simulation.delay(1min);
    if (status != WaitStatus::done) co_return;
    instance_minutes_ += capacity_.in_service_past_warmup();
    minutes_ += 1;
  }
}

Process Predictor::gather() {
  for (std::int64_t hour = hour_of(world_.now());; ++hour) {
    const WaitStatus ended = co_await world_.simulation.delay(begin_of(hour + 1) - world_.now());
    if (ended != WaitStatus::done) co_return;
    last_hour_instances_ = minutes_ > 0 ? instance_minutes_ / minutes_ : 0;
    instance_minutes_ = 0;
    minutes_ = 0;
    const WaitStatus complete = co_await world_.simulation.delay(kGatherAfter);
    if (complete != WaitStatus::done) co_return;
    if (begin_of(hour) >= Time{}) gather_hour(hour);
    refresh(hour + 1);
  }
}

void Predictor::gather_hour(std::int64_t hour) {
  const auto statistic =
      cloudwatch_.statistic(metric_, config_.statistic(), begin_of(hour), begin_of(hour + 1));
  if (statistic) history_.add(hour, config_.load(*statistic, last_hour_instances_));
}

void Predictor::refresh(std::int64_t now_hour) {
  if (refreshed_ && now_hour < *refreshed_ + kHoursBetweenForecasts) return;
  if (history_.size(now_hour) < kHoursNeeded) return;
  refreshed_ = now_hour;
  forecast_.clear();
  int most = 0;
  for (std::int64_t hour = now_hour; hour < now_hour + kHoursForecast; ++hour) {
    const auto load = history_.expected(hour, now_hour);
    if (!load) continue;
    forecast_[hour] = capacity_for(*load, config_.target_value);
    most = std::max(most, forecast_[hour]);
  }
  world_.log(capacity_.group(), "forecast",
             fmt::format("{}: forecast of 48 h from {} h of data, at most {} instances", id_,
                         history_.size(now_hour), most));
}

std::optional<int> Predictor::forecast(std::int64_t hour) const {
  const auto found = forecast_.find(hour);
  return found == forecast_.end() ? std::nullopt : std::optional(found->second);
}

int Predictor::floor() const {
  if (config_.mode == PredictiveMode::forecast_only) return 0;
  const std::int64_t now_hour = hour_of(world_.now());
  const std::int64_t next_hour = hour_of(world_.now() + config_.scheduling_buffer_time);
  return std::max(forecast(now_hour).value_or(0), forecast(next_hour).value_or(0));
}

Process Predictor::act_ahead() {
  for (std::int64_t hour = hour_of(world_.now() + config_.scheduling_buffer_time) + 1;; ++hour) {
    const Time instant = begin_of(hour) - config_.scheduling_buffer_time;
    const WaitStatus status = co_await world_.simulation.delay(instant - world_.now());
    if (status != WaitStatus::done) co_return;
    act(hour);
  }
}

void Predictor::act(std::int64_t hour) {
  const auto wanted = forecast(hour);
  if (!wanted || config_.mode == PredictiveMode::forecast_only) return;
  if (capacity_.suspended(SuspendableProcess::scheduled_actions)) return;
  const std::string reason =
      fmt::format("predictive policy {}: {} forecast for {}", id_, *wanted, show(UtcTime{hour * kHour}));
  const int maximum = effective_maximum(config_, *wanted, capacity_.max_size());
  if (*wanted > capacity_.max_size() && maximum > capacity_.max_size())
    capacity_.set_limits(std::nullopt, maximum, std::nullopt, reason);
  const int capacity = std::min(*wanted, capacity_.max_size());
  if (capacity > capacity_.desired()) capacity_.set_desired(capacity, reason);
}

}  // namespace nephoscope::autoscaling
