// What an environment expands into is called; the id in the scenario is "ENVIRONMENT/NAME".
#pragma once

#include <string_view>

namespace nephoscope::elasticbeanstalk {

inline constexpr std::string_view kAutoScalingGroup = "AutoScalingGroup";
inline constexpr std::string_view kLoadBalancer = "LoadBalancer";
inline constexpr std::string_view kTargetGroup = "TargetGroup";
// For immutable and traffic-splitting deployments: a second group, empty in between.
inline constexpr std::string_view kTemporaryGroup = "TemporaryGroup";
// For traffic splitting: where the temporary group registers its instances; its weight is 0 in between.
inline constexpr std::string_view kSplittingTargetGroup = "SplittingTargetGroup";
// Before the names of the environment that blue/green deployments swap with: "Green/AutoScalingGroup".
inline constexpr std::string_view kGreen = "Green/";

}  // namespace nephoscope::elasticbeanstalk
