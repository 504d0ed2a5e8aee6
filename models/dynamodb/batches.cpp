#include "models/dynamodb/batches.hpp"

#include <algorithm>
#include <span>

namespace nephoscope::dynamodb {

Duration continuation_delay(const TableConfig& config, std::int64_t repetition) {
  constexpr Duration longest = 20s;
  Duration delay = config.continuation_delay;
  for (std::int64_t i = 1; i < repetition && delay < longest; ++i) delay *= 2;
  return std::min(delay, longest);
}

Process Batches::serve(Request request, const Operation& operation, ReplyId reply) {
  const Time begun = core_.world.now();
  Open open = this->open(request, operation);
  std::int64_t bytes = 0;
  for (std::uint32_t repetition = 1;; ++repetition) {
    const Round round = attempt(request, operation, open, repetition);
    bytes += round.bytes;
    WaitStatus status = co_await core_.world.simulation.delay(round.longest);
    if (status != WaitStatus::done) co_return;
    if (open.count == 0) {
      core_.finish(operation, reply, Outcome::ok, Core::body(bytes), begun);
      co_return;
    }
    const bool refused = !round.refusal.admitted();
    if (repetition == 1 && round.done == 0 && refused) {
      core_.finish(operation, reply, Outcome::throttled, core_.throttled(round.refusal), begun);
      co_return;
    }
    if (repetition >= core_.config.continuation_attempts) {
      core_.finish(operation, reply, Outcome::unprocessed, core_.failure(Outcome::unprocessed), begun);
      co_return;
    }
    status = co_await core_.world.simulation.delay(continuation_delay(core_.config, repetition));
    if (status != WaitStatus::done) co_return;
  }
}

Batches::Open Batches::open(const Request& request, const Operation& operation) const {
  Open open{};
  open.count = operation.items;
  core_.operations.items_of(request, operation, std::span(open.items).first(open.count));
  for (std::uint32_t i = 0; i < open.count; ++i) open.numbers[i] = static_cast<std::uint8_t>(i);
  return open;
}

// Done items leave `open`, the others keep their order. The slowest item decides how long it takes.
Batches::Round Batches::attempt(const Request& request, const Operation& operation, Open& open,
                                std::uint32_t repetition) {
  const bool writes = is_write(operation.action);
  Round round;
  Draws draws = core_.latency_draws(request, repetition);
  std::uint32_t left = 0;
  for (std::uint32_t i = 0; i < open.count; ++i) {
    const QuantileTable& latency = writes ? core_.write_latency : core_.read_latency;
    round.longest = std::max(round.longest, latency.at(draws.next_bits()));
    const ItemKey item = open.items[i];
    const std::uint8_t number = open.numbers[i];
    if (writes ? write(request, operation, item, number, round)
               : get(request, operation, item, draws, round)) {
      ++round.done;
      continue;
    }
    open.items[left] = item;
    open.numbers[left++] = number;
  }
  open.count = left;
  round.longest += core_.time_of(round.bytes) + round.agreement;
  return round;
}

// Without a leader, or past 16 MB, an item stays unprocessed without having been throttled.
bool Batches::get(const Request& request, const Operation& operation, const ItemKey& item, Draws& draws,
                  Round& round) {
  const ItemState state = core_.items.find(item.key, item.sort);
  if (round.bytes + state.bytes > kMaxBatchBytes) return false;
  const Demand demand = Core::read_demand(request, item, state, operation.consistency);
  const Admission admission = core_.partitions.judge(demand);
  if (!admission.admitted()) {
    core_.partitions.refuse(demand, admission);
    core_.note_throttle(Access::read, {.admission = admission});
    round.refusal = admission;
    return false;
  }
  if (operation.consistency == Consistency::strong && !core_.has_leader(admission.partition)) return false;
  if (core_.quorum != nullptr && operation.consistency == Consistency::strong) {
    const auto agreed = core_.quorum->read(core_.replica, request.number, request.attempt);
    if (agreed.verdict != RegionQuorum::Verdict::agreed) return false;
    round.agreement = std::max(round.agreement, agreed.time);
  }
  core_.partitions.take(demand, admission);
  if (core_.time_to_live != nullptr && state.exists()) core_.time_to_live->count_read({item.key, item.sort});
  if (operation.consistency == Consistency::eventual) core_.note_freshness(state, draws.next_bits());
  round.bytes += state.bytes;
  return true;
}

bool Batches::write(const Request& request, const Operation& operation, const ItemKey& item,
                    std::uint32_t number, Round& round) {
  if (core_.in_transaction(item)) {
    core_.metering.conflict();
    return false;
  }
  if (!core_.has_leader(core_.partitions.partition_of(position_of(item.key, item.sort)))) return false;
  const WritePlan plan =
      core_.plan(request, operation, item, core_.operations.kind_of(request, operation, number), number);
  const Refusal refusal = core_.judge(plan);
  if (!refusal.admitted()) {
    core_.note_throttle(Access::write, refusal);
    round.refusal = refusal.admission;
    return false;
  }
  if (core_.quorum != nullptr) {
    const auto agreed = core_.quorum->begin_write(core_.replica, {item.key, item.sort}, request.number,
                                                  request.attempt, round.longest);
    if (agreed.verdict != RegionQuorum::Verdict::agreed) return false;
    round.agreement = std::max(round.agreement, agreed.time);
  }
  core_.take(plan, refusal.admission);
  core_.commit(plan);
  return true;
}

}  // namespace nephoscope::dynamodb
