#include "models/elasticbeanstalk/option_settings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace nephoscope::elasticbeanstalk {
namespace {

// What clients send for every environment, or only for those with a load balancer.
struct Recommended {
  std::string_view space;
  std::string_view option;
  std::string_view value;
  bool load_balanced = false;
};

// awsebcli, objects/requests.py (2026); Developer Guide, Deployment policies: scalable environments of the EB
// CLI deploy with Rolling.
constexpr Recommended kEbCli[] = {
    {"aws:elasticbeanstalk:command", "BatchSizeType", "Percentage"},
    {"aws:elasticbeanstalk:command", "BatchSize", "30"},
    {"aws:elasticbeanstalk:command", "DeploymentPolicy", "Rolling", true},
    {"aws:elasticbeanstalk:healthreporting:system", "SystemType", "enhanced"},
    {"aws:elasticbeanstalk:environment", "LoadBalancerType", "application", true},
    {"aws:autoscaling:updatepolicy:rollingupdate", "RollingUpdateEnabled", "true", true},
    {"aws:autoscaling:updatepolicy:rollingupdate", "RollingUpdateType", "Health", true},
    {"aws:elb:loadbalancer", "CrossZone", "true", true},
    {"aws:elb:policies", "ConnectionDrainingEnabled", "true", true},
};

// Developer Guide, Recommended values, Deployment policies and Managed platform updates. Unverified: the
// batch size and the kind of rolling updates. The console picks the weekly window at random; here it is the
// guide's example, so that a scenario means one thing.
constexpr Recommended kConsole[] = {
    {"aws:elasticbeanstalk:command", "DeploymentPolicy", "AllAtOnce"},
    {"aws:elasticbeanstalk:command", "BatchSizeType", "Percentage"},
    {"aws:elasticbeanstalk:command", "BatchSize", "30"},
    {"aws:elasticbeanstalk:healthreporting:system", "SystemType", "enhanced"},
    {"aws:elasticbeanstalk:healthreporting:system", "HealthCheckSuccessThreshold", "Ok"},
    {"aws:elasticbeanstalk:managedactions", "ManagedActionsEnabled", "true"},
    {"aws:elasticbeanstalk:managedactions", "PreferredStartTime", "Tue:09:00"},
    {"aws:elasticbeanstalk:managedactions:platformupdate", "UpdateLevel", "minor"},
    {"aws:elasticbeanstalk:environment", "LoadBalancerType", "application", true},
    {"aws:autoscaling:updatepolicy:rollingupdate", "RollingUpdateEnabled", "true", true},
    {"aws:autoscaling:updatepolicy:rollingupdate", "RollingUpdateType", "Health", true},
    {"aws:elb:loadbalancer", "CrossZone", "true", true},
    {"aws:elb:policies", "ConnectionDrainingEnabled", "true", true},
    {"aws:elb:policies", "ConnectionDrainingTimeout", "20", true},
};

std::span<const Recommended> sent_by(Client client) {
  switch (client) {
    case Client::api:
      break;
    case Client::eb_cli:
      return kEbCli;
    case Client::console:
      return kConsole;
  }
  return {};
}

void read_space(const Node& space, Context& context, OptionSettings& result) {
  if (!is_space(space, context) || space.is_null()) return;
  if (!space.is_map()) return context.wrong_type(space, "a map of options", "{MinSize: 2, MaxSize: 8}");
  for (const auto& option : space.children()) {
    auto setting = read_setting(
        {.space = space.key(), .space_node = &space, .option = option.get(), .value = option.get()}, context);
    if (setting) result.settings.push_back(std::move(*setting));
  }
}

bool has_item_keys(const Node& item, Context& context) {
  bool complete = true;
  for (const char* key : {"option_name", "value"}) {
    if (item.find(key) != nullptr) continue;
    context.report_key(Code::missing_key, item, fmt::format("missing key '{}'", key),
                       "write {namespace: ..., option_name: ..., value: ...}");
    complete = false;
  }
  return complete;
}

void check_item_keys(const Node& item, Context& context) {
  static constexpr std::string_view known[] = {"namespace", "option_name", "value", "resource_name"};
  for (const auto& child : item.children())
    if (std::ranges::find(known, child->key()) == std::end(known))
      context.report_key(Code::unknown_key, *child, fmt::format("unknown key '{}'", child->key()),
                         did_you_mean(child->key(), known));
}

void read_item(const Node& item, Context& context, OptionSettings& result) {
  if (!item.is_map())
    return context.wrong_type(item, "a map", "{namespace: ..., option_name: MinSize, value: 2}");
  check_item_keys(item, context);
  if (!has_item_keys(item, context)) return;
  WrittenSetting written{.option = item.find("option_name"),
                         .value = item.find("value"),
                         .resource_name = item.find("resource_name")};
  if (!written.option->is_scalar()) return context.wrong_type(*written.option, "an option's name", "MinSize");
  if (const Node* space = item.find("namespace")) {
    written.space = space->text();
    written.space_node = space;
  }
  if (auto setting = read_setting(written, context)) result.settings.push_back(std::move(*setting));
}

Json option_schema(const Option& option) {
  std::string text = std::string(option.doc);
  if (!option.standard.empty()) text += fmt::format(" (default {})", option.standard);
  if (option.effect == nullptr) text += "; no effect here";
  return {{"type", {"string", "number", "boolean"}}, {"description", text}};
}

Json space_schema(const OptionSpace& space) {
  Json properties = Json::object();
  for (const Option& option : space.options) properties[std::string(option.name)] = option_schema(option);
  return {{"type", {"object", "null"}},
          {"properties", std::move(properties)},
          {"additionalProperties", space.options.empty()}};
}

Json map_schema() {
  Json out = {{"type", "object"}, {"properties", Json::object()}, {"patternProperties", Json::object()}};
  for (const OptionSpace& space : option_spaces()) {
    const bool prefix = space.name.ends_with('*');
    const std::string name(space.name.substr(0, space.name.size() - (prefix ? 1 : 0)));
    out[prefix ? "patternProperties" : "properties"][prefix ? "^" + name : name] = space_schema(space);
  }
  out["additionalProperties"] = false;
  return out;
}

}  // namespace

