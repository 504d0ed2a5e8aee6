#include "models/store/nodes.hpp"

#include <algorithm>

#include "models/common/instance_type.hpp"

namespace nephoscope::store {
namespace {

constexpr Duration kStalledRetry =
    1s;  // how often an operation looks whether stalled disks work again (model)

}  // namespace

StorageNode::StorageNode(Simulation& simulation, Instance& its, std::uint32_t operations_)
    : instance(its), operations(operations_), disk(simulation, {.servers = operations_}) {
  const InstanceType* type = find_instance_type(its.type());
  bandwidth = (type == nullptr ? InstanceType() : *type).sustained_bandwidth();
  erased_on_stop = type != nullptr && type->instance_store;
}

void StorageNode::set_copies(int by) {
  copies_running += by;
  const auto taken = static_cast<std::uint32_t>(copies_running);
  disk.set_servers(taken < operations ? operations - taken : 1);
}

NodeIndex Nodes::find(const Instance& instance) const {
  for (std::size_t i = all_.size(); i > 0; --i)
    if (&all_[i - 1].instance == &instance) return static_cast<NodeIndex>(i - 1);
  return kNoNode;
}

NodeIndex Nodes::index_of(Instance& instance) {
  const NodeIndex known = find(instance);
  if (known != kNoNode) return known;
  all_.emplace_back(world_.simulation, instance, static_cast<std::uint32_t>(config_.disk_operations));
  return directory_.add_node();
}

std::int64_t Nodes::up() const {
  std::int64_t count = 0;
  for (NodeIndex node = 0; node < all_.size(); ++node) count += directory_.up(node);
  return count;
}

bool Nodes::has_room(NodeIndex node) const {
  if (!config_.node_capacity) return true;
  const std::int64_t taken = static_cast<std::int64_t>(directory_.copies(node)) + all_[node].reserved;
  return (taken + 1) * config_.chunk_size().count <= config_.node_capacity->count;
}

Task<bool> Nodes::operate(NodeIndex index, Bytes size, std::uint64_t number) {
  StorageNode& node = all_[index];
  const ServiceResult got = co_await node.disk.acquire();
  if (got.status != WaitStatus::done) co_return false;
  WaitStatus status = WaitStatus::done;
  while (node.instance.disk_speed() == 0 && status == WaitStatus::done) {
    status = co_await world_.simulation.delay(kStalledRetry);
  }
  if (status == WaitStatus::done) {
    Draws draws = world_.random.request(access_, number, 0, index);
    const double access = to_seconds(config_.disk_time.sample(draws));
    const double moving = static_cast<double>(size.count) / config_.disk_bandwidth.value;
    status = co_await world_.simulation.delay(from_seconds((access + moving) / node.instance.disk_speed()));
  }
  node.disk.release();
  co_return status == WaitStatus::done;
}

}  // namespace nephoscope::store
