#include "models/dynamodb/admission.hpp"

#include <algorithm>

namespace nephoscope::dynamodb {

PartitionAdmission::PartitionAdmission(const PartitionAssumptions& assumptions, StorageNodes& nodes)
    : nodes_(nodes),
      has_nodes_(assumptions.admission != AdmissionGeneration::static_partitions),
      span_(to_seconds(assumptions.bucket_span)),
      saved_span_(has_nodes_ ? std::max(0.0, to_seconds(assumptions.burst_span) - span_) : 0),
      most_debt_(to_seconds(kMostDebt)),
      ceiling_{.read = kPartitionCaps.read * assumptions.burst_ceiling,
               .write = kPartitionCaps.write * assumptions.burst_ceiling} {}

void PartitionAdmission::settle(Time now, Share& share, Access access) const {
  const double seconds = to_seconds(now - share.settled);
  share.settled = now;
  share.level += share.rate * seconds;
  const double over = share.level - share.rate * span_;
  if (over > 0) {
    share.level -= over;
    share.saved = std::min(share.saved + over, share.rate * saved_span_);
  }
  const double pace = pace_rate(share, access);
  share.pace = std::min(share.pace + pace * seconds, pace * span_);
}

void PartitionAdmission::set_rate(Time now, Partition& partition, Access access, Rate rate) const {
  Share& share = partition.shares[index_of(access)];
  settle(now, share, access);
  share.rate = std::min(rate.per_second, kPartitionCaps.of(access));
  settle(now, share, access);
  share.saved = std::min(share.saved, share.rate * saved_span_);
}

void PartitionAdmission::fill(Time now, Partition& partition, Duration idle) const {
  for (const Access access : {Access::read, Access::write}) {
    Share& share = partition.shares[index_of(access)];
    share.settled = now - std::max(idle, Duration{});
    share.pace = pace_rate(share, access) * span_;
    settle(now, share, access);
  }
}

bool PartitionAdmission::bursts(const Share& share, Access access, double cost) const {
  return share.saved + kTolerance >= cost && can_pay(share.pace, pace_rate(share, access) * span_, cost);
}

Bucket PartitionAdmission::judge(Time now, Partition& partition, Access access, CapacityUnits units) const {
  Share& share = partition.shares[index_of(access)];
  settle(now, share, access);
  if (allocated(share, units.value())) return Bucket::none;
  if (!bursts(share, access, units.value())) return Bucket::partition;
  return nodes_.have(now, partition, access, units) ? Bucket::none : Bucket::node;
}

void PartitionAdmission::take(Time now, Partition& partition, Access access, CapacityUnits units) const {
  Share& share = partition.shares[index_of(access)];
  settle(now, share, access);
  const double cost = units.value();
  if (!allocated(share, cost) && bursts(share, access, cost)) {
    share.saved -= cost;
    share.pace -= cost;
  } else {
    share.level = std::max(share.level - cost, -share.rate * most_debt_);
  }
  if (has_nodes_) nodes_.take(now, partition, access, units);
}

}  // namespace nephoscope::dynamodb
