#include "models/dynamodb/index_set.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nephoscope::dynamodb {
namespace {

std::int64_t entries_at_start(const GlobalIndexConfig& index, const Items& items) {
  return static_cast<std::int64_t>(static_cast<double>(items.count()) * index.share_indexed.value + 0.5);
}

MetricName metric_name(const std::string& table, const std::string& index, std::string name) {
  return {.space = "AWS/DynamoDB",
          .name = std::move(name),
          .dimensions = {{"TableName", table}, {"GlobalSecondaryIndexName", index}}};
}

const char* name_of(Access access) { return access == Access::read ? "Read" : "Write"; }

}  // namespace

PartitionSettings index_settings(const TableConfig& table, const GlobalIndexConfig& index,
                                 const Items& items) {
  PartitionSettings settings;
  settings.mode = table.billing_mode;
  if (table.provisioned_throughput) settings.provisioned = table.provisioned_throughput->rates();
  if (index.provisioned_throughput) settings.provisioned = index.provisioned_throughput->rates();
  const auto limit = [](const std::optional<std::int64_t>& units) {
    return units ? std::optional(static_cast<double>(*units)) : std::nullopt;
  };
  if (index.on_demand_throughput) {
    settings.max_read_request_units = limit(index.on_demand_throughput->max_read_request_units);
    settings.max_write_request_units = limit(index.on_demand_throughput->max_write_request_units);
  }
  if (index.warm_throughput) settings.warm = index.warm_throughput->rates();
  settings.bytes = entries_at_start(index, items) * index.entry_bytes(items.mean_bytes());
  return settings;
}

GlobalIndexes::Entry::Entry(World& world, const std::string& table, const Named<GlobalIndexConfig>& config,
                            const PartitionSettings& settings, const TableConfig& of, TableQuota* quota,
                            TableUpdates& updates, std::int64_t entries)
    : index(world, table, config.id, config.value, settings, of.partitions, quota, entries),
      storage(settings.bytes, entries),
      capacity(world,
               {.resource = table,
                .what = "index " + config.id,
                .consumed = {metric_name(table, config.id, "ConsumedReadCapacityUnits"),
                             metric_name(table, config.id, "ConsumedWriteCapacityUnits")}},
               updates, index.partitions(), of.update_time) {}

GlobalIndexes::GlobalIndexes(World& world, const std::string& table, const TableConfig& config,
                             const Items& items, TableQuota* quota, TableUpdates& updates)
    : world_(world), table_(table), plans_(config.global_secondary_indexes.size()) {
  for (const auto& index : config.global_secondary_indexes)
    indexes_.emplace_back(world, table, index, index_settings(config, index.value, items), config, quota,
                          updates, entries_at_start(index.value, items));
}

void GlobalIndexes::start() {
  for (Entry& entry : indexes_) entry.index.start();
}

void GlobalIndexes::zone_power_changed(ZoneId zone, bool on) {
  for (Entry& entry : indexes_) entry.index.partitions().zone_power_changed(zone, on);
}

// --- writes ------------------------------------------------------------------------------------------------

Admission GlobalIndexes::judge(const ItemChange& planned) {
  planned_ = planned;
  Admission first;
  for (std::size_t i = 0; i < indexes_.size(); ++i) {
    plans_[i] = indexes_[i].index.plan(planned);
    const Admission admission = indexes_[i].index.judge(plans_[i]);
    if (first.admitted() && !admission.admitted()) first = admission;
  }
  return first;
}

const EntryWrites& GlobalIndexes::plan_of(const ItemChange& planned, std::size_t index) {
  const bool same =
      planned_.version == planned.version && planned_.key == planned.key && planned_.sort == planned.sort;
  if (!same) plans_[index] = indexes_[index].index.plan(planned);
  return plans_[index];
}

void GlobalIndexes::keep_storage(Entry& entry, const EntryWrites& writes) {
  for (std::uint32_t i = 0; i < writes.count; ++i)
    entry.storage.change(world_.now(), writes.writes[i].growth, writes.writes[i].enters);
}

