// What faults find to hit: instances, hosts, racks, zones, nodes of services.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "models/common/compute.hpp"
#include "models/common/reboot.hpp"
#include "models/common/world.hpp"
#include "models/faults/faults.hpp"

namespace nephoscope::faults {

// `Whole`: a fault that hits one thing by its nature (the way between two parts, a name).
struct Whole {};
struct ServiceNode {
  Rebootable* service = nullptr;
  std::string name;
};
using Thing = std::variant<Instance*, HostSite, RackId, ZoneId, ServiceNode, Whole>;

class Finder final {
 public:
  // REQUIRES: world outlives it.
  Finder(World& world, Inventory inventory) : world_(world), inventory_(std::move(inventory)) {}

  void connect(Compute& compute) { compute_ = &compute; }
  void add(const std::string& target, Rebootable& service) { services_[target] = &service; }
  // The resource, or the parts of a composite: all of them, and those that own instances.
  std::vector<std::string> parts_of(std::string_view target) const;
  std::vector<std::string> owners_of(std::string_view target) const;
  // The resources with instances that the fault names, or that have its tags.
  std::vector<std::string> targets_of(const FaultConfig& fault) const;
  // What the fault could hit now, in a fixed order.
  std::vector<Thing> present(const FaultConfig& fault) const;
  // Of these, those that this instance has to do with: itself, its host, its rack. REQUIRES: it exists.
  std::vector<Thing> around(const FaultConfig& fault, Instance& instance) const;
  ZoneId zone(std::string_view name) const;
  // "web/i-3", "us-east-1a rack 3 host 2", "us-east-1a", "cache/node-2"; empty for a Whole.
  std::string name(const Thing& thing) const;

 private:
  bool matches(const FaultConfig& fault, const Instance& instance) const;
  std::vector<Instance*> running(const FaultConfig& fault) const;
  std::vector<Thing> zones(const FaultConfig& fault) const;
  std::vector<Thing> nodes(const FaultConfig& fault) const;
  std::vector<Thing> racks_of_zone(const FaultConfig& fault) const;
  std::vector<Thing> hosts_of_zone(const FaultConfig& fault) const;

  World& world_;
  Inventory inventory_;
  Compute* compute_ = nullptr;
  std::map<std::string, Rebootable*, std::less<>> services_;  // by the targets that name them
};

}  // namespace nephoscope::faults
