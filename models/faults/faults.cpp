#include "models/faults/faults.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "models/common/compute.hpp"

namespace nephoscope::faults {

namespace {

bool hits_a_zone(FaultAction action) {
  return action == FaultAction::az_power_loss || action == FaultAction::insufficient_capacity;
}

std::string action_name(FaultAction action) { return FieldType<FaultAction>::show(action); }

// Each kind of action needs its own keys and has no use for the others'.
void check_keys(const FaultConfig& fault, const Node& node, Context& context) {
  const bool zonal = hits_a_zone(fault.action);
  const auto needs = [&](const char* key, const char* example) {
    if (node.find(key) == nullptr)
      context.report_key(Code::missing_key, node,
                         fmt::format("missing key '{}' for {}", key, action_name(fault.action)),
                         fmt::format("add '{}: {}'", key, example));
  };
  const auto has_no_use_for = [&](const char* key) {
    if (const Node* given = node.find(key))
      context.report_key(Code::inconsistent, *given,
                         fmt::format("'{}' has no meaning for {}", key, action_name(fault.action)));
  };
  if (zonal) {
    needs("zone", "us-east-1a");
    needs("duration", "30m");
    has_no_use_for("target");
    has_no_use_for("selection");
  } else {
    needs("target", "web");
    has_no_use_for("zone");
    has_no_use_for("duration");
  }
}

class Fault final : public Resource {
 public:
  Fault(World& world, const std::string& id, const FaultConfig& config)
      : world_(world), config_(config), id_(id), order_("fault.order") {}

  void connect(const Wiring& wiring) override { compute_ = &wiring.compute(); }
  void start() override { world_.simulation.spawn(happen()); }

 private:
  Process happen() {
    const WaitStatus begun = co_await world_.simulation.delay(config_.at);
    if (begun != WaitStatus::done) co_return;
    begin();
    if (!config_.duration) co_return;
    const WaitStatus ended = co_await world_.simulation.delay(*config_.duration);
    if (ended == WaitStatus::done) end();
  }

  void begin() {
    switch (config_.action) {
      case FaultAction::az_power_loss:
        log(fmt::format("zone {} loses power", zone_name()));
        world_.set_zone_power(zone(), false);
        return compute_->set_zone_power(zone(), false);
      case FaultAction::insufficient_capacity:
        log(fmt::format("zone {} has no capacity left", zone_name()));
        return compute_->set_capacity(zone(), false);
      case FaultAction::spot_interruptions:
        return interrupt_spot();
      case FaultAction::terminate_instances:
        return terminate();
    }
  }

  void end() {
    if (config_.action == FaultAction::az_power_loss) {
      log(fmt::format("zone {} has power again", zone_name()));
      world_.set_zone_power(zone(), true);
      return compute_->set_zone_power(zone(), true);
    }
    log(fmt::format("zone {} has capacity again", zone_name()));
    compute_->set_capacity(zone(), true);
  }

  void interrupt_spot() {
    const auto spot = chosen([](const Instance& instance) { return instance.market() == Market::spot; });
    log(fmt::format("EC2 will reclaim {} Spot instances of {}", spot.size(), config_.target->id));
    for (Instance* instance : spot) compute_->interrupt_spot(*instance);
  }

  void terminate() {
    const auto victims = chosen([](const Instance&) { return true; });
    log(fmt::format("{} instances of {} are terminated", victims.size(), config_.target->id));
    for (Instance* instance : victims) instance->terminate();
  }

  // As many of the target's running instances as the selection says, drawn at random.
  template <typename Matches>
  std::vector<Instance*> chosen(Matches matches) const {
    std::vector<Instance*> present;
    for (Instance* instance : compute_->instances(config_.target->id))
      if (instance->state() == InstanceState::running && matches(*instance)) present.push_back(instance);
    Draws draws = world_.random.entity(order_.of(id_), 0, 0);
    for (std::size_t left = present.size(); left > 1; --left)
      std::swap(present[left - 1], present[draws.next_below(left)]);
    present.resize(config_.selection.of(present.size()));
    return present;
  }

