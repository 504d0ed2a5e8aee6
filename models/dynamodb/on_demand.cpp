#include "models/dynamodb/on_demand.hpp"

namespace nephoscope::dynamodb {

void OnDemandCapacity::served(Time now, Throughput mean) {
  for (const Access access : {Access::read, Access::write}) {
    if (mean.of(access) <= peak_.of(access)) continue;
    peak_.of(access) = mean.of(access);
    const double rate = kPeakMultiple * mean.of(access);
    if (rate > instant_.of(access)) growing_[index_of(access)].push_back({now + doubling_time_, rate});
  }
}

bool OnDemandCapacity::advance(Time now) {
  const Throughput before = instant_;
  for (const Access access : {Access::read, Access::write}) {
    auto& growing = growing_[index_of(access)];
    for (; !growing.empty() && growing.front().at <= now; growing.pop_front())
      instant_.of(access) = std::max(instant_.of(access), growing.front().rate);
  }
  return instant_ != before;
}

}  // namespace nephoscope::dynamodb
