// A cluster's nodes come and go, and one of them is the primary.
#include <fmt/format.h>

#include <algorithm>

#include "models/dax/cluster.hpp"

namespace nephoscope::dax {

std::string Cluster::name_of(const Node& node) const {
  return fmt::format("{}/node-{}", id_, node.index + 1);
}

std::vector<std::string> Cluster::running_nodes() const {
  std::vector<std::string> names;
  for (const PlacedNode& each : nodes_)
    if (each.node.up) names.push_back(name_of(each.node));
  return names;
}

void Cluster::reboot_node(const std::string& name) {
  for (PlacedNode& each : nodes_) {
    if (name_of(each.node) != name || !each.node.up) continue;
    lose(each.node, "reboots");
    world_.simulation.spawn(come_back(each.node));
  }
}

void Cluster::zone_power_changed(ZoneId zone, bool on) {
  for (PlacedNode& each : nodes_) {
    Node& node = each.node;
    if (node.zone != zone || node.powered == on) continue;
    node.powered = on;
    if (on)
      world_.simulation.spawn(come_back(node));
    else
      lose(node, "has no power");
  }
}

void Cluster::lose(Node& node, const char* why) {
  ++node.lives;
  if (!node.up) return;  // it was rebooting
  node.up = false;
  node.clear();
  node.processes.interrupt_all();
  world_.log(id_, "node", fmt::format("{} {}", name_of(node), why));
  if (primary_ == node.index) lose_primary(node);
  tell_clients();
}

Process Cluster::come_back(Node& node) {
  const std::uint64_t life = node.lives;
  Draws draws = world_.random.entity(restart_, node.index, life);
  const WaitStatus status = co_await world_.simulation.delay(config_.restart_time.sample(draws));
  if (status != WaitStatus::done || node.lives != life || !node.powered) co_return;
  node.up = true;
  node.table->reset();
  world_.log(id_, "node", fmt::format("{} serves again, its caches empty", name_of(node)));
  if (!primary_ && !promoting_) set_primary(node, "is the primary, as there was none");
  tell_clients();
}

// What it had sent and had not arrived is lost with it.
void Cluster::lose_primary(Node& node) {
  primary_.reset();
  for (PlacedNode& each : nodes_)
    if (each.node.up) each.node.forget_expected(world_.now());
  promoting_ = true;
  Draws draws = world_.random.entity(promotion_, node.index, promotions_++);
  world_.simulation.after(
      config_.promotion_time.sample(draws), [](void* self) { static_cast<Cluster*>(self)->promote(); }, this);
}

void Cluster::promote() {
  promoting_ = false;
  for (PlacedNode& each : nodes_)
    if (each.node.up) {
      set_primary(each.node, "is promoted to primary");
      return tell_clients();
    }
  world_.log(id_, "primary", "there is no node to promote");
}

void Cluster::set_primary(Node& node, const char* why) {
  primary_ = node.index;
  world_.log(id_, "primary", fmt::format("{} {}", name_of(node), why));
}

void Cluster::tell_clients() {
  world_.simulation.after(
      config_.client_refresh, [](void* self) { static_cast<Cluster*>(self)->update_clients(); }, this);
}

void Cluster::update_clients() {
  known_primary_ = primary_;
  known_nodes_.clear();
  for (const PlacedNode& each : nodes_)
    if (each.node.up) known_nodes_.push_back(each.node.index);
}

}  // namespace nephoscope::dax
