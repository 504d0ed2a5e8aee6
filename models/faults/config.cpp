// The field table of faults, and which keys go together.
#include <fmt/format.h>

#include "models/faults/faults.hpp"

namespace nephoscope::faults {
namespace {

std::string action_name(FaultAction action) { return FieldType<FaultAction>::show(action); }

// What is hit can be said in three ways.
const Node* find_key(const Node& node, std::string_view key) {
  const Node* found = node.find(std::string(key));
  if (found != nullptr || key != "target") return found;
  found = node.find("targets");
  return found == nullptr ? node.find("resource_tags") : found;
}

void missing(const Node& node, const FaultConfig& fault, std::string_view key, std::string_view example,
             Context& context) {
  context.report_key(Code::missing_key, node,
                     fmt::format("missing key '{}' for {}", key, action_name(fault.action)),
                     fmt::format("add '{}: {}'", key, example));
}

void check_places(const FaultConfig& fault, const Node& node, Context& context) {
  const Entity entity = info(fault.action).entity;
  const bool placed = fault.has_targets() || fault.zone;
  if ((entity == Entity::host || entity == Entity::rack) && !placed)
    missing(node, fault, "target", "web' or 'zone: us-east-1a", context);
}

// Tags are those of instances.
void check_resource_tags(const FaultConfig& fault, const Node& node, Context& context) {
  if (fault.resource_tags.empty()) return;
  const Entity entity = info(fault.action).entity;
  if (entity != Entity::instance && entity != Entity::host && entity != Entity::rack)
    context.report_key(Code::inconsistent, *node.find("resource_tags"),
                       fmt::format("{} does not hit instances", action_name(fault.action)),
                       "name its target instead");
  else
    check_tags(fault.resource_tags, node, "resource_tags", context);
}

// Each action needs its own keys and has no use for the others'.
void check_keys(const FaultConfig& fault, const Node& node, Context& context) {
  const ActionInfo& row = info(fault.action);
  for (const ActionKey& key : action_keys()) {
    const Node* const given = find_key(node, key.name);
    const bool spared = key.name == "zone" && fault.each == Entity::zone;
    if (has_key(row.needs, key.name)) {
      if (given == nullptr && !spared) missing(node, fault, key.name, key.example, context);
    } else if (given != nullptr && !has_key(row.takes, key.name)) {
      context.report_key(Code::inconsistent, *given,
                         fmt::format("'{}' has no meaning for {}", given->key(), action_name(fault.action)));
    }
  }
  check_places(fault, node, context);
}

void check_each(const FaultConfig& fault, const Node& node, Context& context) {
  if (!fault.each) return;
  const Node& given = *node.find("each");
  if (!fault.time_between)
    context.report_key(Code::inconsistent, given, "'each' goes with random faults",
                       "add 'time_between: {dist: exponential, mean: 1000h}'");
  else if (*fault.each != info(fault.action).entity)
    context.report(Code::inconsistent, given,
                   fmt::format("{} befalls each {}", action_name(fault.action),
                               FieldType<Entity>::show(info(fault.action).entity)));
  if (node.find("selection") != nullptr)
    context.report_key(Code::inconsistent, *node.find("selection"), "'each' hits each one by itself");
}

void check_positive(const std::optional<DurationDistribution>& time, const char* key, const Node& node,
                    Context& context) {
  if (time && time->is_zero())
    context.report(Code::out_of_range, *node.find(key), "'0s' is out of range", "allowed: > 0s");
}

void check_times(const FaultConfig& fault, const Node& node, Context& context) {
  check_positive(fault.duration, "duration", node, context);
  check_positive(fault.time_between, "time_between", node, context);
  if (fault.repeat && fault.time_between)
    context.report_key(Code::inconsistent, *node.find("repeat"),
                       "a fault that comes at random cannot come at regular times too");
}

void check_all(const FaultConfig& fault, const Node& node, Context& context) {
  check_keys(fault, node, context);
  check_resource_tags(fault, node, context);
  check_each(fault, node, context);
  check_times(fault, node, context);
}

using F = FaultConfig;

FieldTable<F> with_times(FieldTable<F> table) {
  return std::move(table)
      .required("action", &F::action, {.doc = "what happens: an AWS FIS action id, or sim:"})
      .field("at", &F::at, {.doc = "when it begins, from the run's start"})
      .field("start_after", &F::start_after,
             {.doc = "begins when that fault has ended",
              .source = "AWS FIS User Guide, Actions, startAfter",
              .refers_to = "fault"})
      .field("repeat", &F::repeat, {.doc = "begins again at regular times"})
      .field("time_between", &F::time_between,
             {.doc = "comes at random: from the start or its last end to its next begin"})
      .field("each", &F::each, {.doc = "with time_between: each of these fails by itself"})
      .field("duration", &F::duration, {.doc = "how long it lasts; with time_between the time of repair"});
}

FieldTable<F> with_aims(FieldTable<F> table) {
  return std::move(table)
      .field("target", &F::target,
             {.doc = "the resource that is hit; or give targets or resource_tags", .refers_to = "resource"})
      .field("targets", &F::targets, {.doc = "several of them", .min_items = 1, .refers_to = "resource"})
      .field("resource_tags", &F::resource_tags,
             {.doc = "instead: all resources with instances that have each of these tags",
              .source = "AWS FIS User Guide, Targets, resourceTags",
              .min_items = 1,
              .max_items = kMostTags})
      .field("selection", &F::selection,
             {.doc = "which of what there is then, drawn at random",
              .source = "AWS FIS User Guide, Targets, selection mode"})
      .field("zone", &F::zone,
             {.doc = "the Availability Zone that is hit, or only what is in it", .refers_to = "zone"})
      .field("rack", &F::rack, {.doc = "only that rack, by its number in the zone, from 0", .min = 0})
      .field("partition", &F::partition,
             {.doc = "only that partition of a placement group, from 1", .min = 1})
      .field("between", &F::between,
             {.doc = "two parts: zones, resources with instances, Regions",
              .min_items = 2,
              .max_items = 2,
              .refers_to = "part"})
      .field("region", &F::region, {.doc = "another Region", .refers_to = "Region"});
}

}  // namespace

const FieldTable<Repeat>& Repeat::fields() {
  static const auto table =
      FieldTable<Repeat>("fault repetition", "Begins again at regular times.")
          .required("every", &Repeat::every, {.doc = "from one begin to the next", .above = 0s})
          .field("times", &Repeat::times, {.doc = "in all; none = to the end of the run", .min = 2});
  return table;
}

const FieldTable<FaultConfig>& FaultConfig::fields() {
  static const auto table =
      with_aims(with_times(FieldTable<F>("fault", "Something that befalls the architecture.")))
          .field("scope", &F::scope,
                 {.doc = "of a zone's traffic: what is cut",
                  .source = "AWS FIS actions reference, aws:network:disrupt-connectivity"})
          .field("speed", &F::speed, {.doc = "the share of the speed that is left", .above = Probability(0)})
          .field("delay", &F::delay, {.doc = "added to each way"})
          .field("loss", &F::loss, {.doc = "the share of packets that is lost"})
          .field("version", &F::version,
                 {.doc = "of the targets' application, which they switch to", .refers_to = "version"})
          .field("share", &F::share, {.doc = "of the resolvers that are affected"})
          .exactly_one_of({"at", "start_after", "time_between"})
          .at_most_one_of({"target", "targets", "resource_tags"})
          .validate(check_all);
  return table;
}

std::vector<Reference> FaultConfig::all_targets() const {
  std::vector<Reference> all = targets;
  if (target) all.push_back(*target);
  return all;
}

std::vector<std::string> FaultConfig::targets_among(const TagsById& tags) const {
  std::vector<std::string> ids = ids_with(tags, resource_tags);
  for (const Reference& one : all_targets()) ids.push_back(one.id);
  return ids;
}

std::optional<Duration> FaultConfig::constant_duration() const {
  if (!duration) return Duration{};
  if (duration->plain().kind() != Distribution::Kind::constant) return std::nullopt;
  return from_seconds(duration->mean());
}

}  // namespace nephoscope::faults
