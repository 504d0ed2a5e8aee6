// What a cluster does with requests.
#include <algorithm>

#include "models/dax/cluster.hpp"

namespace nephoscope::dax {
namespace {

constexpr std::int64_t kKilobyte = 1024;

// Sizes count in KB, rounded up (DynamoDB Developer Guide, "Sizing your DAX cluster").
std::int64_t kilobytes(Bytes size) {
  return std::max<std::int64_t>((size.count + kKilobyte - 1) / kKilobyte, 1);
}

bool is_search(DynamoDbAction action) {
  return action == DynamoDbAction::query || action == DynamoDbAction::scan;
}

bool is_cacheable(const DynamoDbOperation& operation) {
  return !is_write(operation.action) && !operation.consistent_read &&
         operation.action != DynamoDbAction::transact_get_items;
}

std::uint64_t key_of(const DynamoDbTable::ItemKey& item) { return mix64(item.key ^ mix64(item.sort)); }

// A pattern's queries about one partition key are the same query, its scans the same scan.
std::uint64_t search_key(const DynamoDbOperation& operation, std::uint64_t partition_key) {
  const std::uint64_t about = operation.action == DynamoDbAction::scan ? 0 : mix64(partition_key);
  return mix64(about ^
               mix64((std::uint64_t{operation.pattern} << 8) | static_cast<std::uint64_t>(operation.action)));
}

}  // namespace

// --- the way to a node -------------------------------------------------------------------------------------

void Cluster::submit(const Request& request, ReplyId reply) {
  const DynamoDbOperation operation = table_->describe(request.operation);
  PlacedNode* const to = route(request, operation);
  if (to == nullptr) {
    ++counts_.arrived;
    return refuse(reply, Fault::transient, errors_.refused);
  }
  if (!request.place) return arrive(request, reply, to->node);
  carry(world_, to->node.place, *to, request, reply);
}

Cluster::PlacedNode* Cluster::route(const Request& request, const DynamoDbOperation& operation) {
  if (is_write(operation.action)) return known_primary_ ? &nodes_[*known_primary_] : nullptr;
  if (known_nodes_.empty()) return nullptr;
  if (known_nodes_.size() == 1) return &nodes_[known_nodes_.front()];
  Draws draws = world_.random.request(route_, request.number, request.attempt);
  return &nodes_[known_nodes_[draws.next_below(known_nodes_.size())]];
}

void Cluster::arrive(const Request& request, ReplyId reply, Node& node) {
  ++counts_.arrived;
  if (!node.powered) {
    ++counts_.lost;
    return;
  }
  if (!node.up) return refuse(reply, Fault::transient, errors_.reset);
  if (node.cpu.in_service() >= node.cpu.servers() &&
      node.cpu.waiting() >= static_cast<std::uint64_t>(config_.queue_limit)) {
    ++counts_.throttled;
    return refuse(reply, Fault::throttling, errors_.throttled);
  }
  const DynamoDbOperation operation = table_->describe(request.operation);
  ++serving_;
  if (is_write(operation.action))
    world_.simulation.spawn(write(request, reply, node), &node.processes);
  else if (is_cacheable(operation))
    world_.simulation.spawn(read(request, reply, node), &node.processes);
  else
    world_.simulation.spawn(pass_through(request, reply, node), &node.processes);
}

// --- reads -------------------------------------------------------------------------------------------------

Process Cluster::read(Request request, ReplyId reply, Node& node) {
  const DynamoDbOperation operation = table_->describe(request.operation);
  const Found found = look_up(node, request, operation);
  const std::int64_t first = found.all ? kilobytes(found.size) : 1;
  const ServiceResult worked = co_await node.cpu.serve(node.work(first));
  if (worked.status != WaitStatus::done) co_return break_off(reply, node);
  if (found.all) {
    Draws draws = world_.random.request(latency_, request.number, request.attempt);
    const WaitStatus status = co_await world_.simulation.delay(config_.hit_latency.sample(draws));
    if (status != WaitStatus::done) co_return break_off(reply, node);
    Response response;
    response.size = found.size;
    co_return answer(reply, response);
  }
  ++counts_.to_table;
  request.place = node.place;
  const CallResult result = co_await node.table->call(request);
  if (result.interrupted) co_return break_off(reply, node);
  const std::int64_t rest = config_.miss_weight * kilobytes(result.response.size) - first;
  const ServiceResult filled = co_await node.cpu.serve(node.work(std::max<std::int64_t>(rest, 0)));
  if (filled.status != WaitStatus::done) co_return break_off(reply, node);
  if (result.ok()) enter(node, request, operation, result.response);
  answer(reply, result.response);
}

// Strong and transactional reads.
Process Cluster::pass_through(Request request, ReplyId reply, Node& node) {
  const ServiceResult worked = co_await node.cpu.serve(node.work(1));
  if (worked.status != WaitStatus::done) co_return break_off(reply, node);
  ++counts_.to_table;
  request.place = node.place;
  const CallResult result = co_await node.table->call(request);
  if (result.interrupted) co_return break_off(reply, node);
  const std::int64_t rest = config_.miss_weight * kilobytes(result.response.size) - 1;
  const ServiceResult passed = co_await node.cpu.serve(node.work(rest));
  if (passed.status != WaitStatus::done) co_return break_off(reply, node);
  answer(reply, result.response);
}

Cluster::Found Cluster::look_up(Node& node, const Request& request, const DynamoDbOperation& operation) {
  return is_search(operation.action) ? look_up_search(node, request, operation)
                                     : look_up_items(node, request, operation);
}

Cluster::Found Cluster::look_up_items(Node& node, const Request& request,
                                      const DynamoDbOperation& operation) {
  Found found;
  for (std::uint32_t i = 0; i < operation.items; ++i) {
    const DynamoDbTable::ItemKey item = table_->item_of(request, i);
    const Cached* cached = node.find(CacheKind::item, key_of(item), world_.now());
    ++counts_.cacheable;
    if (cached == nullptr) {
      ++counts_.item_misses;
      found.all = false;
      continue;
    }
    ++counts_.item_hits;
    found.size += Bytes(static_cast<std::int64_t>(cached->weight) - config_.entry_overhead.count);
    if (cached->value != table_->version_of(item)) ++counts_.stale_items;
  }
  return found;
}

Cluster::Found Cluster::look_up_search(Node& node, const Request& request,
                                       const DynamoDbOperation& operation) {
  const std::uint64_t key = search_key(operation, table_->item_of(request, 0).key);
  const Cached* cached = node.find(CacheKind::query, key, world_.now());
  const bool scan = operation.action == DynamoDbAction::scan;
  ++counts_.cacheable;
  if (cached == nullptr) {
    ++(scan ? counts_.scan_misses : counts_.query_misses);
    return {.all = false, .size = {}};
  }
  ++(scan ? counts_.scan_hits : counts_.query_hits);
  if (cached->value != version_of_search(request, operation, key)) ++counts_.stale_queries;
  return {.all = true,
          .size = Bytes(static_cast<std::int64_t>(cached->weight) - config_.entry_overhead.count)};
}

// The truth about a query is its first item, as the table would choose it for the same question whenever it
// is asked. Scans are not judged.
std::uint64_t Cluster::version_of_search(const Request& request, const DynamoDbOperation& operation,
                                         std::uint64_t key) const {
  if (operation.action == DynamoDbAction::scan) return 0;
  Request question = request;
  question.key = table_->item_of(request, 0).key;
  question.number = key;
  question.attempt = 1;
  return table_->version_of(table_->item_of(question, 0));
}

// --- writes ------------------------------------------------------------------------------------------------

// The table first; what fails there is not entered. (What became of a write that timed out is not known, and
// the cache keeps what it had.)
Process Cluster::write(Request request, ReplyId reply, Node& node) {
  const DynamoDbOperation operation = table_->describe(request.operation);
  const std::int64_t work = config_.write_weight * kilobytes(request.size);
  const ServiceResult worked = co_await node.cpu.serve(node.work(work));
  if (worked.status != WaitStatus::done) co_return break_off(reply, node);
  ++counts_.to_table;
  request.place = node.place;
  const CallResult result = co_await node.table->call(request);
  if (result.interrupted) co_return break_off(reply, node);
  if (result.ok()) {
    enter(node, request, operation, result.response);
    charge_replicas(node, work);
  }
  answer(reply, result.response);
}

// A write is work for every node.
void Cluster::charge_replicas(const Node& served, std::int64_t normalised) {
  for (PlacedNode& each : nodes_)
    if (each.node.up && &each.node != &served)
      world_.simulation.spawn(charge(each.node, arrivals_[each.node.index], normalised),
                              &each.node.processes);
}

Process Cluster::charge(Node& node, Time arrives, std::int64_t normalised) {
  const WaitStatus there = co_await world_.simulation.delay(std::max(arrives - world_.now(), Duration{}));
  if (there != WaitStatus::done) co_return;
  co_await node.cpu.serve(node.work(normalised));
}

// --- what stays in the caches ------------------------------------------------------------------------------

Cached Cluster::weighed(std::uint64_t version, Bytes size) const {
  return {.value = version, .weight = static_cast<std::uint64_t>(size.count + config_.entry_overhead.count)};
}

// Missing items are cached, too. Answers tell the sizes of what was read; written items have that which the
// request carried.
void Cluster::enter(Node& node, const Request& request, const DynamoDbOperation& operation,
                    const Response& answer) {
  set_arrivals(request);
  if (is_search(operation.action)) return store(node, search_entry(request, operation, answer.size));
  const Bytes whole = is_write(operation.action) ? request.size : answer.size;
  const Bytes each =
      whole.count > 0 ? Bytes(whole.count / std::max<std::int64_t>(operation.items, 1)) : config_.item_size;
  for (std::uint32_t i = 0; i < operation.items; ++i) {
    const DynamoDbTable::ItemKey item = table_->item_of(request, i);
    const std::uint64_t version = table_->version_of(item);
    store(node, {CacheKind::item, key_of(item), weighed(version, version == 0 ? Bytes() : each)});
  }
}

Entry Cluster::search_entry(const Request& request, const DynamoDbOperation& operation, Bytes size) const {
  const std::uint64_t key = search_key(operation, table_->item_of(request, 0).key);
  return {CacheKind::query, key, weighed(version_of_search(request, operation, key), size)};
}

// One message carries all that a request leaves.
void Cluster::set_arrivals(const Request& request) {
  const Time now = world_.now();
  for (PlacedNode& each : nodes_) {
    if (!each.node.up || each.node.index == primary_) continue;
    Draws draws = world_.random.request(propagation_, request.number, request.attempt, each.node.index);
    arrivals_[each.node.index] = each.node.arrival(now, config_.propagation_delay.sample(draws));
  }
}

// Entries are made on the primary, whoever asked the table, and replicas follow. Without a primary a node
// keeps what it has fetched.
void Cluster::store(Node& node, const Entry& entry) {
  const Time now = world_.now();
  if (!primary_) return node.enter(entry, now);
  for (PlacedNode& each : nodes_) {
    if (each.node.index == primary_)
      each.node.enter(entry, now);
    else if (each.node.up)
      each.node.expect(entry, now, arrivals_[each.node.index], now);
  }
}

// --- answers -----------------------------------------------------------------------------------------------

void Cluster::answer(ReplyId reply, const Response& response) {
  --serving_;
  if (response.ok())
    ++counts_.ok;
  else if (response.fault == Fault::throttling)
    ++counts_.throttled_by_table;
  else
    ++(response.fault == Fault::client ? counts_.errors : counts_.faults);
  world_.replies.answer(reply, response);
}

// Throttled requests are counted by the caller.
void Cluster::refuse(ReplyId reply, Fault fault, ErrorId error) {
  if (fault != Fault::throttling) ++counts_.faults;
  Response response;
  response.fault = fault;
  response.error = error;
  response.source = self_;
  world_.replies.answer(reply, response);
}

// Its node is lost: a dead program resets connections, a machine without power says nothing.
void Cluster::break_off(ReplyId reply, const Node& node) {
  --serving_;
  if (node.powered) return refuse(reply, Fault::transient, errors_.reset);
  ++counts_.lost;
}

}  // namespace nephoscope::dax
