// EC2's error codes of launches (EC2 API reference, error codes).
#pragma once

namespace nephoscope::ec2 {

// Also where a spread group is full: AWS says that the instance does not launch, not with which code.
inline constexpr const char* kNoCapacity = "InsufficientInstanceCapacity";
// "Cluster placement groups are not supported by the 't3.xlarge' instance type" (dstackai/dstack issue 2872).
inline constexpr const char* kBadCombination = "InvalidParameterCombination";
// "The placement group is in use in another availability zone" (hashicorp/terraform issue 8064); that it
// comes with this code is assumed.
inline constexpr const char* kGroupInUse = "InvalidPlacementGroup.InUse";

}  // namespace nephoscope::ec2
