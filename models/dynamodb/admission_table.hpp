// What a table admits as a whole.
//
// Global admission control (generation 3): one bucket for the table, kept by a service apart, and request
// routers that decide by leases. A router whose lease is used up or too old reports what it has used and gets
// a new one, as much as the bucket holds, at most its part of the table's rate for the lease's length. The
// bucket falls when use is reported, so routers can together be ahead of it by one lease each: that is how
// far a table can be over its rate. The exchange with the service takes no time here. A request meets a
// router at random. Source: Elhemali et al., USENIX ATC 2022, section 4.2.
//
// Generations 1 and 2 have no such bucket: partitions' shares add up to the table's rate. What is kept for
// them only tells whether the whole table is over its rate or one partition is over its share.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "models/dynamodb/bucket.hpp"
#include "models/dynamodb/demand.hpp"
#include "models/dynamodb/partition_settings.hpp"

namespace nephoscope::dynamodb {

class TableAdmission final {
 public:
  explicit TableAdmission(const PartitionAssumptions& assumptions);

  // The table's rate from now on, and how much of it is kept when unused.
  void set_rate(Time now, Throughput rate, Duration span);
  // As much is in the bucket as `idle` without traffic brings. REQUIRES: the rate was set at this instant.
  void fill(Duration idle);

  bool has(Time now, const Demand& demand) {
    if (routers_[0].empty()) return buckets_[index_of(demand.access)].has(now, demand.units);
    Router& router = router_of(demand);
    if (now >= router.expires || router.lease + kTolerance < demand.units.value())
      renew(now, router, demand.access, demand.units);
    return router.lease + kTolerance >= demand.units.value();
  }
  // The lease may fall below zero.
  void take(Time now, const Demand& demand) {
    if (routers_[0].empty()) return take_unrouted(now, demand);
    Router& router = router_of(demand);
    router.lease -= demand.units.value();
    router.used += demand.units;
  }

 private:
  struct Router {
    double lease = 0;    // units that it may still admit
    CapacityUnits used;  // not reported yet
    Time expires{};
  };

  Router& router_of(const Demand& demand) {
    auto& routers = routers_[index_of(demand.access)];
    return routers[((mix64(demand.number) >> 32) * routers.size()) >> 32];
  }
  void renew(Time now, Router& router, Access access, CapacityUnits wanted);
  void take_unrouted(Time now, const Demand& demand);

  std::array<RateBucket, kAccesses> buckets_;
  std::array<std::vector<Router>, kAccesses> routers_;
  Throughput lease_;  // units of a whole lease
  Duration lease_time_;
};

}  // namespace nephoscope::dynamodb
