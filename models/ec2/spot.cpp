#include "models/ec2/spot.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nephoscope::ec2 {
namespace {

constexpr std::uint64_t kEntityMask = (std::uint64_t{1} << 47) - 1;

}  // namespace

std::vector<Ec2Instance*> choose_spot(std::vector<Ec2Instance*> instances, std::size_t count, Region& region,
                                      std::uint64_t event) {
  std::vector<std::pair<double, Ec2Instance*>> drawn;
  for (Ec2Instance* instance : instances) {
    Draws draws = region.world.random.entity(region.purposes.spot_choice, instance->entity(), event);
    drawn.emplace_back(draws.next_uniform(), instance);
  }
  std::stable_sort(drawn.begin(), drawn.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  instances.clear();
  for (std::size_t i = 0; i < count; ++i) instances.push_back(drawn[i].second);
  return instances;
}

SpotPool::SpotPool(Region& region, Source& source, std::string type, ZoneId zone)
    : region_(region),
      source_(source),
      type_(std::move(type)),
      zone_(zone),
      entity_(Purpose(type_).of(region.zone_name(zone)).value() & kEntityMask) {
  // The pool's history began with the run.
  Time next = Time{} + time_to_next();
  while (next < region_.world.now()) next += time_to_next();
  region_.world.simulation.at(
      next, [](void* pool) { static_cast<SpotPool*>(pool)->reclaim(); }, this);
}

Duration SpotPool::time_to_next() {
  Draws draws = region_.world.random.entity(region_.purposes.spot_reclaim, entity_, events_++);
  return std::max(region_.config.spot_reclaims.time_between->sample(draws), Duration(1s));
}

void SpotPool::plan() {
  region_.world.simulation.after(
      time_to_next(), [](void* pool) { static_cast<SpotPool*>(pool)->reclaim(); }, this);
}

// The share's number of instances is rounded up or down at random, so that small pools are not hit too often.
void SpotPool::reclaim() {
  const std::uint64_t event = events_;
  const SpotReclaims& reclaims = region_.config.spot_reclaims;
  Draws draws = region_.world.random.entity(region_.purposes.spot_share, entity_, event);
  const double where = draws.next_uniform();
  const double rounding = draws.next_uniform();
  const double share =
      reclaims.least_share.value + where * (reclaims.greatest_share.value - reclaims.least_share.value);
  auto instances = source_.reclaimable(type_, zone_);
  const std::size_t there = instances.size();
  const auto count = std::min(there, static_cast<std::size_t>(share * static_cast<double>(there) + rounding));
  plan();
  if (count == 0) return;
  region_.world.log(region_.zone_name(zone_), "spot",
                    fmt::format("capacity for {} is taken back: {} of {} instances", type_, count, there));
  for (Ec2Instance* instance : choose_spot(std::move(instances), count, region_, event))
    reclaim_one(*instance, event);
}

void SpotPool::reclaim_one(Ec2Instance& instance, std::uint64_t event) const {
  const SpotReclaims& reclaims = region_.config.spot_reclaims;
  Draws draws = region_.world.random.entity(region_.purposes.spot_notice, instance.entity(), event);
  const double when = draws.next_uniform();
  const double luck = draws.next_uniform();
  const Duration lead = std::max(reclaims.rebalance_lead.sample(draws), Duration{});
  instance.reclaim(from_seconds(to_seconds(reclaims.spread) * when), lead,
                   luck < region_.config.spot_notices.value);
}

}  // namespace nephoscope::ec2
