// What faults do to messages: delays, lost packets and cuts between parts of the architecture.
//
// A message is one packet. A lost one is sent again after the retransmission time-out, which doubles each
// time up to 2 min; TCP gives up after 15 retransmissions (RFC 6298; Linux: TCP_RTO_MAX, tcp_retries2). So
// loss shows as a tail of latencies, and as time-outs of impatient callers. Fast retransmission and tail loss
// probes are not modelled: they need further packets on the connection.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/random/draws.hpp"
#include "models/common/network.hpp"
#include "models/network/location.hpp"

namespace nephoscope::network {

// Which places a part means; kNone stands for any.
struct Selector {
  std::uint32_t zone = Location::kNone;
  std::uint32_t region = Location::kNone;  // its services and clients; none of the run's zones
  OwnerId owner;
  PlaceId place;
  bool outside = false;  // of the run's zones
};

class Disturbances final {
 public:
  // REQUIRES: locations outlives it.
  explicit Disturbances(const Locations& locations) : locations_(locations) {}

  bool any() const { return !active_.empty(); }
  DisturbanceId add(const Selector& a, const Selector& b, const Disturbance& what);
  // Ignores one that is over.
  void remove(DisturbanceId id);
  // All that befalls messages between two places: delays add up, each loss is independent of the others.
  Disturbance between(PlaceId from, PlaceId to) const;

 private:
  struct Active {
    DisturbanceId id;
    Selector a, b;
    Disturbance what;
  };
  bool matches(const Selector& selector, PlaceId id) const;

  const Locations& locations_;
  std::vector<Active> active_;
  std::uint32_t added_ = 0;
};

// The time until a packet gets through; Way::kNever if TCP gives up. `timeout` is the first one.
Duration resend_time(Probability loss, Duration timeout, Draws& draws);
// A way under a disturbance.
Way disturbed(Way way, const Disturbance& what, Duration retransmission_timeout, Draws& draws);

}  // namespace nephoscope::network
