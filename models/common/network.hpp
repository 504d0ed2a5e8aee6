// The network as services use it: the time that messages take, bulk transfers, and what faults do to both.
//
// The implementation is models/network, one Network for a replication (World::network). Messages are
// requests and answers: each takes a latency that depends on the two places. Bulk transfers share bandwidth.
// Data that crosses zones, Regions or the border to the internet is metered for the owners of the places.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/time.hpp"
#include "engine/base/units.hpp"
#include "engine/core/process.hpp"
#include "models/common/place.hpp"
#include "models/common/request.hpp"

namespace nephoscope {

struct World;

// How long an exchange is under way, its time at the callee aside.
struct Way {
  static constexpr Duration kNever = Duration::max();
  Duration there{};  // kNever: the request does not arrive
  Duration back{};   // kNever: the answer does not arrive
  bool at_once() const { return there == Duration{} && back == Duration{}; }
};

// An instance as the network sees it.
struct NetworkHost {
  std::string owner;  // the resource that pays for its traffic
  std::string name;   // "web/i-3"
  HostSite site;
  std::optional<std::uint32_t> cluster;  // index of its cluster placement group
  int vcpus = 1;                         // decides what may leave the Region
  BytesPerSecond baseline;               // that can be sustained; each direction by itself
  BytesPerSecond burst;                  // for minutes; equal to baseline where there is no burst
};

// What stands in a zone and is no instance, as the network sees it.
struct NetworkNode {
  std::string owner;  // the resource that pays for its traffic
  ZoneId zone;
  bool pays_between_zones = true;  // false for what the resource bills itself, or has free of charge
};

enum class TransferEnd : std::uint8_t {
  done,
  broken,       // an end died or was cut off
  interrupted,  // the waiting process was
};

struct Transfer {
  TransferEnd end = TransferEnd::done;
  Duration time{};
  bool ok() const { return end == TransferEnd::done; }
};

// A part of the architecture, for faults: everything that matches all that is given.
struct NetworkPart {
  std::optional<ZoneId> zone = {};
  std::optional<std::string> owner = {};   // a resource of the scenario
  std::optional<std::string> region = {};  // a Region's services as a whole, and the clients near it
  std::optional<PlaceId> place = {};       // one instance
  bool outside = false;                    // whatever stands in none of the run's zones
};

// What befalls messages between two parts, both ways; several at a time add up.
struct Disturbance {
  Duration delay{};       // added to each way
  Probability loss = {};  // of packets: a lost one is sent again after the retransmission time-out
  bool cut = false;       // nothing arrives, and transfers break
};

using DisturbanceId = Id<struct DisturbanceTag>;

class Network {
 public:
  virtual ~Network() = default;

  // Places. ---------------------------------------------------------------------------------------------
  // An AWS service's front in a zone of the run's Region, whose traffic nobody pays for (S3's in that zone).
  virtual PlaceId zone_place(ZoneId zone) = 0;
  // A resource's node in a zone (a load balancer's).
  virtual PlaceId add_node(const NetworkNode& node) = 0;
  // A Region's services as a whole. REQUIRES: is_region(name).
  virtual PlaceId region_place(std::string_view name) = 0;
  // Clients near a Region, who come over the internet. REQUIRES: is_region(name).
  virtual PlaceId client_place(std::string_view region) = 0;
  virtual bool is_region(std::string_view name) const = 0;
  // An instance; the place stays its own to the end of the replication, wherever it moves.
  virtual PlaceId add_host(const NetworkHost& host) = 0;
  virtual void move_host(PlaceId place, const HostSite& site) = 0;
  // Whether it has power and network; transfers to and from a host that goes down break.
  virtual void set_host_up(PlaceId place, bool up) = 0;

  // Messages. -------------------------------------------------------------------------------------------
  // How attempt `attempt` of call `number` travels from `from` to `to`. Pure but for disturbances in force.
  virtual Way way(PlaceId from, PlaceId to, std::uint64_t number, std::uint32_t attempt) = 0;
  // Meters the bodies of messages.
  virtual void count(PlaceId from, PlaceId to, Bytes size) = 0;

  // Bulk data. ------------------------------------------------------------------------------------------
  // Moves `size` bytes in one flow and says how it ended. Metered. REQUIRES: called from a process; both are
  // places of this network, and the scenario said that it has flows (ResourceConfig::has_flows()).
  virtual Task<Transfer> transfer(PlaceId from, PlaceId to, Bytes size) = 0;

  // Faults. ---------------------------------------------------------------------------------------------
  virtual DisturbanceId disturb(const NetworkPart& a, const NetworkPart& b, const Disturbance& what) = 0;
  virtual void calm(DisturbanceId id) = 0;
};

// Takes a request from request.place over the network to `callee` at `place`, and the answer back, if both
// ends have a place; their bodies are metered. An answer that comes after the request's deadline is dropped
// on the way: nobody waits for it.
void carry(World& world, PlaceId place, Endpoint& callee, const Request& request, ReplyId reply);

// What stands at a place, as others reach it. REQUIRES: world and `inner` outlive it.
class PlacedEndpoint final : public Endpoint {
 public:
  PlacedEndpoint(World& world, PlaceId place, Endpoint& inner)
      : world_(world), place_(place), inner_(inner) {}
  void submit(const Request& request, ReplyId reply) override {
    carry(world_, place_, inner_, request, reply);
  }

 private:
  World& world_;
  PlaceId place_;
  Endpoint& inner_;
};

}  // namespace nephoscope
