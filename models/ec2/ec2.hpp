// EC2: the account's quotas, and what a scenario believes about launches, failures and Spot (section `ec2:`);
// and AWS::EC2::Instance, one instance of its own. See ec2.md.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "engine/config/field_table.hpp"
#include "models/common/distribution_field.hpp"
#include "models/common/launch.hpp"
#include "models/common/place.hpp"
#include "models/common/resource.hpp"

namespace nephoscope::ec2 {

// When EC2 takes Spot capacity back: one process for each pool, that is each instance type in each zone.
struct SpotReclaims {
  std::optional<DurationDistribution> time_between;  // none = never
  Probability least_share{0.3};                      // of the pool's instances, uniform between these two
  Probability greatest_share{1.0};
  Duration spread = 3min;               // notices of one reclaim fall into so much time
  DurationDistribution rebalance_lead;  // from the rebalance recommendation to the notice
  SpotReclaims();
  static const FieldTable<SpotReclaims>& fields();
};

// When a zone has no capacity for launches.
struct CapacityShortages {
  DurationDistribution time_between;  // from the end of one to the begin of the next
  DurationDistribution duration;
  static const FieldTable<CapacityShortages>& fields();
};

// What is believed of EC2's hardware; equal in all zones.
struct HardwareConfig : ZoneShape {
  int host_vcpus = 128;
  int racks_considered = 2;
  int hosts_per_family = 4;
  std::uint32_t cluster_racks = 2;
  Probability others_least{0.2};
  Probability others_greatest{0.8};
  Duration others_turnover = 1h;
};

// The `ec2:` section.
struct Ec2Config : HardwareConfig {
  std::int64_t run_instances_burst = 1000;
  Rate run_instances_rate{2};
  std::optional<std::int64_t> vcpu_quota;
  std::optional<std::int64_t> spot_vcpu_quota;

  DurationDistribution status_check_initialization;
  DurationDistribution impairment_time;
  DurationDistribution auto_recovery_time;
  DurationDistribution stop_time = Duration(30s);
  DurationDistribution terminate_time = Duration(30s);
  Probability launch_failures;
  std::optional<DurationDistribution> time_to_system_failure;
  std::optional<DurationDistribution> time_to_instance_failure;
  std::optional<CapacityShortages> capacity_shortages;
  Probability spot_discount{0.65};
  Probability spot_notices{1.0};
  SpotReclaims spot_reclaims;

  Ec2Config();
  static const FieldTable<Ec2Config>& fields();
};

enum class AutoRecovery : std::uint8_t { enabled, disabled };

struct InstanceConfig final : ResourceConfig, LaunchConfig {
  std::optional<Reference> availability_zone;  // "us-east-1a"; none = the first of the run
  AutoRecovery auto_recovery = AutoRecovery::enabled;

  static const FieldTable<InstanceConfig>& fields();
  void check(const Defined& defined, Diagnostics& diagnostics) const override;
  std::unique_ptr<Resource> build(World& world, const std::string& id) const override;
  bool takes_requests() const override { return true; }
  const Reference* fleet_application() const override { return &application; }
  const Tags* instance_tags() const override { return &tags; }
  bool has_flows() const override { return has_downloads(); }
  std::optional<std::vector<std::string>> operations(const Defined& defined) const override;
};

}  // namespace nephoscope::ec2

namespace nephoscope {
template <>
inline constexpr auto kEnumNames<ec2::AutoRecovery> = enum_names<ec2::AutoRecovery>(
    {{"default", ec2::AutoRecovery::enabled}, {"disabled", ec2::AutoRecovery::disabled}});
}  // namespace nephoscope
