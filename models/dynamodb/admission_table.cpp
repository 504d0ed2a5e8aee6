#include "models/dynamodb/admission_table.hpp"

#include <algorithm>

namespace nephoscope::dynamodb {

TableAdmission::TableAdmission(const PartitionAssumptions& assumptions) : lease_time_(assumptions.lease) {
  if (assumptions.admission != AdmissionGeneration::global_admission_control) return;
  for (auto& routers : routers_) routers.resize(static_cast<std::size_t>(assumptions.routers));
}

void TableAdmission::set_rate(Time now, Throughput rate, Duration span) {
  for (const Access access : {Access::read, Access::write}) {
    buckets_[index_of(access)].set(now, Rate(rate.of(access)), span);
    const auto routers = std::max<std::size_t>(routers_[index_of(access)].size(), 1);
    lease_.of(access) = rate.of(access) * to_seconds(lease_time_) / static_cast<double>(routers);
  }
}

void TableAdmission::fill(Duration idle) {
  for (RateBucket& bucket : buckets_) bucket.fill(idle);
}

void TableAdmission::renew(Time now, Router& router, Access access, CapacityUnits wanted) {
  RateBucket& bucket = buckets_[index_of(access)];
  // A lease that has run out was reported then: the bucket has filled up since.
  if (now < router.expires) bucket.refill(now);
  bucket.take(router.used);
  const bool pays = bucket.has(now, wanted);
  router.used = {};
  router.lease = pays ? std::max(wanted.value(), std::min(lease_.of(access), bucket.level())) : 0;
  router.expires = now + lease_time_;
}

void TableAdmission::take_unrouted(Time now, const Demand& demand) {
  buckets_[index_of(demand.access)].spend(now, demand.units);
}

}  // namespace nephoscope::dynamodb
