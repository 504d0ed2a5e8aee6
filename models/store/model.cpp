// A store's nodes come and go; its requests.
#include "models/store/model.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/base/check.hpp"
#include "engine/config/units.hpp"

namespace nephoscope::store {

Store::Store(World& world, const std::string& id, const ReplicatedStoreConfig& config)
    : world_(world),
      config_(config),
      id_(id),
      self_(world.resources.intern("resources." + id)),
      write_(world.operations.intern("write")),
      unavailable_(world.errors.intern("Unavailable")),
      lost_(world.errors.intern("DataLost")),
      timed_out_(world.errors.intern("ReplicaTimeout")),
      layout_(Purpose("store.layout").of(id)),
      key_(Purpose("store.key").of(id)),
      size_(Purpose("store.size").of(id)),
      directory_({.chunks = static_cast<std::size_t>(config.chunks),
                  .factor = static_cast<std::uint32_t>(config.replication_factor),
                  .quorum = static_cast<std::uint32_t>(config.read_quorum)}),
      nodes_(world, config, directory_),
      placement_(nodes_, directory_, config.placement),
      repair_(world, config, directory_, nodes_, placement_, id),
      timeout_(world.simulation.timeout_class(config.timeout)),
      unavailable_series_(world.run),
      under_replicated_series_(world.run),
      repairs_series_(world.run),
      stuck_series_(world.run) {}

void Store::connect(const Wiring& wiring) {
  check(world_.network != nullptr, "store", "'{}' is in a world without network", id_);
  InstanceListener& listener = *this;
  wiring.compute().watch(config_.nodes.id, listener);
}

// --- nodes -------------------------------------------------------------------------------------------------

void Store::instance_changed(Instance& instance, InstanceEvent event) {
  if (event == InstanceEvent::up) return came(instance);
  const NodeIndex node = nodes_.find(instance);
  if (node == kNoNode) return;
  if (event == InstanceEvent::down) went(node);
  const bool stops = event == InstanceEvent::stopped && nodes_[node].erased_on_stop;
  if (event == InstanceEvent::shutting_down || event == InstanceEvent::terminated || stops) erase(node);
}

// A node whose disks were erased comes back empty, and says so: nobody need wait for it any longer.
void Store::came(Instance& instance) {
  const bool is_new = nodes_.find(instance) == kNoNode;
  const NodeIndex node = nodes_.index_of(instance);
  if (!laid_out_) {
    directory_.set_up(world_.now(), node, true);
    if (nodes_.up() >= config_.initial_nodes) lay_out();
    return;
  }
  if (is_new) return;
  if (directory_.erased(node) && !directory_.given_up(node)) give_up(node);
  if (directory_.given_up(node))
    directory_.take_back(world_.now(), node);
  else
    directory_.set_up(world_.now(), node, true);
  const std::vector<ChunkIndex> chunks = directory_.chunks_of(node);
  for (const ChunkIndex chunk : chunks) repair_.need(chunk);
}

void Store::went(NodeIndex index) {
  StorageNode& node = nodes_[index];
  ++node.deaths;
  node.processes.interrupt_all();
  directory_.set_up(world_.now(), index, false);
  repair_.hand_over(index);
  if (directory_.copies(index) == 0) return;
  world_.log(id_, "node",
             fmt::format("{} is down with {} replicas: {} of {} chunks are unavailable", node.instance.name(),
                         directory_.copies(index), directory_.unavailable().value(), directory_.chunks()));
  world_.simulation.spawn(give_up_later(nodes_.life(index)));
}

void Store::erase(NodeIndex node) {
  const std::int64_t lost = directory_.lost().value();
  directory_.erase(world_.now(), node);
  if (directory_.lost().value() > lost)
    world_.log(id_, "loss",
               fmt::format("{} chunks are lost with {}", directory_.lost().value() - lost,
                           nodes_[node].instance.name()));
}

Process Store::give_up_later(NodeLife life) {
  const WaitStatus waited = co_await world_.simulation.delay(config_.repair.delay);
  const bool away = !directory_.up(life.node) && nodes_[life.node].deaths == life.deaths;
  if (waited != WaitStatus::done || !away || directory_.given_up(life.node)) co_return;
  give_up(life.node);
}

void Store::give_up(NodeIndex node) {
  const std::vector<ChunkIndex> chunks = directory_.give_up(node);
  if (chunks.empty()) return;
  world_.log(
      id_, "repair",
      fmt::format("{} is given up: {} replicas are to be made again, {} in all", nodes_[node].instance.name(),
                  chunks.size(), show(config_.chunk_size() * static_cast<std::int64_t>(chunks.size()))));
  for (const ChunkIndex chunk : chunks) repair_.need(chunk);
}

void Store::lay_out() {
  laid_out_ = true;
  for (ChunkIndex chunk = 0; chunk < directory_.chunks(); ++chunk) {
    Draws draws = world_.random.entity(layout_, chunk, 0);
    while (directory_.known(chunk) < directory_.factor()) {
      const NodeIndex node = placement_.choose(draws, directory_.replicas(chunk));
      check(node != kNoNode, "store", "'{}' has no room for chunk {}", id_, chunk);
      directory_.add(world_.now(), chunk, node);
    }
  }
  directory_.open(world_.now());
  world_.log(id_, "layout", fmt::format("{} chunks on {} nodes", directory_.chunks(), nodes_.up()));
}

// --- requests ----------------------------------------------------------------------------------------------

void Store::submit(const Request& request, ReplyId reply) {
  ++counts_.arrived;
  const ChunkIndex chunk = chunk_of(request);
  const std::int64_t needed = request.operation == write_ ? config_.writes_needed() : config_.read_quorum;
  if (directory_.lost(chunk)) {
    ++counts_.lost;
    return refuse(reply, Fault::client, lost_);
  }
  if (directory_.live(chunk) < needed) {
    ++counts_.unavailable;
    return refuse(reply, Fault::transient, unavailable_);
  }
  world_.simulation.spawn(serve(request, reply));
}

void Store::refuse(ReplyId reply, Fault fault, ErrorId error) {
  Response response;
  response.fault = fault;
  response.error = error;
  response.source = self_;
  world_.replies.answer(reply, response);
}

// Requests about no key are about any.
ChunkIndex Store::chunk_of(const Request& request) const {
  const std::uint64_t chunks = directory_.chunks();
  if (request.key != 0) return static_cast<ChunkIndex>(mix64(request.key) % chunks);
  Draws draws = world_.random.request(key_, request.number);
  return static_cast<ChunkIndex>(draws.next_below(chunks));
}

Bytes Store::size_of(const Request& request) const {
  Draws draws = world_.random.request(size_, request.number);
  return config_.item_size.sample(draws);
}

// The live replicas, nearest first; those equally near go round by the request's number.
Store::Choices Store::choose(const Request& request, ChunkIndex chunk) const {
  Choices choices;
  const auto replicas = directory_.replicas(chunk);
  const std::size_t turn = mix64(request.number) % replicas.size();
  for (std::size_t i = 0; i < replicas.size(); ++i) {
    const NodeIndex node = replicas[(turn + i) % replicas.size()];
    if (!directory_.up(node)) continue;
    const std::uint64_t number = child_number(request.number, request.attempt, node);
    choices.all[choices.count++] = {
        .node = node, .way = world_.way(request.place, nodes_[node].instance.place(), number, 1)};
  }
  const auto distance = [](const Choice& choice) {
    return std::max(choice.way.there, choice.way.back) == Way::kNever ? Way::kNever
                                                                      : choice.way.there + choice.way.back;
  };
  std::stable_sort(choices.all.begin(), choices.all.begin() + static_cast<std::ptrdiff_t>(choices.count),
                   [&](const Choice& a, const Choice& b) { return distance(a) < distance(b); });
  return choices;
}

// A read asks as many replicas as must answer, a write all.
Process Store::serve(Request request, ReplyId reply) {
  const bool writes = request.operation == write_;
  const Choices choices = choose(request, chunk_of(request));
  const auto needed = static_cast<std::size_t>(writes ? config_.writes_needed() : config_.read_quorum);
  ++serving_;
  const ReplyId ack = world_.replies.open(static_cast<std::uint32_t>(needed));
  for (std::size_t i = 0; i < (writes ? choices.count : needed); ++i)
    world_.simulation.spawn(at_replica(request, choices.all[i], ack), &nodes_[choices.all[i].node].processes);
  const Replies::Result result = co_await world_.replies.wait(ack, timeout_);
  --serving_;
  if (result.status != WaitStatus::done) {
    ++counts_.timed_out;
    refuse(reply, Fault::transient, timed_out_);
    co_return;
  }
  ++counts_.ok;
  Response response;
  if (!writes) response.size = size_of(request);
  world_.replies.answer(reply, response);
}

Process Store::at_replica(Request request, Choice choice, ReplyId ack) {
  if (choice.way.there == Way::kNever) co_return;
  const bool writes = request.operation == write_;
  const WaitStatus there = co_await world_.simulation.delay(choice.way.there);
  if (there != WaitStatus::done) co_return;
  if (writes) {
    const bool came_in = co_await carry_item(request, choice.node, true);
    if (!came_in) co_return;
  }
  const bool done = co_await nodes_.operate(choice.node, size_of(request),
                                            child_number(request.number, request.attempt, 0));
  if (!done || choice.way.back == Way::kNever) co_return;
  if (!writes) {
    const bool went_out = co_await carry_item(request, choice.node, false);
    if (!went_out) co_return;
  }
  const WaitStatus back = co_await world_.simulation.delay(choice.way.back);
  if (back == WaitStatus::done) world_.replies.answer(ack, Response{});
}

// A small item takes its share of the node's network card beside the copies in progress there; a large one is
// a flow among flows.
Task<bool> Store::carry_item(const Request& request, NodeIndex index, bool to_node) {
  const StorageNode& node = nodes_[index];
  const Bytes size = size_of(request);
  const PlaceId from = to_node ? request.place : node.instance.place();
  const PlaceId to = to_node ? node.instance.place() : request.place;
  if (request.place && size >= config_.bulk_from) {
    const Transfer transfer = co_await world_.network->transfer(from, to, size);
    co_return transfer.ok();
  }
  if (request.place) world_.network->count(from, to, size);
  const double share = node.bandwidth.value / (1 + node.copies_running);
  const WaitStatus status =
      co_await world_.simulation.delay(from_seconds(static_cast<double>(size.count) / share));
  co_return status == WaitStatus::done;
}

}  // namespace nephoscope::store
