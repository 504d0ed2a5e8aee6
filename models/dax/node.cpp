#include "models/dax/node.hpp"

#include <algorithm>

namespace nephoscope::dax {
namespace {

constexpr std::int64_t kNanoseconds = 1'000'000'000;

std::uint64_t memory_of(const ClusterConfig& config, double share) {
  const double bytes =
      static_cast<double>(info(config.node_type).memory.count) * config.cache_share.value * share;
  return std::max<std::uint64_t>(static_cast<std::uint64_t>(bytes), 1);
}

}  // namespace

Node::Node(Simulation& simulation, const ClusterConfig& config, std::uint32_t its_index, ZoneId its_zone)
    : index(its_index),
      zone(its_zone),
      cpu(simulation, {.servers = info(config.node_type).vcpus}),
      unit_(std::max<std::int64_t>(kNanoseconds * info(config.node_type).vcpus / config.throughput(), 1)),
      items_({.capacity = memory_of(config, 1 - config.query_cache_share.value),
              .ttl = config.parameter_group.item_ttl}),
      queries_({.capacity = memory_of(config, config.query_cache_share.value),
                .ttl = config.parameter_group.query_ttl}) {}

Time Node::arrival(Time now, Duration delay) {
  last_arrival_ = std::max(last_arrival_, now + delay);
  return last_arrival_;
}

void Node::expect(const Entry& entry, Time since, Time arrives, Time now) {
  take_in(now);  // so that a node that nobody reads from keeps no backlog
  inbox_.push_back({entry, since, arrives});
}

void Node::take_in(Time now) {
  while (!inbox_.empty() && inbox_.front().arrives <= now) {
    enter(inbox_.front().entry, inbox_.front().since);
    inbox_.pop_front();
  }
}

void Node::forget_expected(Time now) {
  take_in(now);
  inbox_.clear();
  last_arrival_ = now;
}

void Node::clear() {
  items_.clear();
  queries_.clear();
  inbox_.clear();
}

}  // namespace nephoscope::dax
