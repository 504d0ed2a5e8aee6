// One replication's world: what every model may reach. Models hold a World& for the whole replication.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/ids.hpp"
#include "engine/base/time.hpp"
#include "engine/core/simulation.hpp"
#include "engine/random/draws.hpp"
#include "models/common/dns.hpp"
#include "models/common/event_log.hpp"
#include "models/common/network.hpp"
#include "models/common/request.hpp"
#include "models/common/zone.hpp"

namespace nephoscope {

// A stretch of the run that an expectation speaks of, by the arrival of calls: [from, to).
struct TimeWindow {
  std::string id;  // as results name it
  Duration from{};
  Duration to{};
  // Something whose end comes when it comes (a deployment): the window ends with it, or begins then if
  // `after`.
  std::string occasion = {};
  bool after = false;
};

// What the `run:` section says, as far as models need it. Times count from the run's start.
struct RunWindow {
  Duration warmup{};             // what arrives before is simulated but not measured
  Duration duration{};           // arrivals stop here; measured calls drain
  std::int64_t start_epoch = 0;  // the run's start, in seconds since 1970-01-01T00:00Z
  std::vector<TimeWindow> windows;
  std::string region = "us-east-1";
  std::vector<std::string> zones = {"us-east-1a", "us-east-1b", "us-east-1c"};  // by ZoneId
};

// Hears of zones that lose power or get it back.
class ZoneListener {
 public:
  virtual ~ZoneListener() = default;
  virtual void zone_power_changed(ZoneId zone, bool on) = 0;
};

struct World {
  World(const RunWindow& window, Seed seed, std::uint32_t replication)
      : run(window), random(seed, replication), replies(simulation) {}
  ~World() { simulation.clear(); }
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  Time now() const { return simulation.now(); }
  Time warmup_end() const { return Time{} + run.warmup; }
  Time end() const { return Time{} + run.duration; }
  // Tells whatever stands in the zone and is no instance (those are EC2's: Compute::set_zone_power).
  void set_zone_power(ZoneId zone, bool on) {
    for (ZoneListener* listener : zone_listeners) listener->zone_power_changed(zone, on);
  }
  // The occasion has ended: its windows take notice. What happens at this very instant still belongs to it.
  void end_occasion(std::string_view id) {
    for (TimeWindow& window : run.windows)
      if (window.occasion == id) (window.after ? window.from : window.to) = now() - Time{} + Duration(1);
  }
  // How an exchange travels; at once where either end has no place.
  Way way(PlaceId from, PlaceId to, std::uint64_t number, std::uint32_t attempt) const {
    return from && to && network != nullptr ? network->way(from, to, number, attempt) : Way{};
  }
  // "us-east-1a rack 3 host 7".
  std::string show(const HostSite& site) const {
    return run.zones[site.zone.value] + " rack " + std::to_string(site.rack) + " host " +
           std::to_string(site.host);
  }
  void log(std::string_view resource, std::string_view kind, std::string text) {
    events.add(now(), std::string(resource), std::string(kind), std::move(text));
  }

  RunWindow run;
  Simulation simulation;
  RandomSource random;
  Replies replies;
  Interner<OperationTag> operations;
  Interner<ErrorTag> errors;
  Interner<ResourceTag> resources;
  EventLog events;
  Network* network = nullptr;  // none in a world without one; REQUIRES: lives as long as the replication
  std::map<std::string, StaleAnswers, std::less<>> stale_answers;  // by resource, whose DNS answers they are
  std::vector<ZoneListener*> zone_listeners;  // REQUIRES: they live as long as the replication
  std::uint64_t open_calls = 0;               // measured calls that have not been answered yet
  std::uint64_t requests = 0;                 // calls begun by workloads, warm-up included
};

}  // namespace nephoscope
