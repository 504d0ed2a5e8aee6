// What a table does without a client: writes of other Regions, and items that have expired.
#include "models/dynamodb/replica.hpp"

#include "models/dynamodb/table.hpp"

namespace nephoscope::dynamodb {

WritePlan Core::plan_of_own(const ItemId& item, std::int64_t bytes, ChangeOrigin origin,
                            std::uint64_t number) const {
  const ItemState before = items.find(item.key, item.sort);
  WritePlan plan;
  plan.kind = bytes == 0 ? WriteKind::remove : WriteKind::put;
  plan.change = {.at = world.now(),
                 .key = item.key,
                 .sort = item.sort,
                 .old_bytes = before.bytes,
                 .new_bytes = bytes,
                 .origin = origin,
                 .number = number,
                 .before = before.exists() ? before.version : 0,
                 .version = version_ + 1};
  plan.demand = {.position = position_of(item.key, item.sort),
                 .key = item.key,
                 .access = Access::write,
                 .units = cost_of(plan.change, false),
                 .number = number};
  return plan;
}

// One that has lost pays like a write whose condition does not hold, and leaves the indexes alone.
bool Core::replicate(const ReplicatedWrite& write) {
  WritePlan plan = plan_of_own(write.item, write.bytes, ChangeOrigin::replication, write.number);
  plan.holds = write.wins;
  if (write.forced) {
    partitions.take_anyway(plan.demand);
    if (indexes != nullptr && plan.changes()) indexes->take_anyway(plan.change);
  } else {
    if (!has_leader(partitions.partition_of(plan.demand.position))) return false;
    const Refusal refusal = judge(plan);
    if (!refusal.admitted()) return note_throttle(Access::write, refusal), false;
    take(plan, refusal.admission);
  }
  commit(plan);
  return true;
}

void Core::delete_expired(const ItemId& item) {
  const WritePlan plan =
      plan_of_own(item, 0, ChangeOrigin::time_to_live, mix64(number_of(item) ^ (version_ + 1)));
  if (!plan.changes()) return;
  if (indexes != nullptr) indexes->take_free(plan.change);
  commit(plan);
}

// Retries within the service end with its limit for an attempt.
void Core::answer_without_quorum(const Operation& operation, ReplyId reply, RegionQuorum::Verdict verdict,
                                 Time begun, Duration latency) {
  const bool conflict = verdict == RegionQuorum::Verdict::conflict;
  const Outcome outcome = conflict ? Outcome::replicated_conflict : Outcome::no_quorum;
  answer(operation, reply, outcome, failure(outcome), begun, conflict ? latency : config.attempt_limit);
}

// --- the table ---------------------------------------------------------------------------------------------

void Table::agree_with(RegionQuorum& quorum, std::uint32_t index) {
  core_.quorum = &quorum;
  core_.replica = index;
}

std::int64_t Table::bytes_of(const ItemId& item) const { return core_.items.find(item.key, item.sort).bytes; }

void Table::make_followers() {
  if (!config_.global_secondary_indexes.empty()) {
    indexes_.emplace(world_, core_.id, config_, core_.items, &core_.quota, updates_);
    core_.indexes = &*indexes_;
  }
  if (config_.stream_specification) {
    stream_.emplace(world_, core_.id, *config_.stream_specification, core_.partitions);
    core_.listeners.push_back(&*stream_);
  }
  if (config_.time_to_live_specification) {
    time_to_live_.emplace(world_, core_.id, *config_.time_to_live_specification,
                          static_cast<ExpiringItems&>(*this));
    core_.time_to_live = &*time_to_live_;
    core_.listeners.push_back(&*time_to_live_);
  }
}

void Table::connect_followers(CloudWatch& cloudwatch) {
  if (indexes_) indexes_->connect(cloudwatch);
  if (time_to_live_) time_to_live_->connect(cloudwatch);
  follower_metrics_ = indexes_ || time_to_live_;
}

void Table::start_followers() {
  if (indexes_) indexes_->start();
  if (follower_metrics_) world_.simulation.spawn(publish_followers());
}

void Table::begin_followers() {
  if (indexes_) indexes_->begin_measurement();
  if (stream_) stream_->begin_measurement();
  if (time_to_live_) time_to_live_->begin_measurement();
}

Process Table::publish_followers() {
  for (std::int64_t minute = 1;; ++minute) {
    const WaitStatus status = co_await world_.simulation.delay(60s);
    if (status != WaitStatus::done) co_return;
    const Time from = world_.now() - 60s;
    if (indexes_) indexes_->publish(from, minute % 5 == 1);
    if (time_to_live_) time_to_live_->publish(from);
  }
}

void Table::report_followers(Report& report) const {
  if (indexes_) indexes_->report(report);
  if (stream_) stream_->report(report);
  if (time_to_live_) time_to_live_->report(report);
}

void Table::audit_followers(Audit& audit) const {
  if (indexes_) indexes_->audit(audit);
  if (stream_) stream_->audit(audit);
  if (time_to_live_) time_to_live_->audit(audit);
}

}  // namespace nephoscope::dynamodb
