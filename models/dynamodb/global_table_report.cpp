// What a global table measured, and its laws.
#include <fmt/format.h>

#include <algorithm>

#include "models/common/audit.hpp"
#include "models/common/report.hpp"
#include "models/dynamodb/global_table.hpp"

namespace nephoscope::dynamodb {
namespace {

constexpr Duration kPublished = 5min;  // Developer Guide, DynamoDB metrics: ReplicationLatency

}  // namespace

Process GlobalTable::sample() {
  for (;;) {
    const WaitStatus status = co_await world_.simulation.delay(backlog_series_.step());
    if (status != WaitStatus::done) co_return;
    backlog_series_.sample(world_.now(), backlog_);
  }
}

// Stamped with the period's begin; in milliseconds, at the source.
Process GlobalTable::publish(CloudWatch& cloudwatch) {
  for (;;) {
    const WaitStatus status = co_await world_.simulation.delay(kPublished);
    if (status != WaitStatus::done) co_return;
    for (std::size_t i = 0; i < links_.size(); ++i) {
      const StatisticSet latencies = links_[i].take_latencies();
      if (latencies.samples > 0) cloudwatch.put(latency_metrics_[i], world_.now() - kPublished, latencies);
    }
  }
}

GlobalTable::Counts GlobalTable::counts() const {
  Counts now = counts_;
  for (const Site& site : sites_) now.lost += state_.lost(site.index);
  now.conflicts = state_.conflicts();
  return now;
}

void GlobalTable::begin_measurement() {
  backlog_series_.sample(world_.now(), backlog_);
  backlog_.reset(world_.now());
  backlog_series_.level_was_reset();
  for (ReplicationLink& link : links_) link.begin_measurement();
  before_ = counts();
}

void GlobalTable::report(Report& report) const {
  const auto key = [&](std::string name) { return MetricKey{Scope::resource, id_, std::move(name)}; };
  const auto number = [&](const char* name, std::uint64_t now, std::uint64_t before) {
    report.ratio(key(name), "1", static_cast<double>(now - before), 1);
  };
  const Counts now = counts();
  number("writes.replicated", now.writes, before_.writes);
  number("writes.lost", now.lost, before_.lost);
  number("conflicts", now.conflicts, before_.conflicts);
  if (config_.strong()) {
    number("ReplicatedWriteConflictException", now.refused, before_.refused);
    number("quorum.unreachable", now.unreachable, before_.unreachable);
  }
  report.ratio(key("PendingReplicationCount"), "1", backlog_.mean(world_.now()), 1);
  report.ratio(key("PendingReplicationCount.peak"), "1", static_cast<double>(backlog_.peak()), 1);
  QuantileSketch all;
  Duration longest{};
  for (const ReplicationLink& link : links_) {
    all.merge(link.latency());
    longest = std::max(longest, link.longest_wait());
    report.ratio(key(fmt::format("rpo.{}.{}", sites_[link.from()].region, sites_[link.to()].region)), "s",
                 to_seconds(link.longest_wait()), 1);
  }
  report.sketch(key("ReplicationLatency"), "s", std::move(all));
  report.ratio(key("rpo"), "s", to_seconds(longest), 1);
  report.series(id_ + ".PendingReplicationCount", "1", backlog_series_.series());
}

// --- audit -------------------------------------------------------------------------------------------------

// Looks at all items that were written and of which nothing is under way.
GlobalTable::Convergence GlobalTable::convergence() const {
  ItemMap<bool> pending;
  for (const ReplicationLink& link : links_)
    link.each_pending([&](const ItemId& item) { pending[item] = true; });
  Convergence result;
  state_.each_item([&](const ItemId& item) {
    if (pending.find(item) != nullptr) return;
    ++result.looked_at;
    bool same = state_.converged(item);
    for (const Site& site : sites_)
      same = same && site.table->bytes_of(item) == state_[state_.version(0, item)].bytes;
    result.differ += same ? 0U : 1U;
  });
  return result;
}

void GlobalTable::audit(Audit& audit) const {
  std::uint64_t sent = 0, delivered = 0;
  for (const ReplicationLink& link : links_) sent += link.sent(), delivered += link.delivered();
  const auto pending = static_cast<std::uint64_t>(backlog_.value());
  audit.add("replication: resources." + id_, sent == delivered + pending,
            fmt::format("{} writes sent = {} delivered + {} pending", sent, delivered, pending));
  const Convergence found = convergence();
  audit.add("convergence: resources." + id_, found.differ == 0,
            fmt::format("{} of {} items of which nothing is under way differ between Regions", found.differ,
                        found.looked_at));
}

}  // namespace nephoscope::dynamodb
