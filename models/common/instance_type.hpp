// EC2's instance types as data: models/ec2/instance_types.yaml, which travels inside the program.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/units.hpp"
#include "engine/config/field_table.hpp"
#include "models/common/launch.hpp"

namespace nephoscope {

// How a burstable type earns CPU credits. One credit is one vCPU at 100 % for a minute (EC2 User Guide,
// burstable performance instances, key concepts).
struct CreditTerms {
  double per_hour = 0;                      // earned by the instance
  double cap = 0;                           // credits that can be kept: 24 h of earnings
  Probability baseline;                     // of each vCPU
  double launch_per_vcpu = 0;               // launch credits at each start in standard mode
  CpuCredits mode = CpuCredits::unlimited;  // unless the launch says otherwise
  static const FieldTable<CreditTerms>& fields();
};

struct InstanceType {
  std::string family;  // "general"
  int vcpus = 1;
  Bytes memory;
  std::optional<BytesPerSecond> bandwidth;        // that can be sustained
  std::optional<BytesPerSecond> burst_bandwidth;  // for minutes, best effort
  bool instance_store = false;                    // has disks of its own: not recovered automatically
  std::optional<CreditTerms> credits;
  // What it sustains; of types that EC2 calls "low to moderate" 0.5 Gbps (assumption).
  BytesPerSecond sustained_bandwidth() const { return bandwidth.value_or(BytesPerSecond(62.5e6)); }
  static const FieldTable<InstanceType>& fields();
};

struct InstanceTypeBook {
  std::string date;
  std::vector<Named<InstanceType>> types;
  static const FieldTable<InstanceTypeBook>& fields();
};

// All that are known, in the order of their families.
const InstanceTypeBook& instance_type_book();
// Null for an unknown type.
const InstanceType* find_instance_type(std::string_view name);

// Reports the instance type that a map of launch keys names under `key`, if nobody knows it.
void check_instance_type(const Node& map, Context& context, std::string_view key = "instance_type");

}  // namespace nephoscope
