// What faults say about other parts of the scenario, and about each other.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "models/common/references.hpp"
#include "models/faults/faults.hpp"

namespace nephoscope::faults {
namespace {

std::vector<std::string_view> views(const std::vector<std::string>& names) {
  return {names.begin(), names.end()};
}

bool is_zone(const std::string& name, const Defined& defined) {
  return std::find(defined.zones.begin(), defined.zones.end(), name) != defined.zones.end();
}

void report_target(const Reference& target, const char* expected, const Defined& defined,
                   std::vector<std::string_view> known, Diagnostics& diagnostics) {
  const auto other = defined.resources.find(target.id);
  if (other != defined.resources.end())
    return report_wrong_reference(target, fmt::format("a {}", expected), other->second, diagnostics);
  report_unknown_reference(target, expected, known, diagnostics);
}

void check_name(const Reference& target, const Defined& defined, Diagnostics& diagnostics) {
  if (defined.dns_names.contains(target.id)) return;
  const std::vector<std::string_view> known(defined.dns_names.begin(), defined.dns_names.end());
  report_target(target, "resource with a DNS name", defined, known, diagnostics);
}

void check_part(const Reference& part, const Defined& defined, Diagnostics& diagnostics) {
  if (is_zone(part.id, defined) || has_instances(part.id, defined)) return;
  if (!defined.resources.contains(part.id) && defined.regions.find(part.id)) return;
  std::vector<std::string_view> known = views(defined.zones);
  for (const auto& [id, application] : defined.fleets) known.emplace_back(id);
  report_target(part, "zone, resource with instances or Region", defined, std::move(known), diagnostics);
}

void check_nodes(const Reference& target, const Defined& defined, Diagnostics& diagnostics) {
  if (defined.rebootable.contains(target.id)) return;
  const std::vector<std::string_view> known(defined.rebootable.begin(), defined.rebootable.end());
  report_target(target, "resource with nodes that reboot", defined, known, diagnostics);
}

// Something must have the tags now: instances get theirs from their resource.
void check_resource_tags(const Named<FaultConfig>& fault, const Defined& defined, Diagnostics& diagnostics) {
  const Tags& wanted = fault.value.resource_tags;
  if (wanted.empty() || !ids_with(defined.tags, wanted).empty()) return;
  std::set<std::string> known;
  for (const auto& [id, tags] : defined.tags)
    if (!tags.empty()) known.insert(show_tags(tags));
  const std::vector<std::string_view> names(known.begin(), known.end());
  diagnostics.add(
      {Code::unknown_reference, wanted.front().place, "faults." + path_segment(fault.id) + ".resource_tags",
       fmt::format("no resource with instances has the tags '{}'", show_tags(wanted)),
       did_you_mean(show_tags(wanted), names),
       known.empty() ? "no resource has tags" : fmt::format("known: {}", fmt::join(known, "; "))});
}

void check_version(const FaultConfig& fault, const Defined& defined, Diagnostics& diagnostics) {
  for (const std::string& target : fault.targets_among(defined.tags)) {
    const auto fleet = defined.fleets.find(target);
    if (fleet == defined.fleets.end()) continue;
    const auto versions = defined.versions.find(fleet->second);
    if (versions == defined.versions.end()) continue;
    const std::vector<std::string>& known = versions->second;
    if (std::find(known.begin(), known.end(), fault.version->id) == known.end())
      report_unknown_reference(*fault.version, fmt::format("version of '{}'", fleet->second), views(known),
                               diagnostics);
  }
}

void check_rack(const Named<FaultConfig>& fault, const Defined& defined, Diagnostics& diagnostics) {
  if (!fault.value.rack || *fault.value.rack < defined.zone_shape.racks) return;
  diagnostics.add({Code::out_of_range, fault.place, "faults." + fault.id,
                   fmt::format("there is no rack {}", *fault.value.rack),
                   fmt::format("a zone has racks 0 to {}", defined.zone_shape.racks - 1), ""});
}

const Named<FaultConfig>* find_fault(std::span<const Named<FaultConfig>> faults, const std::string& id) {
  for (const auto& fault : faults)
    if (fault.id == id) return &fault;
  return nullptr;
}

// Whether following leaders from here comes to an end.
bool ends_somewhere(std::span<const Named<FaultConfig>> faults, const FaultConfig& fault) {
  const FaultConfig* at = &fault;
  for (std::size_t steps = 0; at->start_after; ++steps) {
    const auto* leader = find_fault(faults, at->start_after->id);
    if (leader == nullptr) return true;
    if (steps > faults.size()) return false;
    at = &leader->value;
  }
  return true;
}

void check_leader(std::span<const Named<FaultConfig>> faults, const FaultConfig& fault,
                  Diagnostics& diagnostics) {
  const Reference& reference = *fault.start_after;
  const auto* leader = find_fault(faults, reference.id);
  const auto report = [&](const char* message, const char* hint) {
    diagnostics.add({Code::inconsistent, reference.place, reference.path, message, hint, ""});
  };
  if (leader == nullptr) {
    std::vector<std::string_view> known;
    for (const auto& each : faults) known.emplace_back(each.id);
    return report_unknown_reference(reference, "fault", known, diagnostics);
  }
  if (!ends_somewhere(faults, fault)) return report("these faults wait for each other", "one needs 'at'");
  if (leader->value.repeat || leader->value.time_between)
    report("that fault comes more than once", "a fault follows one that comes once");
}

void check_fault(const Named<FaultConfig>& named, const Defined& defined, Diagnostics& diagnostics) {
  const FaultConfig& fault = named.value;
  if (fault.zone) check_zone(*fault.zone, defined, diagnostics);
  const bool by_name = fault.action == FaultAction::dns_stale;
  for (const Reference& target : fault.all_targets())
    if (by_name)
      check_name(target, defined, diagnostics);
    else if (info(fault.action).entity == Entity::node)
      check_nodes(target, defined, diagnostics);
    else if (!has_instances(target.id, defined))
      report_no_instances(target, defined, diagnostics);
  check_resource_tags(named, defined, diagnostics);
  for (const Reference& part : fault.between) check_part(part, defined, diagnostics);
  if (fault.region) check_regions(*fault.region, defined.region, defined, diagnostics);
  if (fault.version) check_version(fault, defined, diagnostics);
  check_rack(named, defined, diagnostics);
}

}  // namespace

void check_faults(std::span<const Named<FaultConfig>> faults, const Defined& defined,
                  Diagnostics& diagnostics) {
  for (const auto& fault : faults) {
    check_fault(fault, defined, diagnostics);
    if (fault.value.start_after) check_leader(faults, fault.value, diagnostics);
  }
}

FaultWindow window_of(std::span<const Named<FaultConfig>> faults, const FaultConfig& fault) {
  if (fault.repeat || fault.time_between || !ends_somewhere(faults, fault)) return {.once = false};
  FaultWindow window;
  if (fault.at) window.from = *fault.at;
  if (fault.start_after) {
    const auto* leader = find_fault(faults, fault.start_after->id);
    const FaultWindow before =
        leader == nullptr ? FaultWindow{.once = false} : window_of(faults, leader->value);
    if (!before.once || before.open) return {.once = false};
    window.from = before.to;
  }
  const auto duration = fault.constant_duration();
  window.open = !duration;
  window.to = window.from + duration.value_or(Duration{});
  return window;
}

}  // namespace nephoscope::faults
