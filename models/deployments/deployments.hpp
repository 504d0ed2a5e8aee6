// Deployments: which version a scenario ships where, and when.
//
//   deployments:
//     ship-v2: {at: 45m, target: web, version: v2}
//     resize: {at: 90m, target: shop, instance_type: m6i.xlarge}
//
// How the version gets there is the target's own matter: an Auto Scaling group does an instance refresh. A
// deployment's beginning and end stand in the event log, its duration in the results. See deployments.md.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "engine/config/field_table.hpp"
#include "models/common/resource.hpp"

namespace nephoscope::deployments {

struct DeploymentConfig {
  Duration at{};
  Reference target;
  std::optional<Reference> version = {};
  std::optional<std::string> instance_type = {};  // instead of a version
  std::optional<Duration> redeploy_after = {};    // none = never

  static const FieldTable<DeploymentConfig>& fields();
  // Reports targets that nothing can be shipped to, and versions that their application does not declare.
  void check(const Defined& defined, Diagnostics& diagnostics) const;
  // The running deployment. `id` is its key in the scenario; this config must outlive it.
  std::unique_ptr<Resource> build(World& world, const std::string& id) const;
};

}  // namespace nephoscope::deployments
