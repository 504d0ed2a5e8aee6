#include "models/autoscaling/forecast.hpp"

#include <algorithm>
#include <cmath>

#include "engine/base/check.hpp"

namespace nephoscope::autoscaling {

namespace {

constexpr std::int64_t kHoursPerDay = 24;
constexpr std::int64_t kHoursPerWeek = 7 * 24;
constexpr double kWeekWeight = 2;  // of the same hour of the week against the same hour of the day
constexpr double kRounding = 1e-9;

struct Mean {
  double sum = 0;
  double count = 0;
  void add(double value) {
    sum += value;
    count += 1;
  }
  double value() const { return sum / count; }
};

}  // namespace

void LoadHistory::add(std::int64_t hour, double load) {
  check(loads_.empty() || loads_.back().hour < hour, "autoscaling", "hours of a load history must rise");
  loads_.push_back({hour, load});
  if (loads_.front().hour < hour - kHoursUsed) loads_.erase(loads_.begin());
}

std::int64_t LoadHistory::size(std::int64_t now_hour) const {
  return std::count_if(loads_.begin(), loads_.end(), [&](const Load& load) {
    return load.hour >= now_hour - kHoursUsed && load.hour < now_hour;
  });
}

std::optional<double> LoadHistory::expected(std::int64_t hour, std::int64_t now_hour) const {
  if (size(now_hour) < kHoursNeeded) return std::nullopt;
  Mean by_day;
  Mean by_week;
  for (const Load& load : loads_) {
    if (load.hour < now_hour - kHoursUsed || load.hour >= now_hour) continue;
    if ((hour - load.hour) % kHoursPerDay == 0) by_day.add(load.value);
    if ((hour - load.hour) % kHoursPerWeek == 0) by_week.add(load.value);
  }
  if (by_day.count == 0) return std::nullopt;
  if (by_week.count == 0) return by_day.value();
  return (kWeekWeight * by_week.value() + by_day.value()) / (kWeekWeight + 1);
}

int capacity_for(double load, double target) {
  return static_cast<int>(std::min(std::ceil(load / target - kRounding), 1e9));
}

}  // namespace nephoscope::autoscaling
