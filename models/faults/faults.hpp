// Faults: what a scenario lets happen to its architecture, under AWS FIS action ids where the meaning is the
// same and `sim:` otherwise.
//
//   faults:
//     az-loss: {at: 20m, duration: 30m, action: sim:az-power-loss, zone: us-east-1a}
//     reclaim: {at: 1h, action: aws:ec2:send-spot-instance-interruptions, target: web, selection:
//     PERCENT(33)}
//
// See faults.md.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "engine/config/field_table.hpp"
#include "models/common/resource.hpp"
#include "models/common/world.hpp"

namespace nephoscope::faults {

enum class FaultAction : std::uint8_t {
  az_power_loss,
  insufficient_capacity,
  spot_interruptions,
  terminate_instances,
};

// Which of the matching instances are hit: ALL, COUNT(n) or PERCENT(n), as FIS writes it.
struct Selection {
  enum class Mode : std::uint8_t { all, count, percent };
  Mode mode = Mode::all;
  std::uint32_t number = 0;

  // How many of `present` are hit; a share is rounded up (model).
  std::size_t of(std::size_t present) const;
};

struct FaultConfig {
  Duration at{};
  std::optional<Duration> duration;
  FaultAction action = FaultAction::az_power_loss;
  std::optional<Reference> zone;  // its whole name: "us-east-1a"
  std::optional<Reference> target;
  Selection selection;

  static const FieldTable<FaultConfig>& fields();
  // Reports unknown zones and targets.
  void check(const Defined& defined, Diagnostics& diagnostics) const;
  // When it is over; one that has no duration ends as it begins.
  Duration end() const { return at + duration.value_or(Duration{}); }
  // The running fault. `id` is its key in the scenario; this config must outlive it.
  std::unique_ptr<Resource> build(World& world, const std::string& id) const;
};

}  // namespace nephoscope::faults

namespace nephoscope {

template <>
inline constexpr auto kEnumNames<faults::FaultAction> = enum_names<faults::FaultAction>({
    {"sim:az-power-loss", faults::FaultAction::az_power_loss},
    {"aws:ec2:asg-insufficient-instance-capacity-error", faults::FaultAction::insufficient_capacity},
    {"aws:ec2:send-spot-instance-interruptions", faults::FaultAction::spot_interruptions},
    {"aws:ec2:terminate-instances", faults::FaultAction::terminate_instances},
});

template <>
struct FieldType<faults::Selection> {
  static std::optional<faults::Selection> read(const Node& node, Context& context, const FieldRules& rules);
  static std::string show(const faults::Selection& selection);
  static std::string type_name() { return "ALL, COUNT(n) or PERCENT(n)"; }
  static void schema(Json& out, SchemaBook& book, const FieldRules& rules);
};

}  // namespace nephoscope
