// Nephoscope::Hosts: a fixed fleet of machines outside AWS that run an application.
//
// Requests are spread over the hosts whose server runs at that moment. Hosts may fail and be repaired at
// random; a failure loses what is in progress. See hosts.md.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/config/field_table.hpp"
#include "models/common/distribution_field.hpp"
#include "models/common/resource.hpp"

namespace nephoscope::hosts {

enum class Routing : std::uint8_t { round_robin, random, least_outstanding };

struct HostsConfig final : ResourceConfig {
  std::uint32_t count = 1;
  std::uint32_t vcpus = 1;
  Reference application;
  std::optional<Reference> version;  // none = the application's first
  Routing routing = Routing::round_robin;
  std::optional<std::string> priced_as;  // the price book's key of an hourly price
  Usd price_per_hour;
  std::optional<DurationDistribution> time_to_failure;
  DurationDistribution time_to_repair = Duration(5min);

  static const FieldTable<HostsConfig>& fields();
  void check(const Defined& defined, Diagnostics& diagnostics) const override;
  std::unique_ptr<Resource> build(World& world, const std::string& id) const override;
  bool takes_requests() const override { return true; }
  const Reference* fleet_application() const override { return &application; }
  std::optional<std::vector<std::string>> operations(const Defined& defined) const override;
};

}  // namespace nephoscope::hosts

namespace nephoscope {
template <>
inline constexpr auto kEnumNames<hosts::Routing> =
    enum_names<hosts::Routing>({{"round_robin", hosts::Routing::round_robin},
                                {"random", hosts::Routing::random},
                                {"least_outstanding", hosts::Routing::least_outstanding}});
}  // namespace nephoscope
