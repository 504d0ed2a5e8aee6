// Bulk transfers between the places of a network: which hosts they join, and what limits them.
//
// A transfer is one flow. It is limited by itself (5 Gbps, 10 Gbps within a cluster placement group), by its
// instances' bandwidth, which falls from burst to baseline when network credits are used up, by what may
// leave the Region, and by what it shares with others on the way. See network.md.
#pragma once

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/network/flows.hpp"
#include "models/common/world.hpp"
#include "models/network/burst.hpp"
#include "models/network/fabric.hpp"
#include "models/network/places.hpp"

namespace nephoscope {
class Audit;
class Report;
}  // namespace nephoscope

namespace nephoscope::network {

// What a network has moved. Those whose process was interrupted count as broken.
struct TransferTotals {
  std::uint64_t started = 0, done = 0, broken = 0;
  Bytes asked, moved, abandoned;  // asked = moved + abandoned + what transfers in flight were asked for
  Duration time{};                // in which that was moved, summed over transfers
};

// "flows", "flows.broken", "bytes" and "rate.mean" of the resource "network".
void report_transfers(const TransferTotals& totals, Report& report);

class Transfers final {
 public:
  struct Moved {
    Transfer transfer;
    Bytes bytes{};  // that arrived
  };
  // REQUIRES: inside drive() on the fabric's topology; all outlive it.
  Transfers(World& world, const BandwidthConfig& config, const Fabric& fabric, Platform& platform,
            const Places& places);
  Transfers(const Transfers&) = delete;
  Transfers& operator=(const Transfers&) = delete;

  // REQUIRES: called from a process; nothing stands between the places.
  Task<Moved> move(PlaceId from, PlaceId to, Bytes size);
  // Breaks those in flight for which `broken(from, to)` holds.
  void break_where(const std::function<bool(PlaceId, PlaceId)>& broken);
  // An instance has come up or gone down, as its Place says.
  void host_up(PlaceId place);
  void host_down(PlaceId place);

  // Statistics begin afresh.
  void begin_measurement() { measured_ = {}; }
  void report(Report& report) const { report_transfers(measured_, report); }
  void audit(Audit& audit) const;

 private:
  // One direction of an instance's network card.
  struct Card {
    Card(Transfers& owner, PlaceId where, Direction way, const BurstRules& rules)
        : transfers(owner), place(where), direction(way), bucket(rules) {}
    Transfers& transfers;
    PlaceId place;
    Direction direction;
    BurstBucket bucket;
    Timer change;
    double next_rate = 0;
    bool in_use = false;  // listed in cards_in_use_
  };
  using Cards = std::array<std::unique_ptr<Card>, 2>;  // up, down
  struct InFlight {
    FlowId flow;
    PlaceId from, to;
    Bytes size;
  };

  const NetworkHost* host_of(PlaceId place) const;
  NodeId node_of(PlaceId place, bool crosses_border) const;
  bool is_abroad(PlaceId place) const {
    return places_[place].region != places_.home() || places_[place].clients;
  }
  BytesPerSecond flow_limit(PlaceId from, PlaceId to) const;
  std::size_t begin(PlaceId from, PlaceId to, Bytes size);
  Moved end(std::size_t number, const FlowResult& result);
  void count(TransferTotals& totals, Bytes size, const FlowResult& result) const;

  Cards& cards_of(PlaceId place);
  void share_host(const HostSite& site);
  void set_bandwidth(NodeId node, Direction direction, double bandwidth);
  void rates_changed();
  void use(PlaceId place, Direction direction, double rate);
  void settle(Card& card);
  void plan(Card& card);
  void allowance_changes(Card& card);

  World& world_;
  const BandwidthConfig& config_;
  const Fabric& fabric_;
  const Places& places_;
  Flows flows_;
  std::map<std::size_t, InFlight> in_flight_;  // by their number
  std::map<PlaceId, Cards> cards_;             // of instances that have been up
  std::map<HostSite, std::vector<PlaceId>> up_;
  bool any_can_burst_ = false;
  std::vector<Card*> cards_in_use_;  // of those that can burst
  TransferTotals totals_;            // of the whole run
  TransferTotals measured_;          // since the warm-up
};

}  // namespace nephoscope::network
