#include "models/common/references.hpp"

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

void check_instances(const Reference& fleet, const Defined& defined, Diagnostics& diagnostics) {
  const auto is_instances = [](std::string_view type) {
    return type == "AWS::AutoScaling::AutoScalingGroup" || type == "AWS::EC2::Instance";
  };
  const auto resource = defined.resources.find(fleet.id);
  if (resource != defined.resources.end()) {
    if (!is_instances(resource->second))
      report_wrong_reference(fleet, "an Auto Scaling group or an EC2 instance", resource->second,
                             diagnostics);
    return;
  }
  std::vector<std::string_view> known;
  for (const auto& [id, type] : defined.resources)
    if (is_instances(type)) known.push_back(id);
  report_unknown_reference(fleet, "resource with instances", known, diagnostics);
}

}  // namespace nephoscope
