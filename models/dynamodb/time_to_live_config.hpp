// How a table's items expire (CloudFormation: TimeToLiveSpecification), and what is assumed about it.
#pragma once

#include "engine/config/field_table.hpp"
#include "models/common/distribution_field.hpp"

namespace nephoscope::dynamodb {

struct TimeToLiveSpecification {
  bool enabled = true;
  std::string attribute_name = "ttl";
  DurationDistribution ttl;             // from the write of an item to the value of its attribute
  DurationDistribution already_passed;  // taken off that: values that lie in the past
  DurationDistribution deletion_delay;  // from that value until the item is deleted
  TimeToLiveSpecification();
  static const FieldTable<TimeToLiveSpecification>& fields();
};

}  // namespace nephoscope::dynamodb
