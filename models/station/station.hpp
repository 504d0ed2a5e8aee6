// Nephoscope::Station: a generic server with a waiting line.
//
// Stands for whatever has no model of its own (an external service, a database) and for the stations of
// queueing theory, whose exact results are this project's tests. See station.md.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "engine/config/field_table.hpp"
#include "models/common/distribution_field.hpp"
#include "models/common/resource.hpp"

namespace nephoscope::station {

enum class LineDiscipline : std::uint8_t { fifo, priority, processor_sharing };

struct StationConfig final : ResourceConfig {
  std::int64_t servers = 1;
  std::optional<std::int64_t> queue_limit;
  LineDiscipline discipline = LineDiscipline::fifo;
  DurationDistribution service;
  std::optional<DurationDistribution> patience;
  std::optional<Reference> availability_zone;  // "us-east-1a"
  std::optional<Reference> region;             // none, as without a zone: it stands nowhere
  Probability error_rate;
  Usd price_per_hour;
  Usd price_per_million_requests;

  static const FieldTable<StationConfig>& fields();
  void check(const Defined& defined, Diagnostics& diagnostics) const override;
  std::unique_ptr<Resource> build(World& world, const std::string& id) const override;
  bool takes_requests() const override { return true; }
  bool has_place() const override { return availability_zone || region; }
  const Reference* other_region() const override { return region ? &*region : nullptr; }
};

}  // namespace nephoscope::station

namespace nephoscope {
template <>
inline constexpr auto kEnumNames<station::LineDiscipline> = enum_names<station::LineDiscipline>({
    {"fifo", station::LineDiscipline::fifo},
    {"priority", station::LineDiscipline::priority},
    {"processor_sharing", station::LineDiscipline::processor_sharing},
});
}  // namespace nephoscope
