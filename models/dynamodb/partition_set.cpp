#include "models/dynamodb/partition_set.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "models/dynamodb/heat_record.hpp"
#include "models/dynamodb/partition_need.hpp"
#include "models/dynamodb/quota.hpp"

namespace nephoscope::dynamodb {

std::uint32_t PartitionSet::first_partitions(const PartitionSettings& settings) {
  const bool on_demand = settings.mode == BillingMode::pay_per_request;
  const Throughput rate = on_demand ? on_demand_floor(settings) : settings.provisioned;
  const double count = std::max({partitions_for(settings.mode, rate),
                                 partitions_for(settings.mode, settings.warm.value_or(Throughput{})),
                                 partitions_for_bytes(settings.bytes)});
  return static_cast<std::uint32_t>(std::ceil(count - kNeedTolerance));
}

PartitionSet::PartitionSet(World& world, std::string name, const PartitionSettings& settings,
                           const PartitionAssumptions& assumptions, TableQuota* quota)
    : world_(world),
      name_(std::move(name)),
      settings_(settings),
      assumptions_(assumptions),
      quota_(quota),
      capacity_(assumptions.doubling_time),
      map_(first_partitions(settings)),
      partitions_(map_.size()),
      nodes_(assumptions, static_cast<std::uint32_t>(map_.size())),
      shares_(assumptions, nodes_),
      table_(assumptions),
      leaders_(world, name_, assumptions),
      bytes_(settings.bytes),
      heat_(std::make_unique<HeatRecord>(world.run)) {
  capacity_.raise(on_demand_floor(settings_));
  const auto count = static_cast<std::int64_t>(partitions_.size());
  for (const PartitionId id : map_.ids()) {
    Partition& partition = at(id);
    partition.first = map_.firsts()[id.value];
    partition.weight = 1 / static_cast<double>(count);
    partition.bytes = bytes_ / count + (id.value < bytes_ % count);
    partition.leader = id.value % kReplicas;
    nodes_.place(partition, id);
    heat_->began(world_.now(), id);
  }
  set_rates();
  const Duration idle = std::max(assumptions_.saved_at_start, assumptions_.bucket_span);
  for (Partition& partition : partitions_) shares_.fill(world_.now(), partition, idle);
  table_.fill(on_demand() ? table_span() : idle);
}

PartitionSet::~PartitionSet() = default;

Throughput PartitionSet::table_rate() const {
  return on_demand() ? capacity_.instant() : settings_.provisioned;
}

Throughput PartitionSet::admitted_rate() const {
  Throughput rate = table_rate();
  if (!on_demand()) return rate;
  rate.read = std::min(rate.read, settings_.max_read_request_units.value_or(rate.read));
  rate.write = std::min(rate.write, settings_.max_write_request_units.value_or(rate.write));
  return rate;
}

void PartitionSet::set_share(Partition& partition) {
  for (const Access access : {Access::read, Access::write}) {
    const double own = table_rate().of(access) * partition.weight + partition.shares[index_of(access)].boost;
    shares_.set_rate(world_.now(), partition, access, Rate(global() ? kPartitionCaps.of(access) : own));
  }
}

// A provisioned table saves what it does not use, an on-demand table does not; but the bucket hears of use
// only when leases end, so it holds a lease more. Without global admission control there is no such bucket,
// and what is kept measures the rate over a moment.
Duration PartitionSet::table_span() const {
  if (!global()) return assumptions_.bucket_span;
  const Duration least = assumptions_.bucket_span + assumptions_.lease;
  return on_demand() ? least : std::max(least, assumptions_.burst_span);
}

void PartitionSet::set_rates() {
  for (const PartitionId id : map_.ids()) set_share(at(id));
  table_.set_rate(world_.now(), table_rate(), table_span());
  const std::array<std::optional<double>, kAccesses> limits = {settings_.max_read_request_units,
                                                               settings_.max_write_request_units};
  for (std::size_t i = 0; i < kAccesses; ++i)
    if (limits[i] && !maximum_[i]) maximum_[i].emplace(Rate(*limits[i]), assumptions_.bucket_span);
}

// --- data plane --------------------------------------------------------------------------------------------

Admission PartitionSet::judge(const Demand& demand) {
  const PartitionId id = map_.find(demand.position);
  if (global() && !on_demand() && !table_.has(world_.now(), demand))
    return {ThrottlingReason::provisioned_throughput_exceeded, Bucket::table, id};
  const Admission admission = judge_partition(id, demand);
  return admission.admitted() && on_demand() ? judge_on_demand(id, demand) : admission;
}

Admission PartitionSet::judge_partition(PartitionId id, const Demand& demand) {
  const Bucket empty = shares_.judge(world_.now(), at(id), demand.access, demand.units);
  if (empty == Bucket::none) return {ThrottlingReason::none, empty, id};
  const bool whole_table = !global() && !on_demand() && !table_.has(world_.now(), demand);
  return {whole_table ? ThrottlingReason::provisioned_throughput_exceeded
                      : ThrottlingReason::key_range_throughput_exceeded,
          empty, id};
}

Admission PartitionSet::judge_on_demand(PartitionId id, const Demand& demand) {
  const Time now = world_.now();
  if (global() && !table_.has(now, demand))
    return {ThrottlingReason::key_range_throughput_exceeded, Bucket::table, id};
  if (quota_ != nullptr && !quota_->has(now, demand.access, demand.units))
    return {ThrottlingReason::account_limit_exceeded, Bucket::quota, id};
  auto& maximum = maximum_[index_of(demand.access)];
  if (maximum && !maximum->has(now, demand.units))
    return {ThrottlingReason::max_on_demand_throughput_exceeded, Bucket::maximum, id};
  return {ThrottlingReason::none, Bucket::none, id};
}

void PartitionSet::take(const Demand& demand, const Admission& admission) {
  check(admission.admitted(), "dynamodb", "'{}' takes a demand that was turned away", name_);
  pay(admission.partition, demand);
}

PartitionId PartitionSet::take_anyway(const Demand& demand) {
  const PartitionId id = map_.find(demand.position);
  pay(id, demand);
  return id;
}

void PartitionSet::pay(PartitionId id, const Demand& demand) {
  const Time now = world_.now();
  Partition& partition = at(id);
  shares_.take(now, partition, demand.access, demand.units);
  table_.take(now, demand);
  if (on_demand()) {
    if (quota_ != nullptr) quota_->take(now, demand.access, demand.units);
    auto& maximum = maximum_[index_of(demand.access)];
    if (maximum) maximum->spend(now, demand.units);
  }
  AdmissionCounts& counts = counts_[index_of(demand.access)];
  ++counts.demands;
  counts.offered += demand.units;
  counts.consumed += demand.units;
  partition.counts[index_of(demand.access)].consumed += demand.units;
  if (partition.samples) partition.samples->add(demand);
  heat_->consumed(now, id, demand);
}

void PartitionSet::refuse(const Demand& demand, const Admission& admission) {
  if (admission.admitted()) return;
  AdmissionCounts& counts = counts_[index_of(demand.access)];
  ++counts.demands;
  ++counts.throttled_demands;
  counts.offered += demand.units;
  counts.throttled += demand.units;
  Partition& partition = at(admission.partition);
  partition.counts[index_of(demand.access)].throttled += demand.units;
  if (partition.samples) partition.samples->add(demand);
  heat_->throttled(world_.now(), demand, admission);
}

// --- who serves --------------------------------------------------------------------------------------------

// The one that stands for a partition that has been split.
PartitionId PartitionSet::living(PartitionId id) const {
  while (!partitions_[id.value].alive()) id = partitions_[id.value].heir;
  return id;
}

Time PartitionSet::leader_ready(PartitionId partition) const {
  return std::max(world_.now(), partitions_[living(partition).value].ready_at);
}

void PartitionSet::zone_power_changed(ZoneId zone, bool on) {
  leaders_.set_power(zone, on);
  for (const PartitionId id : map_.ids()) leaders_.follow_power(at(id), id);
  world_.log(name_, "partition",
             fmt::format("{} {}: {}", world_.run.zones[zone.value], on ? "has power again" : "is dark",
                         leaders_.majority() ? "leaders in two zones or more" : "no majority, nobody leads"));
}

// --- control plane -----------------------------------------------------------------------------------------

void PartitionSet::set_provisioned(Throughput provisioned) {
  set_mode(BillingMode::provisioned, provisioned);
}

void PartitionSet::set_mode(BillingMode mode, Throughput provisioned) {
  const Throughput before = settings_.provisioned;
  const bool was_provisioned = !on_demand();
  settings_.mode = mode;
  settings_.provisioned = provisioned;
  if (on_demand()) {
    capacity_.raise(on_demand_floor(settings_));
    if (was_provisioned) capacity_.raise(before);
  }
  grow();
  set_rates();
}

// --- self-audit --------------------------------------------------------------------------------------------

namespace {

struct Sums {
  std::array<PartitionCounts, kAccesses> counts;
  std::int64_t bytes = 0;
};

Sums sums_of(std::span<const Partition> partitions) {
  Sums sums;
  for (const Partition& partition : partitions) {
    for (std::size_t i = 0; i < kAccesses; ++i) {
      sums.counts[i].consumed += partition.counts[i].consumed;
      sums.counts[i].throttled += partition.counts[i].throttled;
    }
    if (partition.alive()) sums.bytes += partition.bytes;
  }
  return sums;
}

}  // namespace

bool PartitionSet::covers_space() const {
  const std::span<const Position> firsts = map_.firsts();
  if (firsts.front() != Position{} ||
      std::adjacent_find(firsts.begin(), firsts.end(), std::greater_equal<>()) != firsts.end())
    return false;
  for (std::size_t i = 0; i < map_.size(); ++i) {
    const Partition& partition = partitions_[map_.ids()[i].value];
    if (!partition.alive() || partition.first != firsts[i]) return false;
  }
  const auto alive = std::count_if(partitions_.begin(), partitions_.end(),
                                   [](const Partition& partition) { return partition.alive(); });
  return static_cast<std::size_t>(alive) == map_.size();
}

void PartitionSet::audit(Audit& audit) const {
  const Sums sums = sums_of(partitions_);
  for (std::size_t i = 0; i < kAccesses; ++i) {
    const AdmissionCounts& all = counts_[i];
    const PartitionCounts& parts = sums.counts[i];
    audit.add(fmt::format("{} units: {}", i == index_of(Access::read) ? "read" : "write", name_),
              all.offered == all.consumed + all.throttled && all.consumed == parts.consumed &&
                  all.throttled == parts.throttled,
              fmt::format("{} offered = {} consumed + {} throttled; by partitions {} + {}",
                          all.offered.value(), all.consumed.value(), all.throttled.value(),
                          parts.consumed.value(), parts.throttled.value()));
  }
  audit.add(fmt::format("partitions: {}", name_), covers_space(),
            fmt::format("{} partitions cover the keys without gap or overlap", map_.size()));
  audit.add(fmt::format("bytes: {}", name_), sums.bytes == bytes_,
            fmt::format("{} bytes = {} in partitions", bytes_, sums.bytes));
}

}  // namespace nephoscope::dynamodb
