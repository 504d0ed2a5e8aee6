// Workloads: who calls the architecture, when, for what, and how patiently. See client.md.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/config/field_table.hpp"
#include "models/client/arrivals_config.hpp"
#include "models/client/resolver.hpp"
#include "models/common/call_policy.hpp"
#include "models/common/distribution_field.hpp"
#include "models/common/key_distribution.hpp"
#include "models/common/resource.hpp"

namespace nephoscope::client {

// One entry of `workloads`. Its call policy is that of the users' client.
struct WorkloadConfig final : ResourceConfig, CallPolicy, ResolverConfig {
  Reference target;
  std::optional<Reference> from;  // a Region
  ArrivalsConfig arrivals;
  std::optional<Reference> operation;
  std::vector<Named<Probability>> mix;
  std::vector<Named<std::int32_t>> priorities;
  std::optional<KeyDistribution> keys;
  SizeDistribution request_size;
  std::uint32_t clients = 1;
  Duration start{};
  std::optional<Duration> stop;
  Probability objective{0.99};

  static const FieldTable<WorkloadConfig>& fields();
  void check(const Defined& defined, Diagnostics& diagnostics) const override;
  std::unique_ptr<Resource> build(World& world, const std::string& id) const override;
};

}  // namespace nephoscope::client
