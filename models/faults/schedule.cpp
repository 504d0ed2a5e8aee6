#include "models/faults/schedule.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nephoscope::faults {
namespace {

constexpr Purpose kBetween{"fault.time_between"};
constexpr Purpose kDuration{"fault.duration"};
constexpr Purpose kOrder{"fault.order"};
constexpr std::size_t kNamed = 3;  // things in a line of the log

}  // namespace

// --- one fault ---------------------------------------------------------------------------------------------

Fault::Fault(World& world, const Named<FaultConfig>& fault, const Finder& finder, Effects& effects)
    : world_(world),
      id_(fault.id),
      config_(fault.value),
      info_(info(fault.value.action)),
      finder_(finder),
      effects_(effects) {}

void Fault::connect(Compute& compute) {
  if (!config_.each) return;
  for (const std::string& target : finder_.targets_of(config_))
    for (const std::string& owner : finder_.owners_of(target)) compute.watch(owner, *this);
}

void Fault::start() {
  if (config_.at) begin_at(Time{} + *config_.at);
  if (!config_.time_between) return;
  if (config_.each) {
    if (!config_.has_targets())
      for (const Thing& thing : finder_.present(config_)) watch_over(thing);
    return;
  }
  sources_.push_back({});
  world_.simulation.spawn(renew(0));
}

void Fault::instance_changed(Instance& instance, InstanceEvent event) {
  if (event != InstanceEvent::running && event != InstanceEvent::up) return;
  for (const Thing& thing : finder_.around(config_, instance)) watch_over(thing);
}

void Fault::watch_over(const Thing& thing) {
  std::string name = finder_.name(thing);
  if (!known_.insert(name).second) return;
  sources_.push_back({.name = std::move(name), .thing = thing});
  world_.simulation.spawn(renew(sources_.size() - 1));
}

bool Fault::is_gone(const Source& source) const {
  const auto* instance = source.thing ? std::get_if<Instance*>(&*source.thing) : nullptr;
  return instance != nullptr && ((*instance)->state() == InstanceState::shutting_down ||
                                 (*instance)->state() == InstanceState::terminated);
}

// --- time --------------------------------------------------------------------------------------------------

Duration Fault::draw(Purpose purpose, const DurationDistribution& time, const std::string& of,
                     std::uint64_t count) const {
  Draws draws = world_.random.entity(purpose.of(id_ + " " + of), 0, count);
  return std::max(time.sample(draws), Duration(1));
}

// At the given time, and again as `repeat` says; one may begin before the last has ended.
Process Fault::happen(Time first) {
  for (std::uint32_t times = 1;; ++times) {
    const Time next = times == 1 ? first : world_.now() + config_.repeat->every;
    const WaitStatus status = co_await world_.simulation.delay(next - world_.now());
    if (status != WaitStatus::done) co_return;
    world_.simulation.spawn(occur(occurrences_++));
    if (!config_.repeat || times == config_.repeat->times) co_return;
  }
}

Process Fault::occur(std::uint64_t number) {
  begin(number, std::nullopt);
  if (config_.duration) {
    const WaitStatus status =
        co_await world_.simulation.delay(draw(kDuration, *config_.duration, "", number));
    if (status != WaitStatus::done) co_return;
    end(number);
  }
  over();
}

// Works, fails, is repaired, for ever; an instance until it goes.
Process Fault::renew(std::size_t source) {
  for (std::uint64_t count = 0;; ++count) {
    const WaitStatus worked =
        co_await world_.simulation.delay(draw(kBetween, *config_.time_between, sources_[source].name, count));
    if (worked != WaitStatus::done || is_gone(sources_[source])) co_return;
    const std::uint64_t number = occurrences_++;
    begin(number, sources_[source].thing);
    if (!config_.duration) continue;
    const WaitStatus repaired =
        co_await world_.simulation.delay(draw(kDuration, *config_.duration, sources_[source].name, count));
    if (repaired != WaitStatus::done) co_return;
    end(number);
  }
}

// --- what happens ------------------------------------------------------------------------------------------

// An instance that is to fail by itself but does not run is spared this time.
void Fault::begin(std::uint64_t number, const std::optional<Thing>& only) {
  Strike strike;
  strike.things = finder_.present(config_);
  if (!only) {
    strike.things =
        choose(std::move(strike.things), config_.selection, world_.random.entity(kOrder.of(id_), 0, number));
  } else if (const auto* instance = std::get_if<Instance*>(&*only)) {
    std::erase_if(strike.things, [&](const Thing& each) { return std::get<Instance*>(each) != *instance; });
  } else {
    strike.things = {*only};
  }
  log(strike.things, info_.begins);
  effects_.begin(config_, strike);
  if (config_.duration) strikes_.emplace(number, std::move(strike));
}

void Fault::end(std::uint64_t number) {
  const Strike strike = strikes_.extract(number).mapped();
  log(strike.things, info_.ends);
  effects_.end(config_, strike);
}

// An occurrence of a fault that comes at a known time has ended.
void Fault::over() {
  world_.end_occasion(id_);
  for (Fault* follower : followers_) follower->begin_at(world_.now());
}

std::string Fault::subject() const {
  if (!config_.between.empty()) return config_.between[0].id + " and " + config_.between[1].id;
  if (config_.region) return config_.region->id;
  const std::vector<std::string> targets = finder_.targets_of(config_);
  return targets.empty() ? world_.run.region : targets.front();
}

void Fault::log(const std::vector<Thing>& things, std::string_view what) {
  std::string names;
  for (std::size_t i = 0; i < std::min(things.size(), kNamed); ++i)
    names += (names.empty() ? "" : ", ") + finder_.name(things[i]);
  if (things.size() > kNamed) names += fmt::format(" and {} more", things.size() - kNamed);
  if (things.empty()) names = "nothing";
  if (names.empty()) names = subject();
  world_.log(id_, "fault", fmt::format("{}: {}", names, what));
}

// --- all faults --------------------------------------------------------------------------------------------

Schedule::Schedule(World& world, std::span<const Named<FaultConfig>> faults, Inventory inventory)
    : finder_(world, std::move(inventory)), effects_(world, finder_) {
  for (const auto& fault : faults) faults_.emplace_back(world, fault, finder_, effects_);
  for (Fault& follower : faults_)
    for (Fault& leader : faults_)
      if (follower.config().start_after && follower.config().start_after->id == leader.id())
        leader.lead(follower);
}

void Schedule::connect(const Wiring& wiring) {
  finder_.connect(wiring.compute());
  effects_.connect(wiring.compute());
  for (const Fault& fault : faults_)
    if (info(fault.config().action).entity == Entity::node)
      for (const Reference& target : fault.config().all_targets())
        finder_.add(target.id, wiring.rebootable(target.id));
  for (Fault& fault : faults_) fault.connect(wiring.compute());
}

void Schedule::start() {
  for (Fault& fault : faults_) fault.start();
}

std::unique_ptr<Resource> build_faults(World& world, std::span<const Named<FaultConfig>> faults,
                                       Inventory inventory) {
  return std::make_unique<Schedule>(world, faults, std::move(inventory));
}

}  // namespace nephoscope::faults
