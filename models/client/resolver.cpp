#include "models/client/resolver.hpp"

#include <algorithm>

namespace nephoscope::client {

Resolver::Resolver(World& world, const std::string& id, const std::string& target, const DnsName& name,
                   const ResolverConfig& config)
    : world_(world),
      name_(name),
      config_(config),
      purpose_(Purpose("client.resolver").of(id)),
      stale_purpose_(Purpose("client.stale_resolver").of(id)),
      stale_(world.stale_answers[target]) {}

Duration Resolver::age(std::uint64_t number) const {
  Draws draws = world_.random.request(purpose_, number);
  const double kind = draws.next_uniform();
  const double phase = draws.next_uniform();
  if (kind < config_.never_asks_again.value) return Duration::max();
  const bool stale = kind < config_.never_asks_again.value + config_.ignores_ttl.value;
  const Duration kept = stale ? config_.stale_time.sample(draws) : name_.ttl();
  return Duration(static_cast<std::int64_t>(phase * static_cast<double>(kept.count())));
}

// Now, or when a fault began that keeps this call's resolver from asking again.
Time Resolver::asks_until(std::uint64_t number) const {
  if (!stale_.any()) return world_.now();
  Draws draws = world_.random.request(stale_purpose_, number);
  return stale_.asks_until(draws.next_uniform(), world_.now());
}

// Before the first change there is but one answer.
void Resolver::submit(const Request& request, ReplyId reply) {
  const Time now = world_.now();
  if (name_.last_change() == Time{}) return name_.address_at(now).submit(request, reply);
  const Time last = asks_until(request.number);
  const Duration before = std::min(age(request.number), last - Time{});
  name_.address_at(last - before).submit(request, reply);
}

}  // namespace nephoscope::client
