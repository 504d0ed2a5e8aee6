// Carries writes from one replica to another: late, around a network that is cut, and again where throttled.
//
// Each write takes a lag of its own and the way between the Regions. One that finds the network cut waits
// with all others that do, until a probe gets through; one that the replica throttles is tried again after a
// back-off that doubles. See global-tables.md.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "engine/queueing/level.hpp"
#include "engine/stats/quantile_sketch.hpp"
#include "models/common/cloudwatch.hpp"
#include "models/common/world.hpp"
#include "models/dynamodb/latency.hpp"
#include "models/dynamodb/replication_config.hpp"
#include "models/dynamodb/replication_state.hpp"

namespace nephoscope::dynamodb {

// Where writes arrive.
class ReplicationTarget {
 public:
  virtual ~ReplicationTarget() = default;
  // False if it is throttled.
  virtual bool deliver(ReplicaIndex to, WriteIndex write) = 0;
};

struct LinkOptions {
  ReplicaIndex from = 0, to = 0;
  std::string name;  // "orders us-east-1 to eu-west-1": draws are addressed by it
  PlaceId source, destination;
  bool with_lag = true;  // beside the way
};

class ReplicationLink final {
 public:
  // REQUIRES: all outlive it.
  ReplicationLink(World& world, const LinkOptions& options, const ReplicationAssumptions& assumptions,
                  ReplicationState& state, ReplicationTarget& target);
  ReplicationLink(const ReplicationLink&) = delete;
  ReplicationLink& operator=(const ReplicationLink&) = delete;

  ReplicaIndex from() const { return options_.from; }
  ReplicaIndex to() const { return options_.to; }
  void send(WriteIndex write);

  // Writes on their way.
  const Level& backlog() const { return backlog_; }
  // Since when the oldest of them is; now if there is none.
  Time oldest() const;
  // The longest that a write has waited so far, those still on their way included.
  Duration longest_wait() const;
  std::uint64_t sent() const { return sent_; }
  std::uint64_t delivered() const { return delivered_; }
  std::uint64_t throttled() const { return throttled_; }
  const QuantileSketch& latency() const { return latency_; }
  // The latencies of writes delivered since the last call.
  StatisticSet take_latencies() { return std::exchange(recent_, {}); }
  void begin_measurement();
  // The items of writes on their way, for audits.
  template <typename Visit>
  void each_pending(Visit visit) const {
    for (const Waiting& waiting : line_) visit(state_[waiting.write].item);
    for (const Waiting& waiting : held_) visit(state_[waiting.write].item);
  }

 private:
  struct Waiting {
    Time due{};
    std::uint64_t order = 0;  // among all that were sent
    WriteIndex write = kNoWrite;
    std::uint32_t attempts = 0;
  };
  static bool later(const Waiting& a, const Waiting& b) {
    return std::tie(a.due, a.order) > std::tie(b.due, b.order);
  }
  Duration lag_of(const RegionalWrite& write) const;
  Way way(const RegionalWrite& write, std::uint32_t attempt) const;
  void wait(const Waiting& waiting);
  void arm();
  void due();
  void arrive(Waiting waiting);
  void hold_back(const Waiting& waiting);
  void probe();
  void finish(const Waiting& waiting);

  World& world_;
  LinkOptions options_;
  const ReplicationAssumptions& assumptions_;
  ReplicationState& state_;
  ReplicationTarget& target_;
  Purpose lag_;
  QuantileTable lags_;
  std::vector<Waiting> line_;  // a heap, the earliest first
  std::deque<Waiting> held_;   // for the network
  struct Sent {
    Time committed{};
    bool done = false;
  };
  std::deque<Sent> open_;         // from the oldest that is on its way, in the order of sending
  std::uint64_t first_open_ = 0;  // the order of the first of them
  Timer timer_;
  Time armed_ = Time::max();
  bool probing_ = false;
  std::uint32_t probes_ = 0;
  Level backlog_;
  Duration longest_{};
  std::uint64_t sent_ = 0, delivered_ = 0, throttled_ = 0;
  QuantileSketch latency_;
  StatisticSet recent_;
};

}  // namespace nephoscope::dynamodb
