#include "engine/queueing/token_bucket.hpp"

#include <doctest/doctest.h>

#include "engine/base/check.hpp"
#include "tests/engine/queueing/diary.hpp"

using namespace nephoscope;

namespace {

struct BucketWorld {
  Simulation simulation;
  Diary diary{simulation};
};

Process taker(BucketWorld& world, TokenBucket& bucket, int who, std::int64_t n, Patience patience = {}) {
  const WaitStatus status = co_await bucket.take(n, patience);
  world.diary.add(who, status);
}

void run_for(BucketWorld& world, Duration span) { world.simulation.run_until(world.simulation.now() + span); }

}  // namespace

TEST_CASE("token bucket: it starts full unless told otherwise") {
  Simulation simulation;
  TokenBucket full(simulation, {.rate = {1, 1s}, .capacity = 7});
  TokenBucket partly(simulation, {.rate = {1, 1s}, .capacity = 7, .initial = 2});
  CHECK(full.level() == 7);
  CHECK(partly.level() == 2);
}

TEST_CASE("token bucket: it fills at its rate up to its capacity") {
  BucketWorld world;
  TokenBucket bucket(world.simulation, {.rate = {10, 1s}, .capacity = 25, .initial = 0});
  run_for(world, 1s);
  CHECK(bucket.level() == 10);
  run_for(world, 99ms);
  CHECK(bucket.level() == 10);
  run_for(world, 1ms);
  CHECK(bucket.level() == 11);
  run_for(world, 1h);
  CHECK(bucket.level() == 25);
}

TEST_CASE("token bucket: tokens are taken only if there are enough") {
  BucketWorld world;
  TokenBucket bucket(world.simulation, {.rate = {1, 1s}, .capacity = 5});
  CHECK_FALSE(bucket.try_take(6));
  CHECK(bucket.try_take(4));
  CHECK_FALSE(bucket.try_take(2));
  CHECK(bucket.try_take(1));
  CHECK(bucket.try_take(0));
  CHECK(bucket.level() == 0);
}

