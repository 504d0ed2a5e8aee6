// The running faults of one replication: when each begins and ends, and whom it hits. See faults.md.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "models/common/resource.hpp"
#include "models/faults/effects.hpp"

namespace nephoscope::faults {

// One fault of the scenario.
class Fault final : public InstanceListener {
 public:
  // REQUIRES: all outlive it.
  Fault(World& world, const Named<FaultConfig>& fault, const Finder& finder, Effects& effects);
  Fault(const Fault&) = delete;
  Fault& operator=(const Fault&) = delete;

  const std::string& id() const { return id_; }
  const FaultConfig& config() const { return config_; }
  // That fault begins when this one has ended.
  void lead(Fault& follower) { followers_.push_back(&follower); }
  void connect(Compute& compute);
  void start();
  void begin_at(Time time) { world_.simulation.spawn(happen(time)); }
  // With `each`: an instance has come, and what it stands on begins to age.
  void instance_changed(Instance& instance, InstanceEvent event) override;

 private:
  // What one renewal process befalls: a thing of its own, or what is chosen each time.
  struct Source {
    std::string name;  // of the thing
    std::optional<Thing> thing;
  };

  Process happen(Time first);
  Process occur(std::uint64_t number);
  Process renew(std::size_t source);
  // Occurrence `number` begins, if there is anything to hit; ends.
  void begin(std::uint64_t number, const std::optional<Thing>& only);
  void end(std::uint64_t number);
  void over();
  void watch_over(const Thing& thing);
  bool is_gone(const Source& source) const;
  Duration draw(Purpose purpose, const DurationDistribution& time, const std::string& of,
                std::uint64_t count) const;
  void log(const std::vector<Thing>& things, std::string_view what);
  std::string subject() const;

  World& world_;
  std::string id_;
  const FaultConfig& config_;
  const ActionInfo& info_;
  const Finder& finder_;
  Effects& effects_;
  std::vector<Fault*> followers_;
  std::map<std::uint64_t, Strike> strikes_;  // that last, by number
  std::uint64_t occurrences_ = 0;
  std::deque<Source> sources_;
  std::set<std::string> known_;  // names of sources
};

// All of them: one part of the replication.
class Schedule final : public Resource {
 public:
  Schedule(World& world, std::span<const Named<FaultConfig>> faults, Inventory inventory);
  Schedule(const Schedule&) = delete;
  Schedule& operator=(const Schedule&) = delete;
  void connect(const Wiring& wiring) override;
  void start() override;

 private:
  Finder finder_;
  Effects effects_;
  std::deque<Fault> faults_;
};

}  // namespace nephoscope::faults
