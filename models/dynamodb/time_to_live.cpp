#include "models/dynamodb/time_to_live.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nephoscope::dynamodb {

TimeToLive::TimeToLive(World& world, std::string table, const TimeToLiveSpecification& specification,
                       ExpiringItems& items)
    : world_(world),
      table_(std::move(table)),
      config_(specification),
      items_(items),
      ttl_(Purpose("dynamodb.ttl").of(table_)),
      passed_(Purpose("dynamodb.ttl.passed").of(table_)),
      delay_(Purpose("dynamodb.ttl.delay").of(table_)) {}

// --- expiry ------------------------------------------------------------------------------------------------

// A replicated write's time of expiry is watched where it was written.
void TimeToLive::item_changed(const ItemChange& change) {
  if (!config_.enabled) return;
  if (change.new_bytes == 0 || change.origin != ChangeOrigin::client)
    return unmark({change.key, change.sort});
  mark(change);
}

void TimeToLive::mark(const ItemChange& change) {
  const ItemId item{change.key, change.sort};
  Draws ttl = world_.random.request(ttl_, change.number);
  Draws passed = world_.random.request(passed_, change.number);
  Draws delay = world_.random.request(delay_, change.number);
  const Duration ahead = config_.ttl.sample(ttl) - config_.already_passed.sample(passed);
  if (ahead <= -kOldest) return unmark(item);
  Mark& mark = marks_[item];
  counts_.superseded += mark.live ? 1 : 0;
  ++counts_.marked;
  mark.live = true;
  mark.expires = change.at + ahead;
  mark.deletes = std::max(mark.expires, change.at) + config_.deletion_delay.sample(delay);
  if (!mark.queued) queue(item, mark);
}

void TimeToLive::unmark(const ItemId& item) {
  Mark* const mark = marks_.find(item);
  if (mark == nullptr || !mark->live) return;
  mark->live = false;
  ++counts_.superseded;
}

bool TimeToLive::expired(const ItemId& item) const {
  const Mark* mark = marks_.find(item);
  return mark != nullptr && mark->live && mark->expires <= world_.now();
}

void TimeToLive::count_read(const ItemId& item) {
  ++counts_.reads;
  if (expired(item)) ++counts_.expired_reads;
}

// --- deletion ----------------------------------------------------------------------------------------------

void TimeToLive::queue(const ItemId& item, Mark& mark) {
  const Duration past = (mark.deletes - Time{}) % kSweep;
  line_.push_back({past == Duration{} ? mark.deletes : mark.deletes + (kSweep - past), item});
  std::push_heap(line_.begin(), line_.end(), later);
  mark.queued = true;
  arm();
}

void TimeToLive::arm() {
  if (line_.empty() || line_.front().at >= armed_) return;
  world_.simulation.cancel(timer_);
  armed_ = std::max(line_.front().at, world_.now());
  timer_ = world_.simulation.at(
      armed_, [](void* self) { static_cast<TimeToLive*>(self)->sweep(); }, this);
}

// An item that was written again meanwhile has a later time, and gets a new place in the line.
void TimeToLive::sweep() {
  armed_ = Time::max();
  while (!line_.empty() && line_.front().at <= world_.now()) {
    const ItemId item = line_.front().item;
    std::pop_heap(line_.begin(), line_.end(), later);
    line_.pop_back();
    Mark* const mark = marks_.find(item);
    if (mark->live && mark->deletes > world_.now()) {
      queue(item, *mark);
      continue;
    }
    const bool live = mark->live;
    marks_.erase(item);
    if (live) remove(item);
  }
  arm();
}

void TimeToLive::remove(const ItemId& item) {
  ++counts_.deleted;
  items_.delete_expired(item);
}

// --- results -----------------------------------------------------------------------------------------------

void TimeToLive::connect(CloudWatch& cloudwatch) {
  cloudwatch_ = &cloudwatch;
  metric_ = cloudwatch.metric({"AWS/DynamoDB", "TimeToLiveDeletedItemCount", {{"TableName", table_}}});
}

void TimeToLive::publish(Time from) {
  if (counts_.deleted == published_) return;
  cloudwatch_->put(metric_, from, StatisticSet::of(static_cast<double>(counts_.deleted - published_)));
  published_ = counts_.deleted;
}

void TimeToLive::report(Report& report) const {
  const auto key = [&](const char* name) { return MetricKey{Scope::resource, table_, name}; };
  report.ratio(key("TimeToLiveDeletedItemCount"), "1", static_cast<double>(counts_.deleted - before_.deleted),
               1);
  report.ratio(key("reads.expired"), "1", static_cast<double>(counts_.expired_reads - before_.expired_reads),
               static_cast<double>(counts_.reads - before_.reads));
}

void TimeToLive::audit(Audit& audit) const {
  std::uint64_t live = 0;
  marks_.each([&](const ItemId&, const Mark& mark) { live += mark.live ? 1U : 0U; });
  audit.add("time to live: resources." + table_, waiting() == live,
            fmt::format("{} times of expiry = {} superseded + {} deleted + {} waiting", counts_.marked,
                        counts_.superseded, counts_.deleted, live));
}

}  // namespace nephoscope::dynamodb
