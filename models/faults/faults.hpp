// Faults: what a scenario lets happen to its architecture, under AWS FIS action ids where the meaning is the
// same and `sim:` otherwise.
//
//   faults:
//     az-loss: {at: 20m, duration: 30m, action: sim:az-power-loss, zone: us-east-1a}
//     reclaim: {at: 1h, action: aws:ec2:send-spot-instance-interruptions, target: web, selection:
//     PERCENT(33)} racks: {action: sim:rack-power-loss, target: web, each: rack,
//             time_between: {dist: exponential, mean: 2000h}, duration: {dist: exponential, mean: 4h}}
//
// When: once (`at`, `start_after`), at regular times (`repeat`), or as a renewal process (`time_between`, and
// `duration` as the time of repair). See faults.md.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/config/field_table.hpp"
#include "models/common/distribution_field.hpp"
#include "models/common/resource.hpp"
#include "models/common/tags.hpp"
#include "models/faults/actions.hpp"
#include "models/faults/selection.hpp"

namespace nephoscope::faults {

// What of a zone's traffic is cut (aws:network:disrupt-connectivity, parameter `scope`).
enum class CutScope : std::uint8_t { all, availability_zone };

// Begins again and again, each time `every` after the last begin.
struct Repeat {
  Duration every{};
  std::optional<std::uint32_t> times;  // in all; none = to the end of the run
  static const FieldTable<Repeat>& fields();
};

struct FaultConfig {
  FaultAction action = FaultAction::az_power_loss;
  // When.
  std::optional<Duration> at;
  std::optional<Reference> start_after;
  std::optional<Repeat> repeat;
  std::optional<DurationDistribution> time_between;  // from its end (or the start) to its next begin
  std::optional<Entity> each;                        // each of these has its own such process
  std::optional<DurationDistribution> duration;
  // What it hits.
  std::optional<Reference> target;
  std::vector<Reference> targets;
  Tags resource_tags;  // instead of targets: the resources that have them all
  Selection selection;
  std::optional<Reference> zone;  // its whole name: "us-east-1a"
  std::optional<std::uint32_t> rack;
  std::optional<std::uint32_t> partition;
  std::vector<Reference> between;  // two parts
  std::optional<Reference> region;
  // How hard.
  CutScope scope = CutScope::all;
  Probability speed{1};
  Duration delay{};
  Probability loss{0};
  std::optional<Reference> version;
  Probability share{1};

  static const FieldTable<FaultConfig>& fields();
  // The targets that it names, as `target` or `targets`.
  std::vector<Reference> all_targets() const;
  // Their ids, and those of the resources that have its tags.
  std::vector<std::string> targets_among(const TagsById& tags) const;
  bool has_targets() const { return target || !targets.empty() || !resource_tags.empty(); }
  // The duration, if it is the same each time.
  std::optional<Duration> constant_duration() const;
};

// Reports what is wrong between faults and other parts: unknown zones, racks, targets, versions, leaders.
void check_faults(std::span<const Named<FaultConfig>> faults, const Defined& defined,
                  Diagnostics& diagnostics);

// When a fault happens, as far as it shows before the run.
struct FaultWindow {
  bool once = true;  // at one time that is known; otherwise the rest says nothing
  Duration from{};
  Duration to{};
  bool open = false;  // when it ends shows in the run
};
FaultWindow window_of(std::span<const Named<FaultConfig>> faults, const FaultConfig& fault);

// The ids of a scenario's resources, parts of composites included, as far as faults look for them.
struct Inventory {
  std::vector<std::string> resources;
  std::vector<std::string> owners;  // those of EC2 instances
  TagsById tags = {};
};

// The running faults of a scenario. REQUIRES: world and faults outlive it.
std::unique_ptr<Resource> build_faults(World& world, std::span<const Named<FaultConfig>> faults,
                                       Inventory inventory);

}  // namespace nephoscope::faults

namespace nephoscope {

template <>
inline constexpr auto kEnumNames<faults::CutScope> = enum_names<faults::CutScope>({
    {"all", faults::CutScope::all},
    {"availability-zone", faults::CutScope::availability_zone},
});

}  // namespace nephoscope
