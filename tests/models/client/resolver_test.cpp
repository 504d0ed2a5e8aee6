#include "models/client/resolver.hpp"

#include <doctest/doctest.h>

#include <cstdint>

namespace nephoscope::client {
namespace {

struct Counter final : Endpoint {
  void submit(const Request&, ReplyId) override { ++requests; }
  std::uint64_t requests = 0;
};

// A name whose address changes from blue to green at 1 h.
class Name final : public DnsName {
 public:
  Endpoint& address_at(Time asked) const override { return asked < change ? blue : green; }
  Duration ttl() const override { return 60s; }
  Time last_change() const override { return changed ? change : Time{}; }
  static constexpr Time change = Time{} + Duration(1h);
  mutable Counter blue, green;
  bool changed = true;
};

Request request_number(std::uint64_t number) {
  Request request;
  request.number = number;
  return request;
}

// The share of 20,000 calls that still go to the old address `after` the change.
double share_of_old(const ResolverConfig& config, Duration after, bool changed = true) {
  RunWindow run;
  run.duration = 10h;
  World world(run, Seed{1}, 0);
  Name name;
  name.changed = changed;
  Resolver resolver(world, "users", "shop", name, config);
  world.simulation.run_until(Name::change + after);
  for (std::uint64_t number = 0; number < 20'000; ++number)
    resolver.submit(request_number(mix64(number)), ReplyId{});
  CHECK(name.blue.requests + name.green.requests == 20'000);
  return static_cast<double>(name.blue.requests) / 20'000;
}

const ResolverConfig kObedient = {
    .ignores_ttl = Probability(0), .stale_time = {}, .never_asks_again = Probability(0)};

TEST_CASE("resolver: the old address fades linearly over the TTL") {
  // Asked uniformly within 60 s: 15 s after the change three quarters still hold the old answer. Standard
  // error of 20,000: 0.003.
  CHECK(share_of_old(kObedient, 0s) == 1);
  CHECK(share_of_old(kObedient, 15s) == doctest::Approx(0.75).epsilon(0.02));
  CHECK(share_of_old(kObedient, 45s) == doctest::Approx(0.25).epsilon(0.05));
  CHECK(share_of_old(kObedient, 60s) == 0);
}

TEST_CASE("resolver: a fault keeps a share of them from asking again, until it ends") {
  RunWindow run;
  run.duration = 10h;
  World world(run, Seed{1}, 0);
  Name name;
  Resolver resolver(world, "users", "shop", name, kObedient);
  const Time since = Time{} + 30min;
  world.stale_answers["shop"].add(since, Probability(0.3));
  world.simulation.run_until(Name::change + 10min);
  const auto share = [&] {
    name.blue.requests = name.green.requests = 0;
    for (std::uint64_t number = 0; number < 20'000; ++number)
      resolver.submit(request_number(mix64(number)), ReplyId{});
    return static_cast<double>(name.blue.requests) / 20'000;
  };
  CHECK(share() == doctest::Approx(0.3).epsilon(0.03));
  world.stale_answers["shop"].remove(since, Probability(0.3));
  CHECK(share() == 0);
}

TEST_CASE("resolver: some keep an answer longer, and some for ever") {
  const ResolverConfig config = {
      .ignores_ttl = Probability(0.2), .stale_time = Duration(10min), .never_asks_again = Probability(0.05)};
  // After 5 minutes: half of 20 %, and 5 %; after an hour only those.
  CHECK(share_of_old(config, 5min) == doctest::Approx(0.15).epsilon(0.06));
  CHECK(share_of_old(config, 1h) == doctest::Approx(0.05).epsilon(0.1));
}

TEST_CASE("resolver: before any change there is but one address") {
  CHECK(share_of_old(kObedient, 5min, false) == 0);  // what address_at(now) says
}

}  // namespace
}  // namespace nephoscope::client
