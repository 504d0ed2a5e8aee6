#include "models/dynamodb/transactions.hpp"

#include <algorithm>

namespace nephoscope::dynamodb {
namespace {

Demand demand_of(const WritePlan& plan) { return plan.demand; }

}  // namespace

// --- reads -------------------------------------------------------------------------------------------------

Process Transactions::get(Request request, const Operation& operation, ReplyId reply) {
  const Time begun = core_.world.now();
  const std::vector<ItemKey> items = items_of(request, operation);
  const bool led = co_await leaders_of(items);
  if (!led) {
    core_.finish(operation, reply, Outcome::no_leader, core_.failure(Outcome::no_leader), begun);
    co_return;
  }
  Draws draws = core_.latency_draws(request);
  std::int64_t bytes = 0;
  Demands demands;
  for (const ItemKey& item : items) {
    const ItemState state = core_.items.find(item.key, item.sort);
    bytes += state.bytes;
    demands.push_back(Core::read_demand(request, item, state, Consistency::transactional));
  }
  const std::uint32_t conflicting = conflicts(items, false);
  for (std::uint32_t i = 0; i < conflicting; ++i) core_.metering.conflict();
  Outcome outcome = conflicting > 0 ? Outcome::transaction_canceled : Outcome::ok;
  if (bytes > kMaxTransactionBytes) outcome = Outcome::invalid;
  if (outcome == Outcome::ok && !admit(demands, {}).admitted()) outcome = Outcome::throttled;
  const Duration latency = core_.transact_read_latency.at(draws.next_bits()) + core_.time_of(bytes);
  const WaitStatus status = co_await core_.world.simulation.delay(latency);
  if (status != WaitStatus::done) co_return;
  const Response response = outcome == Outcome::ok ? Core::body(bytes) : core_.failure(outcome);
  core_.finish(operation, reply, outcome, response, begun);
}

// --- writes ------------------------------------------------------------------------------------------------

Process Transactions::write(Request request, const Operation& operation, ReplyId reply) {
  const Time begun = core_.world.now();
  core_.has_transactions = true;
  const std::vector<ItemKey> items = items_of(request, operation);
  const bool led = co_await leaders_of(items);
  std::vector<WritePlan> plans = plan(request, operation);
  if (!led) {
    core_.finish(operation, reply, Outcome::no_leader, core_.failure(Outcome::no_leader), begun);
    co_return;
  }
  Draws draws = core_.latency_draws(request);
  const Duration half = core_.transact_write_latency.at(draws.next_bits()) / 2;
  const Outcome outcome = prepare(items, plans);
  if (outcome == Outcome::ok) {
    core_.reserve_versions(plans.size());
    for (const ItemKey& item : items) core_.lock(item, true);
  }
  WaitStatus status = co_await core_.world.simulation.delay(half);
  if (status != WaitStatus::done) co_return;
  if (outcome == Outcome::ok) {
    for (WritePlan& plan : plans) {
      core_.refresh(plan);
      core_.commit(plan);
    }
    status = co_await core_.world.simulation.delay(half);
    if (status != WaitStatus::done) co_return;
    for (const ItemKey& item : items) core_.unlock(item);
  }
  core_.finish(operation, reply, outcome, outcome == Outcome::ok ? Response{} : core_.failure(outcome),
               begun);
}

// Conflicts and throttles take nothing; a condition that does not hold is paid for like any other.
Outcome Transactions::prepare(const std::vector<ItemKey>& items, const std::vector<WritePlan>& plans) {
  const std::uint32_t conflicting = conflicts(items, true);
  for (std::uint32_t i = 0; i < conflicting; ++i) core_.metering.conflict();
  if (conflicting > 0) return Outcome::transaction_canceled;
  std::int64_t bytes = 0;
  Demands demands;
  for (const WritePlan& plan : plans) {
    bytes += plan.change.new_bytes;
    if (core_.collection_overflows(plan)) return Outcome::collection_full;
    demands.push_back(demand_of(plan));
  }
  if (bytes > kMaxTransactionBytes) return Outcome::invalid;
  if (!admit(demands, plans).admitted()) return Outcome::throttled;
  const bool hold = std::all_of(plans.begin(), plans.end(), [](const WritePlan& plan) { return plan.holds; });
  return hold ? Outcome::ok : Outcome::transaction_canceled;
}

// --- parts -------------------------------------------------------------------------------------------------

std::vector<ItemKey> Transactions::items_of(const Request& request, const Operation& operation) const {
  std::vector<ItemKey> items(operation.items);
  core_.operations.items_of(request, operation, items);
  return items;
}

std::vector<WritePlan> Transactions::plan(const Request& request, const Operation& operation) const {
  const std::vector<ItemKey> items = items_of(request, operation);
  std::vector<WritePlan> plans;
  for (std::uint32_t i = 0; i < items.size(); ++i)
    plans.push_back(
        core_.plan(request, operation, items[i], core_.operations.kind_of(request, operation, i), i));
  return plans;
}

std::uint32_t Transactions::conflicts(const std::vector<ItemKey>& items, bool with_writes) const {
  return static_cast<std::uint32_t>(std::count_if(items.begin(), items.end(), [&](const ItemKey& item) {
    return with_writes ? core_.being_written(item) : core_.in_transaction(item);
  }));
}

Task<bool> Transactions::leaders_of(const std::vector<ItemKey>& items) {
  for (const ItemKey& item : items) {
    const Position position = position_of(item.key, item.sort);
    if (core_.has_leader(core_.partitions.partition_of(position))) continue;
    const bool led = co_await core_.leader_of(position);
    if (!led) co_return false;
  }
  co_return true;
}

// --- admission ---------------------------------------------------------------------------------------------

// One demand a partition, so that a partition is asked for all that the transaction wants of it.
Transactions::Demands Transactions::by_partition(const Demands& demands) const {
  Demands merged;
  std::vector<PartitionId> partitions;
  for (const Demand& demand : demands) {
    const PartitionId partition = core_.partitions.partition_of(demand.position);
    const auto place = std::find(partitions.begin(), partitions.end(), partition);
    if (place != partitions.end()) {
      merged[static_cast<std::size_t>(place - partitions.begin())].units += demand.units;
    } else {
      partitions.push_back(partition);
      merged.push_back(demand);
    }
  }
  return merged;
}

// All of it or none.
Admission Transactions::admit(const Demands& demands, const std::vector<WritePlan>& plans) {
  const Demands merged = by_partition(demands);
  for (const Demand& demand : merged) {
    const Admission admission = core_.partitions.judge(demand);
    if (admission.admitted()) continue;
    core_.partitions.refuse(demand, admission);
    core_.note_throttle(demand.access, {.admission = admission});
    return admission;
  }
  const Admission of_indexes = judge_indexes(plans);
  if (of_indexes.admitted()) take(merged, plans);
  return of_indexes;
}

Admission Transactions::judge_indexes(const std::vector<WritePlan>& plans) {
  if (core_.indexes == nullptr) return {};
  for (const WritePlan& plan : plans) {
    if (!plan.changes()) continue;
    const Admission admission = core_.indexes->judge(plan.change);
    if (admission.admitted()) continue;
    core_.indexes->refuse(plan.change);
    return admission;
  }
  return {};
}

// The parts were judged one by one, and together may want more than is there: the rest is taken from what
// will be there soon.
void Transactions::take(const Demands& merged, const std::vector<WritePlan>& plans) {
  for (const Demand& demand : merged) {
    const Admission admission = core_.partitions.judge(demand);
    if (admission.admitted())
      core_.partitions.take(demand, admission);
    else
      core_.partitions.take_anyway(demand);
  }
  if (core_.indexes == nullptr) return;
  for (const WritePlan& plan : plans) {
    if (!plan.changes()) continue;
    if (core_.indexes->judge(plan.change).admitted())
      core_.indexes->take(plan.change);
    else
      core_.indexes->take_anyway(plan.change);
  }
}

}  // namespace nephoscope::dynamodb
