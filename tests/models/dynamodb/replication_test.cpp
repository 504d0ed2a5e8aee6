#include "models/dynamodb/replication_state.hpp"
#include "tests/models/dynamodb/global_table_fixture.hpp"

namespace nephoscope::dynamodb {
namespace {

constexpr ItemId kItem{7, 0};

WriteIndex write(ReplicationState& state, std::size_t at, Duration now, std::int64_t bytes = 1) {
  return state.write(static_cast<ReplicaIndex>(at),
                     {.item = kItem, .bytes = bytes, .number = 1, .now = Time{} + now});
}

// Delivers a write and says what it met.
Meeting deliver(ReplicationState& state, std::size_t to, WriteIndex write) {
  const auto at = static_cast<ReplicaIndex>(to);
  const Meeting meeting = state.meet(at, write);
  state.arrive(at, write, meeting);
  return meeting;
}

TEST_CASE("replication: a write that knew what it replaces succeeds, however its clock goes") {
  ReplicationState state(2);
  const WriteIndex first =
      state.write(kUs, {.item = kItem, .bytes = 1, .number = 1, .now = Time{} + 1s, .clock = 1min});
  CHECK(deliver(state, kEu, first) == Meeting::succeeds);
  const WriteIndex second = write(state, kEu, 2s);  // a minute behind the stamp of what it replaces
  CHECK(state[second].stamp > state[first].stamp);
  CHECK(deliver(state, kUs, second) == Meeting::succeeds);
  CHECK(state.conflicts() == 0);
  CHECK(state.converged(kItem));
}

TEST_CASE("replication: of two writes that did not know each other the newer wins, the other is lost once") {
  ReplicationState state(2);
  const WriteIndex us = write(state, kUs, 1s);
  const WriteIndex eu = write(state, kEu, 2s);
  state.hold(us);
  CHECK(deliver(state, kUs, eu) == Meeting::wins);
  CHECK(deliver(state, kEu, us) == Meeting::loses);
  CHECK(state.lost(kUs) == 1);
  CHECK(state.lost(kEu) == 0);
  CHECK(state.version(kUs, kItem) == eu);
  CHECK(state.converged(kItem));
}

TEST_CASE("replication: equal stamps are decided by Region, everywhere alike") {
  ReplicationState state(2);
  const WriteIndex us = write(state, kUs, 1s);
  const WriteIndex eu = write(state, kEu, 1s);
  state.hold(us);
  CHECK(deliver(state, kUs, eu) == Meeting::wins);
  CHECK(deliver(state, kEu, us) == Meeting::loses);
  CHECK(state.converged(kItem));
}

TEST_CASE("replication: a write that arrives after one that knew it is old news, no conflict") {
  ReplicationState state(3);
  const WriteIndex first = write(state, kUs, 1s);
  state.hold(first);
  deliver(state, kEu, first);
  const WriteIndex second = write(state, kEu, 2s);
  CHECK(deliver(state, kAp, second) == Meeting::succeeds);
  CHECK(deliver(state, kAp, first) == Meeting::known);
  CHECK(deliver(state, kUs, second) == Meeting::succeeds);
  CHECK(state.conflicts() == 0);
  CHECK(state.lost(kUs) == 0);
  CHECK(state.converged(kItem));
}

TEST_CASE("replication: a later write that knew both sides of a conflict loses nothing more") {
  ReplicationState state(2);
  const WriteIndex us = write(state, kUs, 1s);
  const WriteIndex eu = write(state, kEu, 2s);
  state.hold(us);
  deliver(state, kUs, eu);  // the one loss
  deliver(state, kEu, us);
  const WriteIndex after = write(state, kUs, 3s);
  CHECK(deliver(state, kEu, after) == Meeting::succeeds);
  CHECK(state.lost(kUs) + state.lost(kEu) == 1);
}

TEST_CASE("replication: writes that nobody refers to any more are forgotten") {
  ReplicationState state(2);
  for (int i = 1; i <= 1000; ++i) deliver(state, kEu, write(state, kUs, i * 1s));
  // All replicas hold the last one.
  CHECK(state.live_writes() == 1);
  CHECK(state.items() == 1);
}

TEST_CASE("replication: a throttled write is tried again, each time after twice as long") {
  GlobalFixture fixture(global_yaml(kTwo, "cross_region_lag: 1s, clock_skew: 0s, throttled_delay: 100ms"));
  fixture.tables[kEu]->throttles = 2;
  fixture.write_at(1s, kUs, 7, 100);
  // 1 s lag, then 100 ms and 200 ms.
  fixture.run_to(2s + 299ms);
  CHECK(fixture.bytes(kEu, 7) == 0);
  CHECK(fixture.global.backlog() == 1);
  fixture.run_to(2s + 300ms);
  CHECK(fixture.bytes(kEu, 7) == 100);
  CHECK(fixture.global.link(kUs, kEu).throttled() == 2);
  CHECK(fixture.metric("rpo") == doctest::Approx(1.3));
  CHECK(fixture.audits_hold());
}

TEST_CASE("replication: while a Region is cut off its backlog grows, and drains when the network is back") {
  GlobalFixture fixture(global_yaml(kTwo, "cross_region_lag: 500ms, clock_skew: 0s, probe_interval: 1s"));
  fixture.network.one_way = [](auto, auto) { return 40ms; };
  fixture.network.cut = [&](auto, auto) {
    return fixture.world.now() >= Time{} + 10s && fixture.world.now() < Time{} + 70s;
  };
  for (int second = 0; second < 100; ++second) fixture.write_at(second * 1s, kUs, 1 + second, 100);
  // The write at 9 s arrives at 9.54 s; that at 10 s and all that follow wait. At 60 s there are 10 .. 60.
  fixture.run_to(60s);
  CHECK(fixture.global.backlog() == 51);
  CHECK(fixture.global.recovery_point(kUs) == 50s);
  CHECK(fixture.bytes(kEu, 10) == 100);
  CHECK(fixture.bytes(kEu, 11) == 0);
  // Probes go out from 10.5 s on, each second: that at 70.5 s gets through, and 40 ms later all is there.
  fixture.run_to(70s + 539ms);
  CHECK(fixture.bytes(kEu, 11) == 0);
  fixture.run_to(70s + 540ms);
  CHECK(fixture.bytes(kEu, 11) == 100);
  fixture.run_to(2min);
  CHECK(fixture.global.backlog() == 0);
  // 10 .. 70 were on their way at 70.5 s; the oldest, of 10 s, came at 70.54 s.
  CHECK(fixture.metric("PendingReplicationCount.peak") == 61);
  CHECK(fixture.metric("rpo.us-east-1.eu-west-1") == doctest::Approx(60.54));
  CHECK(fixture.metric("writes.lost") == 0);
  CHECK(fixture.audits_hold());
}

TEST_CASE("replication: an audit finds a replica that has not got what it was sent") {
  GlobalFixture fixture(global_yaml(kTwo));
  fixture.tables[kEu]->forgetful = true;
  fixture.write_at(1s, kUs, 7, 100);
  fixture.write_at(10s, kUs, 8, 100);
  // What is under way may differ.
  fixture.run_to(1s);
  CHECK(fixture.audits_hold());
  // The first write has arrived, and is not there; of another item a write is under way.
  fixture.run_to(10s);
  CHECK(fixture.global.backlog() == 1);
  CHECK(!fixture.audits_hold());
}

}  // namespace
}  // namespace nephoscope::dynamodb