void GlobalIndexes::take(const ItemChange& planned) {
  for (std::size_t i = 0; i < indexes_.size(); ++i) {
    const EntryWrites& writes = plan_of(planned, i);
    indexes_[i].index.take(planned, writes);
    keep_storage(indexes_[i], writes);
  }
  planned_.version = 0;
}

void GlobalIndexes::take_anyway(const ItemChange& planned) { take(planned); }

void GlobalIndexes::take_free(const ItemChange& planned) {
  for (std::size_t i = 0; i < indexes_.size(); ++i) {
    const EntryWrites& writes = plan_of(planned, i);
    indexes_[i].index.take_free(planned, writes);
    keep_storage(indexes_[i], writes);
  }
  planned_.version = 0;
}

void GlobalIndexes::refuse(const ItemChange& planned) {
  for (std::size_t i = 0; i < indexes_.size(); ++i) {
    const Admission admission = indexes_[i].index.refuse(plan_of(planned, i));
    if (admission.admitted()) continue;
    ++indexes_[i].refused;
    ++indexes_[i].reasons[index_of(Access::write)][static_cast<std::size_t>(admission.reason)];
  }
}

IndexId GlobalIndexes::find(std::string_view name) const {
  for (std::uint32_t i = 0; i < indexes_.size(); ++i)
    if (indexes_[i].index.name() == name) return IndexId(i);
  return {};
}

std::uint64_t GlobalIndexes::refused_writes() const {
  std::uint64_t sum = 0;
  for (const Entry& entry : indexes_) sum += entry.refused;
  return sum;
}

// --- reads -------------------------------------------------------------------------------------------------

Admission GlobalIndexes::read(IndexId id, const Demand& demand) {
  SecondaryIndex& index = indexes_[id.value].index;
  const Admission admission = index.partitions().judge(demand);
  if (admission.admitted())
    index.partitions().take(demand, admission);
  else
    index.partitions().refuse(demand, admission);
  if (!admission.admitted())
    ++indexes_[id.value].reasons[index_of(Access::read)][static_cast<std::size_t>(admission.reason)];
  if (admission.admitted() && demand.key != 0) index.read_is_stale(demand.key);
  return admission;
}

// --- capacity ----------------------------------------------------------------------------------------------

ScalableDimension* GlobalIndexes::scalable_dimension(std::string_view name, Access access) {
  const IndexId id = find(name);
  if (!id) return nullptr;
  Entry& entry = indexes_[id.value];
  const bool provisioned = entry.index.partitions().settings().mode == BillingMode::provisioned;
  return provisioned ? &entry.capacity.dimension(access) : nullptr;
}

CapacityUnits GlobalIndexes::consumed(Access access) const {
  CapacityUnits sum;
  for (const Entry& entry : indexes_) sum += entry.index.partitions().counts(access).consumed;
  return sum;
}

std::int64_t GlobalIndexes::unit_hours(Access access, Time now) const {
  std::int64_t sum = 0;
  for (const Entry& entry : indexes_) sum += entry.capacity.unit_hours(access, now);
  return sum;
}

std::int64_t GlobalIndexes::mebibyte_seconds(Time now) const {
  std::int64_t sum = 0;
  for (const Entry& entry : indexes_) sum += entry.storage.mebibyte_seconds(now);
  return sum;
}

// --- CloudWatch --------------------------------------------------------------------------------------------

void GlobalIndexes::connect(CloudWatch& cloudwatch) {
  cloudwatch_ = &cloudwatch;
  for (Entry& entry : indexes_)
    for (const Access access : kEachAccess) {
      const auto metric = [&](std::string name) {
        return cloudwatch.metric(metric_name(table_, entry.index.name(), std::move(name)));
      };
      entry.metrics[index_of(access)] = {
          .consumed = metric(fmt::format("Consumed{}CapacityUnits", name_of(access))),
          .provisioned = metric(fmt::format("Provisioned{}CapacityUnits", name_of(access))),
          .throttled = metric(fmt::format("{}ThrottleEvents", name_of(access)))};
    }
}