  ZoneId zone() const {
    const auto& names = world_.run.zones;
    const auto place = std::find(names.begin(), names.end(), zone_name());
    return ZoneId(static_cast<std::uint32_t>(place - names.begin()));
  }
  const std::string& zone_name() const { return config_.zone->id; }
  void log(std::string text) { world_.log(id_, "fault", std::move(text)); }

  World& world_;
  const FaultConfig& config_;
  std::string id_;
  Purpose order_;
  Compute* compute_ = nullptr;
};

}  // namespace

std::size_t Selection::of(std::size_t present) const {
  if (mode == Mode::all) return present;
  if (mode == Mode::count) return std::min<std::size_t>(number, present);
  return (present * number + 99) / 100;
}

const FieldTable<FaultConfig>& FaultConfig::fields() {
  using F = FaultConfig;
  static const auto table =
      FieldTable<F>("fault", "Something that befalls the architecture at a given time.")
          .required("at", &F::at, {.doc = "when it begins, from the run's start"})
          .required("action", &F::action, {.doc = "what happens: an AWS FIS action id, or sim:"})
          .field("duration", &F::duration, {.doc = "how long it lasts, if it lasts", .above = 0s})
          .field("zone", &F::zone, {.doc = "the Availability Zone that is hit", .refers_to = "zone"})
          .field("target", &F::target,
                 {.doc = "the resource whose instances are hit", .refers_to = "resource"})
          .field("selection", &F::selection,
                 {.doc = "which of the target's running instances, drawn at random",
                  .source = "AWS FIS User Guide, Targets, selection mode"})
          .validate(check_keys);
  return table;
}

void FaultConfig::check(const Defined& defined, Diagnostics& diagnostics) const {
  const auto& zones = defined.zones;
  if (zone && std::find(zones.begin(), zones.end(), zone->id) == zones.end()) {
    const std::vector<std::string_view> known(zones.begin(), zones.end());
    report_unknown_reference(*zone, "zone", known, diagnostics);
  }
  if (!target || defined.fleets.contains(target->id)) return;
  const auto other = defined.resources.find(target->id);
  if (other != defined.resources.end())
    return report_wrong_reference(*target, "a resource with instances", other->second, diagnostics);
  std::vector<std::string_view> known;
  for (const auto& [fleet, application] : defined.fleets) known.emplace_back(fleet);
  report_unknown_reference(*target, "resource with instances", known, diagnostics);
}

std::unique_ptr<Resource> FaultConfig::build(World& world, const std::string& id) const {
  return std::make_unique<Fault>(world, id, *this);
}

}  // namespace nephoscope::faults

namespace nephoscope {

using faults::Selection;

namespace {

// The whole number between "WORD(" and ")"; none if the text has another form.
std::optional<std::uint32_t> argument(std::string_view text, std::string_view word) {
  if (!text.starts_with(word) || !text.ends_with(")")) return std::nullopt;
  text.remove_prefix(word.size());
  text.remove_suffix(1);
  std::uint32_t number = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
  if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

std::optional<Selection> FieldType<Selection>::read(const Node& node, Context& context, const FieldRules&) {
  if (!node.is_scalar()) return context.wrong_type(node, "a selection", "PERCENT(33)"), std::nullopt;
  const std::string& text = node.text();
  if (text == "ALL") return Selection{};
  if (const auto count = argument(text, "COUNT("); count && *count >= 1)
    return Selection{Selection::Mode::count, *count};
  if (const auto percent = argument(text, "PERCENT("); percent && *percent >= 1 && *percent <= 100)
    return Selection{Selection::Mode::percent, *percent};
  context.report(Code::unknown_name, node, fmt::format("'{}' is no selection", text),
                 "ALL, COUNT(2) or PERCENT(33)");
  return std::nullopt;
}

std::string FieldType<Selection>::show(const Selection& selection) {
  if (selection.mode == Selection::Mode::all) return "ALL";
  return fmt::format("{}({})", selection.mode == Selection::Mode::count ? "COUNT" : "PERCENT",
                     selection.number);
}

void FieldType<Selection>::schema(Json& out, SchemaBook&, const FieldRules&) {
  schema::pattern(out, R"(^(ALL|COUNT\([1-9][0-9]*\)|PERCENT\([1-9][0-9]?\)|PERCENT\(100\))$)",
                  "PERCENT(33)");
}

}  // namespace nephoscope
