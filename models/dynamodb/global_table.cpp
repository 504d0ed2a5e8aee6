#include "models/dynamodb/global_table.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/base/check.hpp"
#include "models/common/cloudwatch.hpp"
#include "models/common/network.hpp"

namespace nephoscope::dynamodb {

namespace {

// Only within a Region do requests take no time to a replica.
constexpr std::uint32_t kProbe = 1;

}  // namespace

GlobalTable::GlobalTable(World& world, const std::string& id, const GlobalTableConfig& config)
    : world_(world),
      config_(config),
      id_(id),
      clock_(Purpose("dynamodb.clock").of(id)),
      state_(config.replicas.size()),
      backlog_series_(world.run) {
  for (const auto& replica : config.replicas) {
    Site& site = sites_.emplace_back();
    site.owner = this;
    site.index = static_cast<ReplicaIndex>(sites_.size() - 1);
    site.region = replica.id;
    Draws draws = world.random.entity(clock_, site.index, 0);
    site.clock = config.replication.clock_skew.sample(draws);
  }
}

void GlobalTable::connect(const Wiring& wiring) {
  cloudwatch_ = &wiring.cloudwatch();
  std::vector<Replica*> tables;
  for (Site& site : sites_) {
    const std::string id = id_ + "/" + site.region;
    site.endpoint = &wiring.endpoint(id);
    auto* const table = dynamic_cast<Replica*>(&wiring.dynamodb_table(id));
    check(table != nullptr, "dynamodb", "'{}' cannot be a replica", id);
    tables.push_back(table);
  }
  connect(tables);
}

void GlobalTable::connect(const std::vector<Replica*>& tables) {
  for (Site& site : sites_) {
    if (world_.network != nullptr) site.place = world_.network->region_place(site.region);
    site.table = tables[site.index];
    site.table->listen(site);
    if (config_.strong()) site.table->agree_with(*this, site.index);
  }
  for (const Site& from : sites_)
    for (const Site& to : sites_) {
      if (from.index == to.index) continue;
      links_.emplace_back(world_,
                          LinkOptions{.from = from.index,
                                      .to = to.index,
                                      .name = fmt::format("{} {} to {}", id_, from.region, to.region),
                                      .source = from.place,
                                      .destination = to.place,
                                      .with_lag = !config_.strong()},
                          config_.replication, state_, static_cast<ReplicationTarget&>(*this));
    }
}

void GlobalTable::start() {
  world_.simulation.spawn(sample());
  if (cloudwatch_ == nullptr) return;
  for (const ReplicationLink& link : links_)
    latency_metrics_.push_back(cloudwatch_->metric({"AWS/DynamoDB",
                                                    "ReplicationLatency",
                                                    {{"TableName", id_ + "/" + sites_[link.from()].region},
                                                     {"ReceivingRegion", sites_[link.to()].region}}}));
  world_.simulation.spawn(publish(*cloudwatch_));
}

// --- replication -------------------------------------------------------------------------------------------

void GlobalTable::changed(Site& site, const ItemChange& change) {
  if (change.origin == ChangeOrigin::replication) return;
  ++counts_.writes;
  const WriteIndex write = state_.write(site.index, {.item = {change.key, change.sort},
                                                     .bytes = change.new_bytes,
                                                     .number = change.number,
                                                     .now = world_.now(),
                                                     .clock = site.clock,
                                                     .knows_all = config_.strong()});
  for (ReplicationLink& link : links_) {
    if (link.from() != site.index) continue;
    backlog_.change(world_.now(), +1);
    link.send(write);
  }
}

bool GlobalTable::deliver(ReplicaIndex to, WriteIndex index) {
  const Meeting meeting = state_.meet(to, index);
  const RegionalWrite& write = state_[index];
  const bool wins = meeting == Meeting::succeeds || meeting == Meeting::wins;
  const bool taken = sites_[to].table->replicate({.item = write.item,
                                                  .bytes = write.bytes,
                                                  .number = write.number,
                                                  .wins = wins,
                                                  .forced = config_.strong()});
  if (!taken) return false;
  state_.arrive(to, index, meeting);
  backlog_.change(world_.now(), -1);
  return true;
}

const ReplicationLink& GlobalTable::link(ReplicaIndex from, ReplicaIndex to) const {
  for (const ReplicationLink& link : links_)
    if (link.from() == from && link.to() == to) return link;
  check(false, "dynamodb", "'{}' has no link from {} to {}", id_, from, to);
  return links_.front();
}

Duration GlobalTable::recovery_point(ReplicaIndex from) const {
  Duration age{};
  for (const ReplicationLink& link : links_)
    if (link.from() == from) age = std::max(age, world_.now() - link.oldest());
  return age;
}

// --- strong consistency ------------------------------------------------------------------------------------

// There and back to the nearest other Region that can be reached.
Duration GlobalTable::nearest(ReplicaIndex from, std::uint64_t number, std::uint32_t attempt) const {
  Duration best = Way::kNever;
  for (const Site& to : sites_) {
    if (to.index == from) continue;
    const Way way = world_.way(sites_[from].place, to.place, mix64(number + to.index), attempt);
    if (way.there == Way::kNever || way.back == Way::kNever) continue;
    best = std::min(best, way.there + way.back);
  }
  return best;
}

RegionQuorum::Outcome GlobalTable::begin_write(std::uint32_t replica, const ItemId& item,
                                               std::uint64_t number, std::uint32_t attempt, Duration own) {
  const Writing* other = writing_.find(item);
  if (other != nullptr && other->by != replica && other->until > world_.now()) {
    ++counts_.refused;
    return {.verdict = Verdict::conflict};
  }
  const Duration time = nearest(replica, number, attempt);
  if (time == Way::kNever) {
    ++counts_.unreachable;
    return {.verdict = Verdict::unavailable};
  }
  Writing& writing = writing_[item];
  writing = {.by = replica, .until = std::max(writing.until, world_.now() + own + time)};
  if (writing_.size() > forget_at_) {
    const Time now = world_.now();
    writing_.erase_if([now](const ItemId&, const Writing& each) { return each.until <= now; });
    forget_at_ = std::max<std::size_t>(1024, writing_.size() * 2);
  }
  return {.verdict = Verdict::agreed, .time = time};
}

RegionQuorum::Outcome GlobalTable::read(std::uint32_t replica, std::uint64_t number, std::uint32_t attempt) {
  const Duration time = nearest(replica, number, attempt);
  if (time == Way::kNever) {
    ++counts_.unreachable;
    return {.verdict = Verdict::unavailable};
  }
  return {.verdict = Verdict::agreed, .time = time};
}

// --- requests ----------------------------------------------------------------------------------------------

ReplicaIndex GlobalTable::route(const Request& request) {
  if (!request.place) return 0;
  if (request.place.value >= routes_.size()) routes_.resize(request.place.value + 1, 0);
  std::uint32_t& chosen = routes_[request.place.value];
  if (chosen != 0) return chosen - 1;
  Duration best = Way::kNever;
  for (const Site& site : sites_) {
    const Way way = world_.way(request.place, site.place, request.number, kProbe);
    if (way.there == Way::kNever || way.back == Way::kNever || way.there + way.back >= best) continue;
    best = way.there + way.back;
    chosen = site.index + 1;
  }
  return chosen == 0 ? 0 : chosen - 1;
}

void GlobalTable::submit(const Request& request, ReplyId reply) {
  sites_[route(request)].endpoint->submit(request, reply);
}

}  // namespace nephoscope::dynamodb
