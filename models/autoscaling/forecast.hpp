// Predictive scaling's forecast: from the load of past hours to the capacity that coming hours need.
//
// AWS does not publish its algorithm; this one is a model: the mean of the same hour of the day, and of the
// same hour of the week with twice the weight where the data reach back a week. Source of the limits: Auto
// Scaling User Guide, "Predictive scaling".
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace nephoscope::autoscaling {

inline constexpr std::int64_t kHoursNeeded = 24;     // before there is a forecast
inline constexpr std::int64_t kHoursUsed = 14 * 24;  // of history
inline constexpr std::int64_t kHoursForecast = 48;   // from the present one on
inline constexpr std::int64_t kHoursBetweenForecasts = 6;

// Loads by the hour, counted from 1970-01-01T00:00Z, each in the metric's unit times instances.
class LoadHistory final {
 public:
  // REQUIRES: hours are added in rising order; those left out have no data.
  void add(std::int64_t hour, double load);
  // Hours with data among the last `kHoursUsed` before `now_hour`.
  std::int64_t size(std::int64_t now_hour) const;
  // The load expected in `hour`, from the data before `now_hour`; none without enough data, or none for such
  // an hour.
  std::optional<double> expected(std::int64_t hour, std::int64_t now_hour) const;

 private:
  struct Load {
    std::int64_t hour;
    double value;
  };
  std::vector<Load> loads_;  // by hour; the oldest are dropped
};

// The instances that serve `load` at `target` each, rounded up.
int capacity_for(double load, double target);

}  // namespace nephoscope::autoscaling
