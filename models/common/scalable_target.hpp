// What Application Auto Scaling can scale: one number of a resource, such as a table's write capacity.
//
// The implementation is the service that owns the number (models/dynamodb); the scaling itself is
// models/applicationautoscaling. Source: Application Auto Scaling User Guide, "DynamoDB and Application Auto
// Scaling"; API reference, PredefinedMetricSpecification.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/base/time.hpp"
#include "models/common/cloudwatch.hpp"

namespace nephoscope {

// How a request to change a capacity ended.
enum class CapacityChange : std::uint8_t {
  accepted,        // it takes effect when the update ends
  unchanged,       // the capacity is that already
  in_use,          // ResourceInUseException: an update is in progress
  limit_exceeded,  // LimitExceededException: too many decreases today
};

class ScalableDimension {
 public:
  virtual ~ScalableDimension() = default;
  virtual std::int64_t capacity() const = 0;  // in force
  virtual bool updating() const = 0;
  virtual CapacityChange set_capacity(std::int64_t capacity, const std::string& reason) = 0;
  // The metric whose sum over a minute is compared with 60 x capacity x target utilisation.
  virtual MetricName consumed_metric() const = 0;
};

}  // namespace nephoscope
