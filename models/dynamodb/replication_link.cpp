#include "models/dynamodb/replication_link.hpp"

#include <algorithm>

namespace nephoscope::dynamodb {

ReplicationLink::ReplicationLink(World& world, const LinkOptions& options,
                                 const ReplicationAssumptions& assumptions, ReplicationState& state,
                                 ReplicationTarget& target)
    : world_(world),
      options_(options),
      assumptions_(assumptions),
      state_(state),
      target_(target),
      lag_(Purpose("dynamodb.replication.lag").of(options.name)),
      lags_(assumptions.cross_region_lag, Purpose("dynamodb.replication.lags").of(options.name),
            world.random) {}

// --- sending -----------------------------------------------------------------------------------------------

Duration ReplicationLink::lag_of(const RegionalWrite& write) const {
  if (!options_.with_lag) return {};
  Draws draws = world_.random.request(lag_, mix64(write.number ^ number_of(write.item)), 0,
                                      write.sequence & RandomSource::kMaxStep);
  return lags_.at(draws.next_bits());
}

Way ReplicationLink::way(const RegionalWrite& write, std::uint32_t attempt) const {
  return world_.way(options_.source, options_.destination, mix64(write.number ^ number_of(write.item)),
                    attempt & RandomSource::kMaxAttempt);
}

void ReplicationLink::send(WriteIndex index) {
  const RegionalWrite& write = state_[index];
  const Way there = way(write, 1);
  const Duration travel = there.there == Way::kNever ? Duration{} : there.there;
  state_.hold(index);
  backlog_.change(world_.now(), +1);
  open_.push_back({.committed = write.committed, .done = false});
  wait({.due = world_.now() + lag_of(write) + travel, .order = sent_++, .write = index, .attempts = 0});
}

void ReplicationLink::wait(const Waiting& waiting) {
  line_.push_back(waiting);
  std::push_heap(line_.begin(), line_.end(), later);
  arm();
}

void ReplicationLink::arm() {
  if (line_.empty() || line_.front().due >= armed_) return;
  world_.simulation.cancel(timer_);
  armed_ = line_.front().due;
  timer_ = world_.simulation.at(
      armed_, [](void* self) { static_cast<ReplicationLink*>(self)->due(); }, this);
}

// --- arriving ----------------------------------------------------------------------------------------------

void ReplicationLink::due() {
  armed_ = Time::max();
  while (!line_.empty() && line_.front().due <= world_.now()) {
    const Waiting waiting = line_.front();
    std::pop_heap(line_.begin(), line_.end(), later);
    line_.pop_back();
    arrive(waiting);
  }
  arm();
}

void ReplicationLink::arrive(Waiting waiting) {
  const bool cut = way(state_[waiting.write], 1).there == Way::kNever;
  if (cut) return hold_back(waiting);
  if (target_.deliver(options_.to, waiting.write)) return finish(waiting);
  ++throttled_;
  const Duration backoff = assumptions_.throttled_delay * (1LL << std::min(waiting.attempts, 6U));
  ++waiting.attempts;
  waiting.due = world_.now() + backoff;
  wait(waiting);
}

void ReplicationLink::finish(const Waiting& waiting) {
  const Time now = world_.now();
  const Duration took = now - state_[waiting.write].committed;
  longest_ = std::max(longest_, took);
  latency_.add(took);
  recent_ += StatisticSet::of(to_seconds(took) * 1000);
  ++delivered_;
  backlog_.change(now, -1);
  open_[waiting.order - first_open_].done = true;
  while (!open_.empty() && open_.front().done) {
    open_.pop_front();
    ++first_open_;
  }
  state_.release(waiting.write);
}

// --- a network that is cut ---------------------------------------------------------------------------------

void ReplicationLink::hold_back(const Waiting& waiting) {
  held_.push_back(waiting);
  if (probing_) return;
  probing_ = true;
  world_.simulation.after(
      assumptions_.probe_interval, [](void* self) { static_cast<ReplicationLink*>(self)->probe(); }, this);
}

// All that have waited set out together once the network lets them.
void ReplicationLink::probe() {
  probing_ = false;
  const Way open = way(state_[held_.front().write], 2 + probes_++);
  std::deque<Waiting> all = std::exchange(held_, {});
  for (Waiting& waiting : all) {
    if (open.there == Way::kNever) {
      hold_back(waiting);
      continue;
    }
    waiting.due = world_.now() + open.there;
    wait(waiting);
  }
}

// --- results -----------------------------------------------------------------------------------------------

Time ReplicationLink::oldest() const { return open_.empty() ? world_.now() : open_.front().committed; }

Duration ReplicationLink::longest_wait() const { return std::max(longest_, world_.now() - oldest()); }

void ReplicationLink::begin_measurement() {
  backlog_.reset(world_.now());
  longest_ = {};
  latency_ = QuantileSketch();
}

}  // namespace nephoscope::dynamodb
