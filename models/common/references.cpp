#include "models/common/references.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <vector>

namespace nephoscope {
namespace {

template <class Map>
std::vector<std::string_view> names_of(const Map& map) {
  std::vector<std::string_view> names;
  for (const auto& [name, value] : map) names.push_back(name);
  return names;
}

}  // namespace

void report_no_endpoint(const Reference& target, const Defined& defined, Diagnostics& diagnostics) {
  constexpr std::string_view expected = "a resource that takes requests";
  const auto resource = defined.resources.find(target.id);
  if (resource != defined.resources.end())
    report_wrong_reference(target, expected, resource->second, diagnostics);
  else if (defined.applications.contains(target.id))
    report_wrong_reference(target, expected, "an application", diagnostics);
  else
    report_unknown_reference(target, "resource", names_of(defined.endpoints), diagnostics);
}

void report_no_application(const Reference& application, const Defined& defined, Diagnostics& diagnostics) {
  const auto resource = defined.resources.find(application.id);
  if (resource != defined.resources.end())
    report_wrong_reference(application, "an application", resource->second, diagnostics);
  else
    report_unknown_reference(application, "application", names_of(defined.applications), diagnostics);
}

bool has_instances(const std::string& id, const Defined& defined) {
  const auto type = defined.resources.find(id);
  return type != defined.resources.end() && type->second.starts_with("AWS::") && defined.fleets.contains(id);
}

bool owns_instances(const std::string& id, const Defined& defined) {
  const auto part = defined.fleets.upper_bound(id + "/");
  const bool composite = part != defined.fleets.end() && part->first.starts_with(id + "/");
  return has_instances(id, defined) && !composite;
}

void report_no_instances(const Reference& resource, const Defined& defined, Diagnostics& diagnostics) {
  const auto type = defined.resources.find(resource.id);
  if (type != defined.resources.end())
    return report_wrong_reference(resource, "a resource with instances", type->second, diagnostics);
  std::vector<std::string_view> known;
  for (const auto& [id, application] : defined.fleets)
    if (has_instances(id, defined)) known.emplace_back(id);
  report_unknown_reference(resource, "resource with instances", known, diagnostics);
}

void check_zone(const Reference& zone, const Defined& defined, Diagnostics& diagnostics) {
  const auto& zones = defined.zones;
  if (std::find(zones.begin(), zones.end(), zone.id) != zones.end()) return;
  const std::vector<std::string_view> known(zones.begin(), zones.end());
  report_unknown_reference(zone, "Availability Zone", known, diagnostics);
}

void check_regions(const Reference& region, std::string_view other, const Defined& defined,
                   Diagnostics& diagnostics) {
  const RegionTable& regions = defined.regions;
  if (!regions.find(region.id))
    return report_unknown_reference(region, "Region", known_regions(), diagnostics);
  if (regions.connects(region.id, other) || !regions.find(other)) return;
  diagnostics.add(
      {Code::inconsistent, region.place, region.path,
       fmt::format("nobody has measured the round trip between {} and {}", region.id, other),
       fmt::format("state it: network.assume.round_trips: {{{}: {{{}: 100ms}}}}", region.id, other), ""});
}

}  // namespace nephoscope
