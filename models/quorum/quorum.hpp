// Nephoscope::Quorum: whether at least k of some resources' instances are up.
//
//   control: {type: Nephoscope::Quorum, of: [web], at_least: 3}
//
// It measures the share of time, and as an endpoint it answers while there are enough: what a cluster that
// needs k of its n machines does. See quorum.md.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/config/field_table.hpp"
#include "models/common/resource.hpp"

namespace nephoscope::quorum {

// The error while too few are up.
inline constexpr std::string_view kLost = "QuorumLost";

struct QuorumConfig final : ResourceConfig {
  std::vector<Reference> of;
  std::uint32_t at_least = 1;

  static const FieldTable<QuorumConfig>& fields();
  void check(const Defined& defined, Diagnostics& diagnostics) const override;
  std::unique_ptr<Resource> build(World& world, const std::string& id) const override;
  bool takes_requests() const override { return true; }
};

}  // namespace nephoscope::quorum
