#include "models/network/burst.hpp"

#include <doctest/doctest.h>

using namespace nephoscope;
using namespace nephoscope::network;

namespace {

constexpr Time kStart{};

// 1 GB/s sustained, 5 GB/s for 60 s: a bucket of (5 - 1) x 60 = 240 GB; bursts again from 24 GB.
BurstBucket bucket() {
  BurstBucket made({.baseline = BytesPerSecond(1e9),
                    .burst = BytesPerSecond(5e9),
                    .length = 60s,
                    .resume = Probability(0.1)});
  made.set_up(kStart, true);
  return made;
}

}  // namespace

TEST_CASE("burst: a full bucket lasts its length at full burst") {
  BurstBucket credits = bucket();
  CHECK(credits.allowed() == BytesPerSecond(5e9));
  credits.set_rate(kStart, BytesPerSecond(5e9));
  CHECK(credits.next_change() == kStart + 60s);
  credits.change(kStart + 60s);
  CHECK(credits.allowed() == BytesPerSecond(1e9));
  CHECK(credits.credits() == 0);
}

TEST_CASE("burst: only what is above the baseline costs credits") {
  // 240 GB / (3 - 1) GB/s = 120 s.
  BurstBucket credits = bucket();
  credits.set_rate(kStart, BytesPerSecond(3e9));
  CHECK(credits.next_change() == kStart + 120s);
  credits.set_rate(kStart + 30s, BytesPerSecond(1e9));
  CHECK(credits.next_change() == std::nullopt);
  // 240 - 30 x 2 = 180 GB left.
  CHECK(credits.credits() == doctest::Approx(180e9));
}

TEST_CASE("burst: an empty bucket leaves the baseline until a share of it has been earned") {
  // Nothing flows from 60 s on: 1 GB/s is earned, 24 GB in 24 s.
  BurstBucket credits = bucket();
  credits.set_rate(kStart, BytesPerSecond(5e9));
  credits.change(kStart + 60s);
  credits.set_rate(kStart + 60s, BytesPerSecond(0));
  CHECK(credits.next_change() == kStart + 84s);
  credits.change(kStart + 84s);
  CHECK(credits.allowed() == BytesPerSecond(5e9));
  CHECK(credits.credits() == doctest::Approx(24e9));
}

TEST_CASE("burst: an exhausted instance that goes on at its baseline stays there") {
  BurstBucket credits = bucket();
  credits.set_rate(kStart, BytesPerSecond(5e9));
  credits.change(kStart + 60s);
  credits.set_rate(kStart + 60s, BytesPerSecond(1e9));
  CHECK(credits.next_change() == std::nullopt);
}

TEST_CASE("burst: the bucket is never more than full, and a stopped instance earns nothing") {
  BurstBucket credits = bucket();
  credits.set_rate(kStart + 10min, BytesPerSecond(5e9));
  CHECK(credits.credits() == doctest::Approx(240e9));
  // 4 GB/s for 10 s: 200 GB left. Stopped for an hour, then up again: still 200 GB.
  credits.set_rate(kStart + 10min + 10s, BytesPerSecond(0));
  credits.set_up(kStart + 10min + 10s, false);
  credits.set_up(kStart + 70min + 10s, true);
  CHECK(credits.credits() == doctest::Approx(200e9));
}

TEST_CASE("burst: an instance without burst has its baseline for ever") {
  BurstBucket credits(
      {.baseline = BytesPerSecond(1e9), .burst = BytesPerSecond(1e9), .length = 60s, .resume = {}});
  credits.set_up(kStart, true);
  credits.set_rate(kStart, BytesPerSecond(1e9));
  CHECK_FALSE(credits.can_burst());
  CHECK(credits.next_change() == std::nullopt);
}
