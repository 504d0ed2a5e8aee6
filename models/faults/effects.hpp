// What the actions of faults do to what they hit, and how it ends; faults that overlap nest.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "models/common/compute.hpp"
#include "models/common/dns.hpp"
#include "models/common/network.hpp"
#include "models/common/world.hpp"
#include "models/faults/faults.hpp"
#include "models/faults/holds.hpp"
#include "models/faults/things.hpp"

namespace nephoscope::faults {

// One occurrence of a fault: what it hit, and what has to be taken back.
struct Strike {
  std::vector<Thing> things;
  std::vector<DisturbanceId> disturbances;
  Time began{};
};

class Effects final {
 public:
  // REQUIRES: all outlive it.
  Effects(World& world, const Finder& finder) : world_(world), finder_(finder) {}
  void connect(Compute& compute) { compute_ = &compute; }

  // REQUIRES: strike.things was found for this fault, and is not empty.
  void begin(const FaultConfig& fault, Strike& strike);
  void end(const FaultConfig& fault, const Strike& strike);

 private:
  void begin(const FaultConfig& fault, Instance& instance);
  void end(const FaultConfig& fault, Instance& instance);
  void set_power(const Thing& thing, bool on);
  void set_capacity(ZoneId zone, bool available);
  void set_speed(const FaultConfig& fault, Instance& instance);
  void set_version(const FaultConfig& fault, Instance& instance);
  void restore_version(const FaultConfig& fault, Instance& instance);
  void start_again(Instance& instance);
  Process start_when_stopped(Instance* instance);
  std::vector<NetworkPart> parts(const std::string& name) const;
  void disturb(const FaultConfig& fault, Strike& strike);
  void cut_zone(const FaultConfig& fault, ZoneId zone, Strike& strike);
  void cut_region(const NetworkPart& other, Strike& strike);
  void set_stale(const FaultConfig& fault, const Strike& strike, bool stale);

  World& world_;
  const Finder& finder_;
  Compute* compute_ = nullptr;
  Holds holds_;
  std::map<std::string, std::vector<std::string>> versions_;  // of instances: the good one, then bad ones
};

}  // namespace nephoscope::faults
