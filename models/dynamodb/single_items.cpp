#include "models/dynamodb/single_items.hpp"

#include "engine/base/check.hpp"

namespace nephoscope::dynamodb {
namespace {

WriteKind kind_of(DynamoDbAction action) {
  if (action == DynamoDbAction::put_item) return WriteKind::put;
  return action == DynamoDbAction::update_item ? WriteKind::update : WriteKind::remove;
}

}  // namespace

// --- reads -------------------------------------------------------------------------------------------------

void SingleItems::get(const Request& request, const Operation& operation, ReplyId reply) {
  get_at(request, operation, core_.operations.item_of(request, operation, 0), reply, core_.world.now());
}

void SingleItems::get_at(const Request& request, const Operation& operation, const ItemKey& item,
                         ReplyId reply, Time begun) {
  const ItemState state = core_.items.find(item.key, item.sort);
  const Demand demand = Core::read_demand(request, item, state, operation.consistency);
  const Admission admission = core_.partitions.judge(demand);
  Draws draws = core_.latency_draws(request);
  const Duration latency = core_.read_latency.at(draws.next_bits());
  if (!admission.admitted()) {
    core_.partitions.refuse(demand, admission);
    core_.note_throttle(Access::read, {.admission = admission});
    return core_.answer(operation, reply, Outcome::throttled, core_.throttled(admission), begun, latency);
  }
  if (operation.consistency == Consistency::strong && !core_.has_leader(admission.partition)) {
    core_.world.simulation.spawn(get_when_ready(request, operation, item, reply));
    return;
  }
  Duration agreement{};
  if (core_.quorum != nullptr && operation.consistency == Consistency::strong) {
    const auto outcome = core_.quorum->read(core_.replica, request.number, request.attempt);
    if (outcome.verdict != RegionQuorum::Verdict::agreed)
      return core_.answer_without_quorum(operation, reply, outcome.verdict, begun, latency);
    agreement = outcome.time;
  }
  core_.partitions.take(demand, admission);
  if (core_.time_to_live != nullptr && state.exists()) core_.time_to_live->count_read({item.key, item.sort});
  if (operation.consistency == Consistency::eventual) core_.note_freshness(state, draws.next_bits());
  Response response;
  response.size = Bytes(state.bytes);
  core_.answer(operation, reply, Outcome::ok, response, begun,
               latency + agreement + core_.time_of(state.bytes));
}

Process SingleItems::get_when_ready(Request request, const Operation& operation, ItemKey item,
                                    ReplyId reply) {
  const Time begun = core_.world.now();
  const bool ready = co_await core_.leader_of(position_of(item.key, item.sort));
  if (ready)
    get_at(request, operation, item, reply, begun);
  else
    core_.finish(operation, reply, Outcome::no_leader, core_.failure(Outcome::no_leader), begun);
}

// --- writes ------------------------------------------------------------------------------------------------

WritePlan SingleItems::plan(const Request& request, const Operation& operation, const ItemKey& item) const {
  return core_.plan(request, operation, item, kind_of(operation.action), 0);
}

void SingleItems::write(const Request& request, const Operation& operation, ReplyId reply) {
  write_at(request, operation, core_.operations.item_of(request, operation, 0), reply, core_.world.now());
}

void SingleItems::write_at(const Request& request, const Operation& operation, const ItemKey& item,
                           ReplyId reply, Time begun) {
  if (!core_.has_leader(core_.partitions.partition_of(position_of(item.key, item.sort)))) {
    core_.world.simulation.spawn(write_when_ready(request, operation, item, reply));
    return;
  }
  const WritePlan plan = this->plan(request, operation, item);
  Draws draws = core_.latency_draws(request);
  const Duration latency = core_.write_latency.at(draws.next_bits()) + core_.time_of(plan.change.new_bytes);
  const auto fail = [&](Outcome outcome, const Response& response) {
    core_.answer(operation, reply, outcome, response, begun, latency);
  };
  if (core_.in_transaction(item)) {
    core_.metering.conflict();
    return fail(Outcome::conflict, core_.failure(Outcome::conflict));
  }
  const Refusal refusal = core_.judge(plan);
  if (!refusal.admitted()) {
    core_.note_throttle(Access::write, refusal);
    return fail(Outcome::throttled, core_.throttled(refusal.admission));
  }
  Duration agreement{};
  if (core_.quorum != nullptr) {
    const auto outcome = core_.quorum->begin_write(core_.replica, {item.key, item.sort}, request.number,
                                                   request.attempt, latency);
    if (outcome.verdict != RegionQuorum::Verdict::agreed)
      return core_.answer_without_quorum(operation, reply, outcome.verdict, begun, latency);
    agreement = outcome.time;
  }
  core_.take(plan, refusal.admission);
  if (!plan.holds) return fail(Outcome::condition_failed, core_.failure(Outcome::condition_failed));
  if (core_.collection_overflows(plan))
    return fail(Outcome::collection_full, core_.failure(Outcome::collection_full));
  core_.commit(plan);
  core_.answer_write(operation, reply, item, begun, latency + agreement);
}

Process SingleItems::write_when_ready(Request request, const Operation& operation, ItemKey item,
                                      ReplyId reply) {
  const Time begun = core_.world.now();
  const bool ready = co_await core_.leader_of(position_of(item.key, item.sort));
  if (ready) {
    write_at(request, operation, item, reply, begun);
  } else {
    core_.commit_anyway(plan(request, operation, item));
    core_.finish(operation, reply, Outcome::no_leader, core_.failure(Outcome::no_leader), begun);
  }
}

}  // namespace nephoscope::dynamodb
