// What an instance is when it is launched: the keys that `AWS::EC2::Instance`, `AWS::EC2::LaunchTemplate` and
// `AWS::AutoScaling::AutoScalingGroup` share, as far as a launch template decides what is modelled.
//
// Such a struct derives from LaunchConfig and passes its table through with_launch_fields(), as calls do with
// their CallPolicy.
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>

#include "engine/config/field_table.hpp"
#include "models/common/distribution_field.hpp"
#include "models/common/tags.hpp"

namespace nephoscope {

// Of burstable instances; EC2's default is standard for t2 and unlimited for t3, t3a, t4g.
enum class CpuCredits : std::uint8_t { standard, unlimited };

template <>
inline constexpr auto kEnumNames<CpuCredits> = enum_names<CpuCredits>({{"standard", CpuCredits::standard},
                                                                       {"unlimited", CpuCredits::unlimited}});

struct LaunchConfig {
  std::string instance_type = "m6i.large";
  Reference application;
  std::optional<Reference> version;  // none = the application's first
  std::optional<CpuCredits> cpu_credits;
  bool monitoring = false;  // detailed: metrics each minute instead of each 5 minutes
  std::optional<Reference> placement_group;
  std::optional<std::uint32_t> partition_number;  // from 1; none = EC2 spreads over all partitions
  Tags tags;                                      // of the instances, too

  DurationDistribution launch_time;     // from the RunInstances call to the state running
  DurationDistribution boot_time;       // from running to an operating system that runs programs
  DurationDistribution bootstrap_time;  // user data and the application's own start, at the first boot
  DurationDistribution restart_time;    // the application's own start, at later boots
  Bytes image_size;   // read from S3 at the first boot, before bootstrap_time; 0 = part of the times above
  Bytes bundle_size;  // likewise, and whenever another version is deployed

  LaunchConfig();
  // What the fields mean and where defaults come from, in the order of the members.
  static FieldRules instance_type_rules();
  static FieldRules launch_time_rules();
  static FieldRules boot_time_rules();
  static FieldRules bootstrap_time_rules();
  static FieldRules restart_time_rules();
  static FieldRules image_size_rules();
  static FieldRules bundle_size_rules();
  bool has_downloads() const { return image_size.count + bundle_size.count > 0; }
};

// Adds the launch keys to a table; `application` is required where nothing else can state it.
template <std::derived_from<LaunchConfig> T>
FieldTable<T>&& with_launch_fields(FieldTable<T>&& table) {
  const auto own = []<class M>(M LaunchConfig::*member) { return static_cast<M T::*>(member); };
  using L = LaunchConfig;
  return std::move(table)
      .field("instance_type", own(&L::instance_type), L::instance_type_rules())
      .required("application", own(&L::application),
                {.doc = "what instances run", .refers_to = "application"})
      .field("version", own(&L::version),
             {.doc = "of the application; none = the first one declared", .refers_to = "version"})
      .field("cpu_credits", own(&L::cpu_credits),
             {.doc = "of burstable types; none = standard for t2, unlimited for t3, t3a and t4g",
              .source = "EC2 User Guide, burstable performance instances, key concepts"})
      .field("monitoring", own(&L::monitoring),
             {.doc = "detailed monitoring: metrics each minute instead of each 5 minutes",
              .source = "EC2 User Guide, viewing metrics with CloudWatch"})
      .field("placement_group", own(&L::placement_group),
             {.doc = "that instances are launched into; none = EC2 tries to spread them",
              .source = "EC2 User Guide, placement groups",
              .refers_to = "placement group"})
      .field("partition_number", own(&L::partition_number),
             {.doc = "of a partition placement group; none = EC2 spreads instances over all partitions",
              .source = "EC2 User Guide, placement groups; CloudFormation, LaunchTemplate Placement",
              .min = 1,
              .max = 7})
      .field("tags", own(&L::tags),
             tags_rules("by which faults find the instances", "EC2 User Guide, tag your resources"))
      .assume("launch_time", own(&L::launch_time), L::launch_time_rules())
      .assume("boot_time", own(&L::boot_time), L::boot_time_rules())
      .assume("bootstrap_time", own(&L::bootstrap_time), L::bootstrap_time_rules())
      .assume("restart_time", own(&L::restart_time), L::restart_time_rules())
      .assume("image_size", own(&L::image_size), L::image_size_rules())
      .assume("bundle_size", own(&L::bundle_size), L::bundle_size_rules());
}

}  // namespace nephoscope
