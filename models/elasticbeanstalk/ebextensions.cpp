#include "models/elasticbeanstalk/ebextensions.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/config/data_file.hpp"
#include "models/elasticbeanstalk/option_settings.hpp"

namespace nephoscope::elasticbeanstalk {
namespace {

constexpr std::string_view kEnding = ".config";

// Keys of configuration files, and sections of the CloudFormation template that they may extend.
constexpr std::string_view kKeys[] = {
    "option_settings", "Resources", "packages", "groups",     "users",
    "sources",         "files",     "commands", "services",   "container_commands",
    "Parameters",      "Outputs",   "Mappings", "Conditions", "Metadata"};

void warn_ignored(const Node& node, Context& context) {
  context.report_key(Code::unused, node, fmt::format("'{}' is not simulated", node.key()));
}

void read_health_check_type(const Node& node, Context& context, Ebextensions& result) {
  result.health_check_type_elb = node.text() == "ELB";
  if (!result.health_check_type_elb && node.text() != "EC2") context.wrong_type(node, "EC2 or ELB", "ELB");
}

void read_grace_period(const Node& node, Context& context, Ebextensions& result) {
  const auto seconds = parse_integer(node.text());
  if (!node.is_scalar() || !seconds || *seconds.value < 0 || *seconds.value > 172'800)
    return context.wrong_type(node, "a number of seconds, 0 to 172800", "300");
  result.health_check_grace_period = *seconds.value * Duration(1s);
}

// The group's own properties (Developer Guide, Auto Scaling health check setting).
void read_group(const Node& group, Context& context, Ebextensions& result) {
  const Node* properties = group.find("Properties");
  if (properties == nullptr) return;
  for (const auto& property : properties->children()) {
    if (property->key() == "HealthCheckType")
      read_health_check_type(*property, context, result);
    else if (property->key() == "HealthCheckGracePeriod")
      read_grace_period(*property, context, result);
    else if (property->key() == "PlacementGroup")
      result.placement_group =
          FieldType<Reference>::read(*property, context, {.refers_to = "placement group"});
    else
      warn_ignored(*property, context);
  }
}

void read_resources(const Node& resources, Context& context, Ebextensions& result) {
  if (!resources.is_map()) return context.wrong_type(resources, "a map of resources", "");
  for (const auto& resource : resources.children()) {
    if (resource->key() == "AWSEBAutoScalingGroup")
      read_group(*resource, context, result);
    else
      warn_ignored(*resource, context);
  }
}

void read_settings(const Node& node, Context& context, Ebextensions& result) {
  for (Setting& setting : read_option_settings(node, context).settings)
    result.settings.push_back(std::move(setting));
}

void read_key(const Node& node, Context& context, Ebextensions& result) {
  if (node.key() == "option_settings") return read_settings(node, context, result);
  if (node.key() == "Resources") return read_resources(node, context, result);
  if (std::ranges::find(kKeys, node.key()) != std::end(kKeys)) return warn_ignored(node, context);
  context.report_key(Code::unknown_key, node, fmt::format("unknown key '{}'", node.key()),
                     did_you_mean(node.key(), kKeys), fmt::format("known: {}", fmt::join(kKeys, ", ")));
}

struct NamedFile {
  std::string name;
  const Node* node;  // where the scenario names it, or its folder

  std::string_view last_part() const { return std::string_view(name).substr(name.rfind('/') + 1); }
};

void read_file(const NamedFile& file, Context& context, Ebextensions& result) {
  const Tree tree = read_data_tree(file.name, *file.node, context);
  if (!tree.readable()) return;
  if (!tree.root().is_map()) return context.wrong_type(tree.root(), "a map", "{option_settings: {...}}");
  for (const auto& child : tree.root().children()) read_key(*child, context, result);
}

std::vector<NamedFile> files_in(const Node& item, Context& context) {
  const std::size_t errors = context.error_count();
  std::vector<NamedFile> files;
  for (std::string& name : list_data_files(item, context, kEnding)) files.push_back({std::move(name), &item});
  if (files.empty() && context.error_count() == errors)
    context.report(Code::file_missing, item, fmt::format("no file in '{}' ends in {}", item.text(), kEnding));
  return files;
}

}  // namespace

Ebextensions read_ebextensions(const Node& node, Context& context) {
  Ebextensions result;
  std::vector<NamedFile> files;
  const auto add = [&](const Node& item) {
    result.files.push_back(item.text());
    for (NamedFile& file : files_in(item, context)) files.push_back(std::move(file));
  };
  if (node.is_sequence())
    for (const auto& item : node.children()) add(*item);
  else
    add(node);
  std::ranges::stable_sort(files, {}, &NamedFile::last_part);
  for (const NamedFile& file : files) read_file(file, context, result);
  return result;
}

}  // namespace nephoscope::elasticbeanstalk

namespace nephoscope {

using elasticbeanstalk::Ebextensions;

std::optional<Ebextensions> FieldType<Ebextensions>::read(const Node& node, Context& context,
                                                          const FieldRules&) {
  const std::size_t errors = context.error_count();
  auto result = elasticbeanstalk::read_ebextensions(node, context);
  return context.error_count() == errors ? std::optional(std::move(result)) : std::nullopt;
}

std::string FieldType<Ebextensions>::show(const Ebextensions& value) {
  return field_detail::show_list(value.files);
}

void FieldType<Ebextensions>::schema(Json& out, SchemaBook& book, const FieldRules& rules) {
  FieldType<std::vector<std::string>>::schema(out, book, rules);
}

}  // namespace nephoscope