void GlobalIndexes::publish(Time from, bool with_provisioned) {
  for (Entry& entry : indexes_)
    for (const Access access : kEachAccess) {
      const std::size_t i = index_of(access);
      const AdmissionCounts& now = entry.index.partitions().counts(access);
      const AdmissionCounts& before = entry.minute_before[i];
      const double units = (now.consumed - before.consumed).value();
      const auto throttled = static_cast<double>(now.throttled_demands - before.throttled_demands);
      const double taken = static_cast<double>(now.demands - before.demands) - throttled;
      if (units > 0)
        cloudwatch_->put(
            entry.metrics[i].consumed, from,
            {.samples = taken, .sum = units, .minimum = units / taken, .maximum = units / taken});
      if (throttled > 0)
        cloudwatch_->put(entry.metrics[i].throttled, from,
                         {.samples = throttled, .sum = throttled, .minimum = 1, .maximum = 1});
      const PartitionSettings& settings = entry.index.partitions().settings();
      if (with_provisioned && settings.mode == BillingMode::provisioned)
        cloudwatch_->put(entry.metrics[i].provisioned, from,
                         StatisticSet::of(settings.provisioned.of(access)));
      entry.minute_before[i] = now;
    }
}

// --- results -----------------------------------------------------------------------------------------------

void GlobalIndexes::begin_measurement() {
  for (Entry& entry : indexes_) {
    entry.index.begin_measurement();
    entry.refused_before = entry.refused;
    entry.reasons_before = entry.reasons;
    for (const Access access : kEachAccess)
      entry.measured_before[index_of(access)] = entry.index.partitions().counts(access);
  }
}

void GlobalIndexes::report(Report& report) const {
  for (const Entry& entry : indexes_) report_index(report, entry);
}

// As "TABLE/index/NAME", by the names that the table's own metrics have.
void GlobalIndexes::report_index(Report& report, const Entry& entry) const {
  const PartitionSet& partitions = entry.index.partitions();
  const std::string id = fmt::format("{}/index/{}", table_, entry.index.name());
  const bool on_demand = partitions.settings().mode == BillingMode::pay_per_request;
  const auto number = [&](std::string name, double value) {
    report.ratio({Scope::resource, id, std::move(name)}, "1", value, 1);
  };
  for (const Access access : kEachAccess) {
    const std::size_t i = index_of(access);
    const AdmissionCounts& now = partitions.counts(access);
    const AdmissionCounts& before = entry.measured_before[i];
    number(fmt::format("Consumed{}CapacityUnits", name_of(access)), (now.consumed - before.consumed).value());
    if (!on_demand)
      number(fmt::format("Provisioned{}CapacityUnits", name_of(access)),
             partitions.settings().provisioned.of(access));
    number(fmt::format("{}ThrottleEvents", name_of(access)),
           static_cast<double>(now.throttled_demands - before.throttled_demands));
    for (std::size_t reason = 1; reason < kThrottlingReasons; ++reason)
      number(
          fmt::format("throttled.{}", dynamodb::name_of(static_cast<ThrottlingReason>(reason), access, true)),
          static_cast<double>(entry.reasons[i][reason] - entry.reasons_before[i][reason]));
  }
  number("throttled_table_writes", static_cast<double>(entry.refused - entry.refused_before));
  number("partitions", static_cast<double>(partitions.partitions()));
  report.ratio({Scope::resource, id, "size"}, "B", static_cast<double>(partitions.bytes()), 1);
  entry.index.report(report, id);
}

void GlobalIndexes::audit(Audit& audit) const {
  for (const Entry& entry : indexes_) entry.index.audit(audit);
}

}  // namespace nephoscope::dynamodb
