#include "models/dynamodb/update_table.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/base/check.hpp"

namespace nephoscope::dynamodb {
namespace {

constexpr std::int64_t kDay = 86'400;
constexpr std::int64_t kHour = 3'600;
constexpr std::int64_t kFirstDecreases = 4;

constexpr std::int64_t day_of(std::int64_t utc) { return utc / kDay; }

std::int64_t hour_of(Time now) { return (now - Time{}) / Duration(1h); }

}  // namespace

// --- the quota of decreases --------------------------------------------------------------------------------

bool DecreaseQuota::allows(std::int64_t utc) const {
  if (day_of(utc) != day_ || today_ == 0) return true;
  if (today_ < kFirstDecreases && utc < first_ + kHour) return true;
  return utc >= last_ + kHour;
}

void DecreaseQuota::note(std::int64_t utc) {
  check(allows(utc), "dynamodb", "a decrease of capacity too many");
  if (day_of(utc) != day_) {
    day_ = day_of(utc);
    today_ = 0;
    first_ = utc;
  }
  ++today_;
  last_ = utc;
}

// --- updates -----------------------------------------------------------------------------------------------

ProvisionedCapacity::ProvisionedCapacity(World& world, const Options& options, TableUpdates& updates,
                                         PartitionSet& partitions, const DurationDistribution& update_time)
    : world_(world),
      options_(options),
      updates_(updates),
      partitions_(partitions),
      update_time_(update_time),
      purpose_(Purpose("dynamodb.update_time").of(options.resource + "/" + options.what)),
      dimensions_{Dimension(*this, Access::read), Dimension(*this, Access::write)} {
  for (const Access access : {Access::read, Access::write}) billed_[index_of(access)].highest = units(access);
}

std::int64_t ProvisionedCapacity::units(Access access) const {
  return static_cast<std::int64_t>(partitions_.settings().provisioned.of(access));
}

std::int64_t ProvisionedCapacity::utc() const {
  return world_.run.start_epoch + (world_.now() - Time{}) / Duration(1s);
}

CapacityChange ProvisionedCapacity::set(Access access, std::int64_t target, const std::string& reason) {
  check(target >= 1, "dynamodb", "a capacity of {} units", target);
  const std::int64_t present = units(access);
  if (target == present) return CapacityChange::unchanged;
  if (updates_.updating()) return CapacityChange::in_use;
  if (target < present) {
    if (!decreases_.allows(utc())) return CapacityChange::limit_exceeded;
    decreases_.note(utc());
  }
  const std::string what = options_.what.empty() ? "" : options_.what + ": ";
  world_.log(options_.resource, "UpdateTable",
             fmt::format("{}{} capacity {} -> {}: {}", what, access == Access::read ? "read" : "write",
                         present, target, reason));
  updates_.begin();
  world_.simulation.spawn(update(access, target));
  return CapacityChange::accepted;
}

Process ProvisionedCapacity::update(Access access, std::int64_t target) {
  Draws draws = world_.random.entity(purpose_, index_of(access), count_++);
  const WaitStatus status = co_await world_.simulation.delay(update_time_.sample(draws));
  if (status != WaitStatus::done) co_return;
  Throughput provisioned = partitions_.settings().provisioned;
  provisioned.of(access) = static_cast<double>(target);
  enter(billed_[index_of(access)], access);
  partitions_.set_provisioned(provisioned);
  Billed& billed = billed_[index_of(access)];
  billed.highest = std::max(billed.highest, target);
  updates_.end();
}

// --- the bill ----------------------------------------------------------------------------------------------

// Closes the hours that have ended.
void ProvisionedCapacity::enter(Billed& billed, Access access) {
  const std::int64_t hour = hour_of(world_.now());
  if (hour == billed.hour) return;
  billed.sum += billed.highest + (hour - billed.hour - 1) * units(access);
  billed.hour = hour;
  billed.highest = units(access);
}

std::int64_t ProvisionedCapacity::unit_hours(Access access, Time now) const {
  const Billed& billed = billed_[index_of(access)];
  const std::int64_t begun = (now - Time{} + 1h - Duration(1)) / Duration(1h);  // hours
  if (begun <= billed.hour) return billed.sum;
  return billed.sum + billed.highest + (begun - billed.hour - 1) * units(access);
}

}  // namespace nephoscope::dynamodb