TEST_CASE("token bucket: nothing drifts in a year of odd rates") {
  BucketWorld world;
  // 7 tokens in 3 s, taken one at a time whenever there is one, for 3 x 10^7 s: 7 x 10^7 tokens.
  // Checked at 1000 instants of 3 x 10^4 s each, which bring 70,000 tokens.
  TokenBucket bucket(world.simulation, {.rate = {7, 3s}, .capacity = 100'000, .initial = 0});
  for (int i = 0; i < 1000; ++i) {
    run_for(world, 1s);
    run_for(world, 29'999s);
    CHECK(bucket.try_take(70'000));
  }
  CHECK(bucket.level() == 0);
  CHECK(bucket.time_until(1) == Duration(428'571'429));  // 3/7 s, rounded up to whole ns
}

TEST_CASE("token bucket: who waits is served first come first, and small requests do not overtake") {
  BucketWorld world;
  TokenBucket bucket(world.simulation, {.rate = {1, 1s}, .capacity = 10, .initial = 1});
  world.simulation.spawn(taker(world, bucket, 1, 5));
  world.simulation.spawn(taker(world, bucket, 2, 1));
  CHECK_FALSE(bucket.try_take(1));  // there is one, but others were first
  run_for(world, 1h);
  // 5 tokens at 4 s, one more at 5 s.
  CHECK(world.diary.take() == "1 done 4, 2 done 5");
}

TEST_CASE("token bucket: those whose tokens are there at one instant go on in order") {
  BucketWorld world;
  TokenBucket bucket(world.simulation, {.rate = {0, 1s}, .capacity = 10, .initial = 0});
  for (int who : {1, 2, 3}) world.simulation.spawn(taker(world, bucket, who, 2));
  run_for(world, 1s);
  bucket.put(5);
  CHECK(world.diary.take() == "");  // nobody runs inside the call
  run_for(world, 1s);
  CHECK(world.diary.take() == "1 done 1, 2 done 1");
  CHECK(bucket.level() == 1);
}

TEST_CASE("token bucket: more than it can hold is rejected at once") {
  BucketWorld world;
  TokenBucket bucket(world.simulation, {.rate = {1, 1s}, .capacity = 5});
  world.simulation.spawn(taker(world, bucket, 1, 6));
  CHECK(world.diary.take() == "1 rejected 0");
  CHECK(bucket.time_until(6) == std::nullopt);
}

TEST_CASE("token bucket: a smaller capacity ends the waits that have become impossible") {
  BucketWorld world;
  TokenBucket bucket(world.simulation, {.rate = {1, 1s}, .capacity = 10, .initial = 0});
  world.simulation.spawn(taker(world, bucket, 1, 2));
  world.simulation.spawn(taker(world, bucket, 2, 8));
  world.simulation.spawn(taker(world, bucket, 3, 3));
  run_for(world, 1s);
  bucket.set_capacity(4);
  run_for(world, 1h);
  CHECK(world.diary.take() == "2 rejected 1, 1 done 2, 3 done 5");
  CHECK(bucket.level() == 4);
}

TEST_CASE("token bucket: a smaller capacity spills what is over it") {
  BucketWorld world;
  TokenBucket bucket(world.simulation, {.rate = {1, 1s}, .capacity = 10});
  bucket.set_capacity(4);
  bucket.set_capacity(10);
  CHECK(bucket.level() == 4);
}

TEST_CASE("token bucket: a change of rate counts from its instant") {
  BucketWorld world;
  TokenBucket bucket(world.simulation, {.rate = {1, 1s}, .capacity = 100, .initial = 0});
  world.simulation.spawn(taker(world, bucket, 1, 20));
  run_for(world, 10s);
  bucket.set_rate({1, 100ms});
  run_for(world, 1h);
  CHECK(world.diary.take() == "1 done 11");  // 10 tokens in 10 s, 10 more in 1 s
}

TEST_CASE("token bucket: a change of the rate's span keeps parts of tokens") {
  BucketWorld world;
  TokenBucket bucket(world.simulation, {.rate = {1, 1s}, .capacity = 100, .initial = 0});
  run_for(world, 500ms);
  bucket.set_rate({1, 3s});
  CHECK(bucket.time_until(1) == Duration(1500ms));
}

TEST_CASE("token bucket: waiters at a zero rate go on when there is a rate again") {
  BucketWorld world;
  TokenBucket bucket(world.simulation, {.rate = {0, 1s}, .capacity = 10, .initial = 0});
  world.simulation.spawn(taker(world, bucket, 1, 3));
  CHECK(bucket.time_until(1) == std::nullopt);
  run_for(world, 10s);
  bucket.set_rate({1, 1s});
  run_for(world, 1h);
  CHECK(world.diary.take() == "1 done 13");
}

TEST_CASE("token bucket: the time until tokens are there counts those who wait before") {
  BucketWorld world;
  TokenBucket bucket(world.simulation, {.rate = {1, 1s}, .capacity = 10, .initial = 2});
  CHECK(bucket.time_until(2) == Duration(0s));
  CHECK(bucket.time_until(3) == Duration(1s));
  world.simulation.spawn(taker(world, bucket, 1, 4));
  CHECK(bucket.time_until(3) == Duration(5s));  // 4 + 3 - 2
}

TEST_CASE("token bucket: debt is paid back before anybody is served") {
  BucketWorld world;
  TokenBucket bucket(world.simulation, {.rate = {1, 1s}, .capacity = 10, .initial = 1});
  world.simulation.spawn(taker(world, bucket, 1, 2));
  bucket.spend(4);
  CHECK(bucket.level() == -3);
  run_for(world, 1500ms);
  CHECK(bucket.level() == -2);  // -1.5, rounded down
  run_for(world, 1h);
  CHECK(world.diary.take() == "1 done 5");
}

TEST_CASE("token bucket: a taker gives up when its patience ends, and the next one is served") {
  BucketWorld world;
  TokenBucket bucket(world.simulation, {.rate = {1, 1s}, .capacity = 10, .initial = 0});
  world.simulation.spawn(taker(world, bucket, 1, 9, 3s));
  world.simulation.spawn(taker(world, bucket, 2, 2));
  world.simulation.spawn(taker(world, bucket, 3, 2));
  run_for(world, 1h);
  CHECK(world.diary.take() == "1 timed_out 3, 2 done 3, 3 done 4");
}

TEST_CASE("token bucket: an interrupted taker leaves the line, and the next one is served") {
  BucketWorld world;
  ProcessGroup group;
  TokenBucket bucket(world.simulation, {.rate = {1, 1s}, .capacity = 10, .initial = 0});
  world.simulation.spawn(taker(world, bucket, 1, 9), &group);
  world.simulation.spawn(taker(world, bucket, 2, 2));
  interrupt_at(world.simulation, Time{} + 1s, group);
  run_for(world, 1h);
  CHECK(world.diary.take() == "1 interrupted 1, 2 done 2");
  CHECK(bucket.waiting() == 0);
}

TEST_CASE("token bucket: interrupt_all() ends every wait and leaves the tokens") {
  BucketWorld world;
  TokenBucket bucket(world.simulation, {.rate = {1, 1s}, .capacity = 10, .initial = 3});
  for (int who : {1, 2}) world.simulation.spawn(taker(world, bucket, who, 5));
  bucket.interrupt_all();
  CHECK(bucket.level() == 3);
  run_for(world, 1s);
  CHECK(world.diary.take() == "1 interrupted 0, 2 interrupted 0");
}

TEST_CASE("token bucket: rates in doubles are exact when whole and within 2^-32 a second else") {
  CHECK(TokenRate(Rate(40'000)).tokens == 40'000);
  CHECK(TokenRate(Rate(40'000)).span == Duration(1s));
  CHECK(TokenRate(Rate(0.25)).tokens == 1);
  CHECK(TokenRate(Rate(0.25)).span == Duration(4s));
  const TokenRate third(Rate(1.0 / 3));
  const double value = static_cast<double>(third.tokens) / to_seconds(third.span);
  CHECK(value == doctest::Approx(1.0 / 3).epsilon(3 * 0x1p-32));
  CHECK_THROWS_AS(TokenRate(Rate(-1)), CheckFailure);
}

TEST_CASE("token bucket: negative amounts and spans of no time are programmer's errors") {
  Simulation simulation;
  TokenBucket bucket(simulation, {.rate = {1, 1s}, .capacity = 5});
  CHECK_THROWS_AS(bucket.try_take(-1), CheckFailure);
  CHECK_THROWS_AS(bucket.put(-1), CheckFailure);
  CHECK_THROWS_AS(bucket.spend(-1), CheckFailure);
  CHECK_THROWS_AS(bucket.set_capacity(-1), CheckFailure);
  CHECK_THROWS_AS(bucket.set_rate({1, 0s}), CheckFailure);
}

TEST_CASE("token bucket: takers may wait when the simulation is cleared") {
  BucketWorld world;
  TokenBucket bucket(world.simulation, {.rate = {1, 1s}, .capacity = 5, .initial = 0});
  world.simulation.spawn(taker(world, bucket, 1, 5, 3s));
  world.simulation.clear();
  CHECK(world.simulation.pending() == 0);
}
