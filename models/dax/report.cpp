// What a cluster measured, and its conservation laws.
#include <fmt/format.h>

#include <algorithm>

#include "models/common/report.hpp"
#include "models/dax/cluster.hpp"

namespace nephoscope::dax {
namespace {

double as_double(std::uint64_t count) { return static_cast<double>(count); }

}  // namespace

// vCPU time since the run's start or the end of warm-up.
double Cluster::busy_seconds() const {
  double sum = 0;
  for (const PlacedNode& each : nodes_)
    sum += static_cast<double>(each.node.cpu.busy().integral(world_.now())) * 1e-9;
  return sum;
}

Process Cluster::each_minute() {
  for (;;) {
    const WaitStatus status = co_await world_.simulation.delay(60s);
    if (status != WaitStatus::done) co_return;
    publish();
  }
}

void Cluster::publish() {
  const Time stamp = world_.now() - 60s;
  const Counts& last = counts_published_;
  const auto put = [&](MetricId metric, std::uint64_t now, std::uint64_t before) {
    if (now != before) cloudwatch_->put(metric, stamp, StatisticSet::of(as_double(now - before)));
  };
  put(metrics_.item_hits, counts_.item_hits, last.item_hits);
  put(metrics_.item_misses, counts_.item_misses, last.item_misses);
  put(metrics_.query_hits, counts_.query_hits, last.query_hits);
  put(metrics_.query_misses, counts_.query_misses, last.query_misses);
  put(metrics_.scan_hits, counts_.scan_hits, last.scan_hits);
  put(metrics_.scan_misses, counts_.scan_misses, last.scan_misses);
  put(metrics_.total, counts_.arrived, last.arrived);
  put(metrics_.faults, counts_.faults, last.faults);
  put(metrics_.errors, counts_.errors, last.errors);
  put(metrics_.throttled, counts_.throttled, last.throttled);
  const double busy = busy_seconds();
  const double vcpus =
      static_cast<double>(info(config_.node_type).vcpus) * static_cast<double>(nodes_.size());
  const double percent = 100 * std::max(busy - busy_published_, 0.0) / (vcpus * 60);
  cloudwatch_->put(metrics_.cpu, stamp, StatisticSet::of(percent));
  if (primary_)
    cloudwatch_->put(metrics_.size, stamp, StatisticSet::of(as_double(nodes_[*primary_].node.bytes())));
  busy_published_ = busy;
  counts_published_ = counts_;
}

Process Cluster::sample() {
  for (;;) {
    const Time begun = world_.now();
    const WaitStatus status = co_await world_.simulation.delay(hit_ratio_series_.width());
    if (status != WaitStatus::done) co_return;
    const std::uint64_t hits = counts_.hits() - counts_sampled_.hits();
    const std::uint64_t asked = counts_.cacheable - counts_sampled_.cacheable;
    if (asked > 0) hit_ratio_series_.add_level(begun, world_.now(), as_double(hits) / as_double(asked));
    counts_sampled_ = counts_;
  }
}

void Cluster::begin_measurement() {
  counts_before_ = counts_;
  evictions_before_ = 0;
  for (PlacedNode& each : nodes_) {
    each.node.cpu.reset_statistics();
    evictions_before_ += each.node.evictions();
  }
  busy_published_ = 0;
}

void Cluster::report(Report& report) const {
  const double span = to_seconds(world_.now() - world_.warmup_end());
  const auto add = [&](const char* name, const char* unit, double numerator, double denominator) {
    report.ratio({Scope::resource, id_, name}, unit, numerator, denominator);
  };
  const Counts& b = counts_before_;
  const auto number = [&](const char* name, std::uint64_t now, std::uint64_t before) {
    add(name, "1", as_double(now - before), 1);
  };
  const auto ratio = [&](const char* name, std::uint64_t hits, std::uint64_t misses) {
    add(name, "1", as_double(hits), as_double(hits + misses));
  };
  add("throughput", "1/s", as_double(counts_.ok - b.ok), span);
  ratio("item_cache.hit_ratio", counts_.item_hits - b.item_hits, counts_.item_misses - b.item_misses);
  ratio("query_cache.hit_ratio", counts_.query_hits + counts_.scan_hits - b.query_hits - b.scan_hits,
        counts_.query_misses + counts_.scan_misses - b.query_misses - b.scan_misses);
  add("reads.stale", "1",
      as_double(counts_.stale_items + counts_.stale_queries - b.stale_items - b.stale_queries),
      as_double(counts_.cacheable - b.cacheable));
  add("table.requests", "1/s", as_double(counts_.to_table - b.to_table), span);
  number("ItemCacheHits", counts_.item_hits, b.item_hits);
  number("ItemCacheMisses", counts_.item_misses, b.item_misses);
  number("QueryCacheHits", counts_.query_hits, b.query_hits);
  number("QueryCacheMisses", counts_.query_misses, b.query_misses);
  number("ScanCacheHits", counts_.scan_hits, b.scan_hits);
  number("ScanCacheMisses", counts_.scan_misses, b.scan_misses);
  number("TotalRequestCount", counts_.arrived, b.arrived);
  number("FaultRequestCount", counts_.faults, b.faults);
  number("ErrorRequestCount", counts_.errors, b.errors);
  number("ThrottledRequestCount", counts_.throttled, b.throttled);
  std::uint64_t evictions = 0;
  for (const PlacedNode& each : nodes_) evictions += each.node.evictions();
  number("evictions", evictions, evictions_before_);
  const double vcpus =
      static_cast<double>(info(config_.node_type).vcpus) * static_cast<double>(nodes_.size());
  add("CPUUtilization", "1", busy_seconds(), span * vcpus);
  add("EstimatedDbSize", "B", primary_ ? as_double(nodes_[*primary_].node.bytes()) : 0, 1);
  report.series(id_ + ".hit_ratio", "1", hit_ratio_series_);
}

// Node-hours, from the run's start; AWS bills a part of an hour as a whole one, here by the second.
void Cluster::bill(UsageMeter& meter) const {
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(world_.now() - Time{}).count();
  meter.add(id_, "NodeUsage:" + std::string(info(config_.node_type).name),
            seconds * static_cast<std::int64_t>(nodes_.size()));
}

void Cluster::audit(Audit& audit) const {
  audit.conservation("resources." + id_,
                     {.arrived = counts_.arrived,
                      .completed = counts_.ok,
                      .failed = counts_.faults + counts_.errors + counts_.throttled_by_table + counts_.lost,
                      .rejected = counts_.throttled,
                      .in_flight = serving_});
  audit.add(
      "caches: resources." + id_, counts_.cacheable == counts_.hits() + counts_.misses(),
      fmt::format("{} asked for = {} hits + {} misses", counts_.cacheable, counts_.hits(), counts_.misses()));
}

}  // namespace nephoscope::dax
