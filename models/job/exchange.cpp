#include "models/job/exchange.hpp"

#include <algorithm>

#include "models/common/instance_type.hpp"

namespace nephoscope::job {
namespace {

constexpr Duration kCutRetry = 1s;  // how often a round tries again while a path is cut (model)

}  // namespace

void Exchange::gather(const ExchangeConfig& config) {
  lives_.clear();
  pairs_.clear();
  for (std::size_t i = 0; i < workers_.size(); ++i)
    if (workers_[i].alive) lives_.push_back(workers_.life(i));
  const std::size_t count = lives_.size();
  for (std::size_t a = 0; a < count; ++a)
    for (std::size_t b = a + 1; b < count; ++b)
      if (config.neighbours == Neighbours::all || b == a + 1 || (a == 0 && b == count - 1))
        pairs_.push_back({a, b});
}

bool Exchange::all_live() const {
  return std::all_of(lives_.begin(), lives_.end(), [&](Life life) { return workers_.lives(life); });
}

Duration Exchange::computing(const ExchangeConfig& config, std::uint64_t number) const {
  Duration slowest{};
  for (std::size_t i = 0; i < lives_.size(); ++i) {
    Draws draws = world_.random.request(compute_, number, 0, static_cast<std::uint32_t>(i));
    const Duration work = config.compute.sample(draws);
    const double speed = workers_[lives_[i].worker].instance.cpu_speed();
    slowest = std::max(slowest, speed == 1 ? work : from_seconds(to_seconds(work) / speed));
  }
  return slowest;
}

Duration Exchange::messages(std::uint64_t number) const {
  Duration slowest{};
  for (std::uint32_t i = 0; i < pairs_.size(); ++i) {
    const Way way = world_.way(place(pairs_[i].a), place(pairs_[i].b), number, i + 1);
    slowest = std::max({slowest, way.there, way.back});
  }
  return slowest;
}

// All messages of a worker leave through its network card, one after the other.
Duration Exchange::sending(Bytes size) const {
  std::vector<std::int64_t> messages(lives_.size());
  for (const Pair& pair : pairs_) {
    ++messages[pair.a];
    ++messages[pair.b];
  }
  double slowest = 0;
  for (std::size_t i = 0; i < lives_.size(); ++i) {
    const InstanceType* type = find_instance_type(workers_[lives_[i].worker].instance.type());
    if (type == nullptr) continue;
    slowest =
        std::max(slowest, static_cast<double>(size.count * messages[i]) / type->sustained_bandwidth().value);
  }
  return from_seconds(slowest);
}

void Exchange::meter(Bytes size, std::int64_t rounds) const {
  if (world_.network == nullptr || size.count == 0) return;
  for (const Pair& pair : pairs_) {
    world_.network->count(place(pair.a), place(pair.b), size * rounds);
    world_.network->count(place(pair.b), place(pair.a), size * rounds);
  }
}

Task<bool> Exchange::run(const ExchangeConfig& config, std::uint64_t identity) {
  gather(config);
  const Duration sent = sending(config.size);
  std::int64_t round = 0;
  while (round < config.rounds && all_live()) {
    const std::uint64_t number = child_number(identity, 0, static_cast<std::uint32_t>(round));
    const Duration arrived = messages(number);
    const bool cut = arrived == Way::kNever;
    const WaitStatus status =
        co_await world_.simulation.delay(cut ? kCutRetry : computing(config, number) + sent + arrived);
    if (status != WaitStatus::done) co_return false;
    if (cut) continue;
    ++round;
    ++rounds_;
  }
  meter(config.size, round);
  const bool complete = round == config.rounds && all_live();
  co_return complete;
}

}  // namespace nephoscope::job
