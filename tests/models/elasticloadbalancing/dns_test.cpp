#include "models/elasticloadbalancing/dns.hpp"

#include <doctest/doctest.h>

namespace nephoscope::elasticloadbalancing {
namespace {

// The share of 20,000 clients that go to zone 0.
double share_of_first(const Dns& dns, Time now) {
  int first = 0;
  for (std::uint64_t number = 0; number < 20'000; ++number) {
    Request request;
    request.number = mix64(number);
    first += dns.zone_of(request, now) == 0 ? 1 : 0;
  }
  return first / 20'000.0;
}

TEST_CASE("elb dns: stale resolvers go on to a zone that has left DNS, and stop when they ask again") {
  const RandomSource random(Seed{1}, 0);
  StaleAnswers stale;
  Dns dns(2, random, Purpose("test"), stale);
  stale.add(Time{} + 9min, Probability(0.4));
  CHECK(dns.update({false, true}, Time{} + 10min));
  // 40 % still know both zones, and half of them go to the first.
  CHECK(share_of_first(dns, Time{} + 20min) == doctest::Approx(0.2).epsilon(0.05));
  stale.remove(Time{} + 9min, Probability(0.4));
  CHECK(share_of_first(dns, Time{} + 20min) == 0);
}

TEST_CASE("elb dns: what stale resolvers know is kept however often the answer changes") {
  const RandomSource random(Seed{1}, 0);
  StaleAnswers stale;
  Dns dns(2, random, Purpose("test"), stale);
  stale.add(Time{} + 9min, Probability(1));
  for (int minute = 10; minute < 20; ++minute)
    dns.update({minute % 2 == 1, true}, Time{} + Duration(1min) * minute);
  CHECK(share_of_first(dns, Time{} + 30min) == doctest::Approx(0.5).epsilon(0.03));
}

TEST_CASE("elb dns: of overlapping faults the earlier one keeps the older answers") {
  StaleAnswers stale;
  stale.add(Time{} + 9min, Probability(0.2));
  stale.add(Time{} + 5min, Probability(0.1));
  const Time now = Time{} + 20min;
  CHECK(stale.asks_until(0.05, now) == Time{} + 5min);
  CHECK(stale.asks_until(0.15, now) == Time{} + 9min);
  CHECK(stale.asks_until(0.25, now) == now);
  CHECK(stale.oldest(now) == Time{} + 5min);
}

}  // namespace
}  // namespace nephoscope::elasticloadbalancing
