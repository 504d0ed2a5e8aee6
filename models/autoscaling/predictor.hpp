// A running predictive scaling policy: gathers the load hour by hour, forecasts it, and holds the group's
// capacity up ahead of each hour.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "engine/core/process.hpp"
#include "models/autoscaling/capacity.hpp"
#include "models/autoscaling/forecast.hpp"
#include "models/autoscaling/predictive_scaling.hpp"
#include "models/common/world.hpp"

namespace nephoscope::autoscaling {

class Predictor final {
 public:
  // REQUIRES: all outlive it. `target_group` may be null.
  Predictor(World& world, CloudWatch& cloudwatch, Capacity& capacity, const std::string& id,
            const PredictiveScalingConfig& config, const TargetGroup* target_group);
  void start();

  // The capacity below which other policies do not scale in now: the forecast of this hour, and in the
  // buffer time before the next one also that hour's. 0 without a forecast, and in mode ForecastOnly.
  int floor() const;
  // The forecast of an hour, counted from 1970; none if there is none.
  std::optional<int> forecast(std::int64_t hour) const;

 private:
  Process count_instances();
  Process gather();
  Process act_ahead();

  std::int64_t hour_of(Time instant) const;
  Time begin_of(std::int64_t hour) const;
  void seed_history();
  void gather_hour(std::int64_t hour);
  void refresh(std::int64_t now_hour);
  void act(std::int64_t hour);

  World& world_;
  CloudWatch& cloudwatch_;
  Capacity& capacity_;
  std::string id_;
  const PredictiveScalingConfig& config_;
  MetricId metric_;
  LoadHistory history_;
  std::map<std::int64_t, int> forecast_;  // by hour
  std::optional<std::int64_t> refreshed_;
  double instance_minutes_ = 0;  // summed over the minutes of the present hour
  double minutes_ = 0;
  double last_hour_instances_ = 0;  // mean of the hour that ended last
};

}  // namespace nephoscope::autoscaling
