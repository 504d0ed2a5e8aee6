#include "models/dynamodb/heat_record.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace nephoscope::dynamodb {
namespace {

constexpr Duration kMinute = 1min;
constexpr std::size_t kHeatRows = 24;  // that results show

Duration step_of(const RunWindow& run, std::size_t columns) {
  const auto seconds = run.duration / 1s;
  const auto count = static_cast<std::int64_t>(columns);
  return std::max<std::int64_t>((seconds + count - 1) / count, 1) * Duration(1s);
}

}  // namespace

HeatRecord::HeatRecord(const RunWindow& run)
    : step_(step_of(run, kColumns)),
      columns_(std::min(static_cast<std::size_t>((run.duration + step_ - Duration(1)) / step_), kColumns)),
      column_end_(Time{} + step_),
      minute_end_(Time{} + kMinute) {}

void HeatRecord::next_column(Time now) {
  const auto column = static_cast<std::size_t>((now - Time{}) / step_);
  column_ = std::min(column, kColumns - 1);
  column_end_ = column < kColumns - 1 ? Time{} + static_cast<std::int64_t>(column + 1) * step_ : Time::max();
}

void HeatRecord::end_minute(Time now) {
  for (Load& load : loads_) {
    if (load.minute > load.peak) {
      load.peak = load.minute;
      load.peak_at = minute_end_ - kMinute;
    }
    load.minute = 0;
  }
  minute_end_ = Time{} + ((now - Time{}) / kMinute + 1) * kMinute;
}

void HeatRecord::began(Time now, PartitionId partition) { row_of(partition).began = now; }
void HeatRecord::ended(Time now, PartitionId partition) { row_of(partition).ended = now; }

void HeatRecord::throttled(Time now, const Demand& demand, const Admission& admission) {
  if (now >= minute_end_) end_minute(now);
  Load& load = loads_[index_of(demand.access)];
  load.minute += demand.units.halves;
  ++load.demands;
  Refusals& refusals = load.refusals[static_cast<std::size_t>(admission.bucket)];
  if (refusals.count++ == 0) refusals.first = now;
  refusals.last = now;
  if (admission.bucket != Bucket::partition && admission.bucket != Bucket::node) return;
  Row& row = row_of(admission.partition);
  ++row.throttled[index_of(demand.access)];
  if (!row.keys) row.keys = std::make_unique<std::array<HeavyKeys, kAccesses>>();
  (*row.keys)[index_of(demand.access)].add(demand.key, demand.units.value());
}

HeatRecord::Hottest HeatRecord::hottest(Access access) const {
  Hottest hottest;
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    const std::uint64_t throttled = rows_[i].throttled[index_of(access)];
    if (throttled > hottest.throttled)
      hottest = {.partition = PartitionId(static_cast<std::uint32_t>(i)), .throttled = throttled};
  }
  return hottest;
}

void HeatRecord::report(Report& report, const Subject& subject) const {
  add_heat_map(report, subject);
  for (const Access access : {Access::read, Access::write}) add_findings(report, subject, access);
}

// The rows that were hottest at any time, by partition.
void HeatRecord::add_heat_map(Report& report, const Subject& subject) const {
  const double seconds = to_seconds(step_);
  std::vector<std::pair<float, std::size_t>> peaks;
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    const float peak = *std::max_element(rows_[i].heat.begin(), rows_[i].heat.end());
    if (peak > 0) peaks.push_back({-peak, i});
  }
  std::sort(peaks.begin(), peaks.end());
  const std::size_t all = peaks.size();
  if (all == 0) return;
  peaks.resize(std::min(all, kHeatRows));
  std::sort(peaks.begin(), peaks.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  HeatMap map{.name = subject.id + ".partitions.heat",
              .title = fmt::format("Load of {} of {} partitions of {}, as a share of what one can serve",
                                   all > kHeatRows ? fmt::format("the {} hottest", kHeatRows) : "all", all,
                                   subject.id),
              .unit = "1",
              .step = step_,
              .rows = {},
              .values = {}};
  for (const auto& [peak, index] : peaks) {
    const Row& row = rows_[index];
    map.rows.push_back(fmt::format("partition {}", index));
    std::vector<double>& values = map.values.emplace_back();
    for (std::size_t column = 0; column < columns_; ++column) {
      const Time from = Time{} + static_cast<std::int64_t>(column) * step_;
      const bool there = row.began < from + step_ && row.ended > from;
      values.push_back(there ? static_cast<double>(row.heat[column]) / seconds
                             : std::numeric_limits<double>::quiet_NaN());
    }
  }
  report.heat_maps.push_back(std::move(map));
}

}  // namespace nephoscope::dynamodb