std::vector<Setting> recommended_values(Client client, bool load_balanced) {
  std::vector<Setting> settings;
  for (const Recommended& row : sent_by(client))
    if (load_balanced || !row.load_balanced)
      settings.push_back(make_setting(row.space, row.option, row.value));
  return settings;
}

OptionSettings read_option_settings(const Node& node, Context& context) {
  OptionSettings result;
  if (node.is_sequence()) {
    for (const auto& item : node.children()) read_item(*item, context, result);
  } else if (node.is_map()) {
    for (const auto& space : node.children()) read_space(*space, context, result);
  } else if (!node.is_null()) {
    context.wrong_type(node, "a map of namespaces", "{aws:autoscaling:asg: {MinSize: 2}}");
  }
  return result;
}

}  // namespace nephoscope::elasticbeanstalk

namespace nephoscope {

std::optional<elasticbeanstalk::OptionSettings> FieldType<elasticbeanstalk::OptionSettings>::read(
    const Node& node, Context& context, const FieldRules&) {
  const std::size_t errors = context.error_count();
  auto settings = elasticbeanstalk::read_option_settings(node, context);
  return context.error_count() == errors ? std::optional(std::move(settings)) : std::nullopt;
}

void FieldType<elasticbeanstalk::OptionSettings>::schema(Json& out, SchemaBook& book, const FieldRules&) {
  static const std::string name = "option settings";
  if (book.reserve(name)) {
    const Json item = {{"type", "object"}, {"required", {"option_name", "value"}}};
    const Json list = {{"type", "array"}, {"items", item}};
    book.define(name, {{"anyOf", Json::array({elasticbeanstalk::map_schema(), list})}});
  }
  SchemaBook::refer(out, name);
}

}  // namespace nephoscope
