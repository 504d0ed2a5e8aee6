#include "models/dynamodb/core.hpp"

#include <algorithm>

#include "engine/base/check.hpp"

namespace nephoscope::dynamodb {
namespace {

// DynamoDB Developer Guide, "Local secondary indexes: item collection size limit".
constexpr std::int64_t kMaxCollectionBytes = 10LL << 30;
// An index entry that holds keys only: the keys and what locates the item. Assumption.
constexpr std::int64_t kKeysOnlyEntry = 100;

PartitionSettings settings_of(const TableConfig& config, const Items& items) {
  PartitionSettings settings = config.partition_settings();
  settings.bytes = items.bytes();
  return settings;
}

ItemsOptions items_of(const std::string& id, const TableConfig& config) {
  // All replicas of a global table begin with the same items.
  return {.id = config.global_table.empty() ? id : config.global_table,
          .items = config.items,
          .per_key = config.items_per_key,
          .sorted = config.sorted(),
          .collections = !config.local_secondary_indexes.empty()};
}

bool writes_transactionally(const TableConfig& config) {
  return std::any_of(config.access_patterns.begin(), config.access_patterns.end(), [](const auto& pattern) {
    return pattern.value.operation == DynamoDbAction::transact_write_items;
  });
}

}  // namespace

Core::Core(World& world_, const std::string& id_, const TableConfig& config_)
    : has_transactions(writes_transactionally(config_)),
      world(world_),
      config(config_),
      id(id_),
      self(world_.resources.intern("resources." + id_)),
      items(items_of(id_, config_), world_.random, config_.item_size),
      operations(world_, id_, config_, items),
      quota(Throughput{.read = static_cast<double>(config_.throughput_quota),
                       .write = static_cast<double>(config_.throughput_quota)}),
      partitions(world_, id_, settings_of(config_, items), config_.partitions, &quota),
      storage(items.bytes(), items.count(), config_.global_table.empty() ? 0 : kReplicaOverhead),
      metering(world_, id_, partitions, items),
      read_latency(config_.read_latency, Purpose("dynamodb.read_latency").of(id_), world_.random),
      write_latency(config_.write_latency, Purpose("dynamodb.write_latency").of(id_), world_.random),
      transact_read_latency(config_.transact_read_latency, Purpose("dynamodb.transact_read_latency").of(id_),
                            world_.random),
      transact_write_latency(config_.transact_write_latency,
                             Purpose("dynamodb.transact_write_latency").of(id_), world_.random),
      page_purpose(Purpose("dynamodb.page").of(id_)),
      latency_purpose_(Purpose("dynamodb.latency").of(id_)),
      size_purpose_(Purpose("dynamodb.written_size").of(id_)),
      condition_purpose_(Purpose("dynamodb.condition").of(id_)),
      lag_purpose_(Purpose("dynamodb.lag").of(id_)),
      fate_purpose_(Purpose("dynamodb.fate").of(id_)),
      lag_(config_.replication_lag, Purpose("dynamodb.lags").of(id_), world_.random),
      nanos_per_byte_(static_cast<double>(config_.time_per_mebibyte.count()) / (1 << 20)) {
  for (const auto& index : config.local_secondary_indexes)
    local_entries_.push_back(index.value.projection == ProjectionType::all ? 0 : kKeysOnlyEntry);
  const auto error = [&](std::string_view name) { return world.errors.intern(name); };
  errors_ = {.provisioned = error("ProvisionedThroughputExceededException"),
             .throttling = error("ThrottlingException"),
             .request_limit = error("RequestLimitExceeded"),
             .condition = error("ConditionalCheckFailedException"),
             .canceled = error("TransactionCanceledException"),
             .conflict = error("TransactionConflictException"),
             .collection = error("ItemCollectionSizeLimitExceededException"),
             .invalid = error("ValidationException"),
             .internal = error("InternalServerError"),
             .unprocessed = error("UnprocessedItems"),
             .replicated_conflict = error("ReplicatedWriteConflictException")};
}

// --- reads -------------------------------------------------------------------------------------------------

Demand Core::read_demand(const Request& request, const ItemKey& item, const ItemState& state,
                         Consistency consistency) {
  return {.position = position_of(item.key, item.sort),
          .key = item.key,
          .access = Access::read,
          .units = read_units(state.bytes, consistency),
          .number = request.number};
}

// One of three replicas answers; the leader has all, each follower gets each write a lag of its own later.
void Core::note_freshness(const ItemState& state, std::uint64_t bits) {
  const Duration age = world.now() - state.committed;
  if (age >= lag_.longest()) return metering.eventual_read({});
  const std::uint64_t follower = (bits & 0xffffffffU) * 3 >> 32;
  if (follower == 0) return metering.eventual_read({});
  Draws draws = world.random.entity(lag_purpose_, follower, state.version);
  metering.eventual_read(age < lag_.at(draws.next_bits()) ? std::max(age, Duration(1)) : Duration{});
}

// --- writes ------------------------------------------------------------------------------------------------

std::int64_t Core::size_after(const Request& request, const Operation& operation, const ItemKey& item,
                              WriteKind kind, std::int64_t before, std::uint32_t index) const {
  if (kind == WriteKind::remove) return 0;
  if (kind == WriteKind::check) return before;
  if (operation.pattern->size) {
    Draws draws = world.random.request(size_purpose_, request.number, 0, index);
    return std::clamp<std::int64_t>(operation.pattern->size->sample(draws).count, 1, kMaxItemBytes);
  }
  const bool one = operation.action == DynamoDbAction::put_item;
  if (one && request.size.count > 0) return std::min(request.size.count, kMaxItemBytes);
  if (kind == WriteKind::update && before > 0) return before;
  return items.initial_bytes(item.key, item.sort);
}

// The table's own write, and those of its local secondary indexes.
CapacityUnits Core::cost_of(const ItemChange& change, bool transactional) const {
  CapacityUnits units = write_units(change.old_bytes, change.new_bytes, transactional);
  for (const std::int64_t entry : local_entries_) {
    const auto entry_of = [&](std::int64_t bytes) { return bytes > 0 && entry > 0 ? entry : bytes; };
    units += local_index_units(entry_of(change.old_bytes), entry_of(change.new_bytes), entry == 0) *
             (transactional ? 2 : 1);
  }
  return units;
}

WritePlan Core::plan(const Request& request, const Operation& operation, const ItemKey& item, WriteKind kind,
                     std::uint32_t index) const {
  const ItemState before = items.find(item.key, item.sort);
  WritePlan plan;
  plan.kind = kind;
  plan.change = {.at = world.now(),
                 .key = item.key,
                 .sort = item.sort,
                 .old_bytes = before.bytes,
                 .new_bytes = size_after(request, operation, item, kind, before.bytes, index),
                 .origin = ChangeOrigin::client,
                 .number = request.number,
                 .before = before.exists() ? before.version : 0,
                 .version = version_ + 1 + index};
  const double failing = operation.pattern->condition.value;
  if (failing > 0 && index == 0) {
    Draws draws = world.random.request(condition_purpose_, request.number, request.attempt);
    plan.holds = draws.next_uniform() >= failing;
  }
  plan.demand = {.position = position_of(item.key, item.sort),
                 .key = item.key,
                 .access = Access::write,
                 .units = cost_of(plan.change, is_transaction(operation.action)),
                 .number = request.number};
  return plan;
}

Refusal Core::judge(const WritePlan& plan) {
  const Admission own = partitions.judge(plan.demand);
  if (!own.admitted()) {
    partitions.refuse(plan.demand, own);
    return {.admission = own, .of_index = false};
  }
  if (indexes == nullptr || !plan.changes()) return {.admission = own, .of_index = false};
  const Admission of_indexes = indexes->judge(plan.change);
  if (of_indexes.admitted()) return {.admission = own, .of_index = false};
  indexes->refuse(plan.change);
  return {.admission = of_indexes, .of_index = true};
}

void Core::take(const WritePlan& plan, const Admission& admission) {
  partitions.take(plan.demand, admission);
  if (indexes != nullptr && plan.changes()) indexes->take(plan.change);
}

bool Core::collection_overflows(const WritePlan& plan) const {
  if (local_entries_.empty() || plan.change.new_bytes <= plan.change.old_bytes) return false;
  const auto entries = [&](std::int64_t bytes, std::int64_t count) {
    std::int64_t sum = bytes;
    for (const std::int64_t entry : local_entries_) sum += entry == 0 ? bytes : entry * count;
    return sum;
  };
  const Collection collection = items.collection(plan.change.key);
  const std::int64_t grown = collection.bytes + plan.change.new_bytes - plan.change.old_bytes;
  return entries(grown, collection.items + (plan.change.inserts() ? 1 : 0)) > kMaxCollectionBytes;
}

void Core::apply(const ItemChange& change) {
  const std::int64_t delta = change.new_bytes - change.old_bytes;
  version_ = std::max(version_, change.version);
  items.put(change);
  if (delta != 0) partitions.add_bytes(position_of(change.key, change.sort), delta);
  const int more = static_cast<int>(change.new_bytes > 0) - static_cast<int>(change.old_bytes > 0);
  if (delta != 0 || more != 0) storage.change(world.now(), delta, more);
  for (ChangeListener* listener : listeners) listener->item_changed(change);
}

void Core::refresh(WritePlan& plan) const {
  const ItemState now = items.find(plan.change.key, plan.change.sort);
  plan.change.old_bytes = now.bytes;
  plan.change.before = now.exists() ? now.version : 0;
  plan.change.version = std::max(plan.change.version, now.version + 1);
}

void Core::commit(const WritePlan& plan) {
  if (!plan.changes()) return;
  ItemChange change = plan.change;
  change.at = world.now();
  apply(change);
}

void Core::commit_anyway(const WritePlan& plan) {
  Draws draws = world.random.request(fate_purpose_, plan.change.number);
  if (draws.next_uniform() >= config.applied_after_error.value) return;
  partitions.take_anyway(plan.demand);
  if (indexes != nullptr && plan.changes()) indexes->take_anyway(plan.change);
  commit(plan);
}

Task<bool> Core::leader_of(Position position) {
  const Time limit = world.now() + config.attempt_limit;
  for (;;) {
    const Time now = world.now();
    const Time ready = partitions.leader_ready(partitions.partition_of(position));
    if (ready <= now) co_return true;
    if (now >= limit) co_return false;
    const WaitStatus status = co_await world.simulation.delay(std::min(ready, limit) - now);
    if (status != WaitStatus::done) co_return false;
  }
}

// --- transactions ------------------------------------------------------------------------------------------

bool Core::in_transaction(const ItemKey& item) const {
  if (held_.empty()) return false;
  const auto place = held_.find(item);
  return place != held_.end() && place->second.transaction;
}

bool Core::being_written(const ItemKey& item) const { return !held_.empty() && held_.contains(item); }

void Core::lock(const ItemKey& item, bool transaction) {
  Held& held = held_[item];
  ++held.writes;
  held.transaction |= transaction;
}

void Core::unlock(const ItemKey& item) {
  const auto place = held_.find(item);
  check(place != held_.end(), "dynamodb", "an item is unlocked twice");
  if (--place->second.writes == 0) held_.erase(place);
}

// --- answers -----------------------------------------------------------------------------------------------

Process Core::answer_later(const Operation& operation, ReplyId reply, Outcome outcome, Response response,
                           Time begun, Duration latency) {
  const WaitStatus status = co_await world.simulation.delay(latency);
  if (status != WaitStatus::done) co_return;
  finish(operation, reply, outcome, response, begun);
}

Process Core::answer_write_later(const Operation& operation, ReplyId reply, ItemKey item, Time begun,
                                 Duration latency) {
  const bool held = has_transactions;
  if (held) lock(item, false);
  const WaitStatus status = co_await world.simulation.delay(latency);
  if (held) unlock(item);
  if (status != WaitStatus::done) co_return;
  finish(operation, reply, Outcome::ok, Response{}, begun);
}

Response Core::failure(Outcome outcome) const {
  Response response;
  response.source = self;
  response.fault = Fault::client;
  switch (outcome) {
    case Outcome::condition_failed:
      response.error = errors_.condition;
      break;
    case Outcome::throttled:  // of a transaction: SDKs do not repeat it
    case Outcome::transaction_canceled:
      response.error = errors_.canceled;
      break;
    case Outcome::conflict:
      response.error = errors_.conflict;
      break;
    case Outcome::collection_full:
      response.error = errors_.collection;
      break;
    case Outcome::no_leader:
      response.fault = Fault::transient;
      response.error = errors_.internal;
      break;
    case Outcome::no_quorum:
      response.fault = Fault::transient;
      response.error = errors_.internal;
      break;
    case Outcome::replicated_conflict:
      response.fault = Fault::transient;
      response.error = errors_.replicated_conflict;
      break;
    case Outcome::unprocessed:
      response.fault = Fault::throttling;
      response.error = errors_.unprocessed;
      break;
    default:
      response.error = errors_.invalid;
      break;
  }
  return response;
}

// A provisioned table says so; on demand it is a ThrottlingException, unless the account's quota for the
// table is exceeded. Sources: API reference, errors of GetItem; Developer Guide, "Diagnosing throttling".
Response Core::throttled(const Admission& admission) const {
  Response response;
  response.source = self;
  response.fault = Fault::throttling;
  const bool provisioned = partitions.settings().mode == BillingMode::provisioned;
  response.error = provisioned ? errors_.provisioned : errors_.throttling;
  if (admission.reason == ThrottlingReason::account_limit_exceeded) response.error = errors_.request_limit;
  return response;
}

}  // namespace nephoscope::dynamodb
