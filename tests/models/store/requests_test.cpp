#include "tests/models/store/fixture.hpp"

namespace nephoscope::store {
namespace {

const std::string kThree = "initial_nodes: 3, data: 1GB, chunks: 10";

TEST_CASE("store: before its data is laid out it answers Unavailable") {
  Fixture fixture(store_yaml(kThree));
  fixture.fleet.add_up(2);
  CHECK(fixture.world.errors.name(fixture.ask("read", 7).error) == "Unavailable");
  fixture.fleet.add_up(1);
  CHECK(fixture.ask("read", 7).ok());
}

TEST_CASE("store: reads need one live replica, writes a majority") {
  Fixture fixture(store_yaml(kThree));
  fixture.fleet.add_up(3);
  fixture.fleet.down(fixture.fleet.all[0]);
  CHECK(fixture.ask("write", 7).ok());
  fixture.fleet.down(fixture.fleet.all[1]);
  CHECK(fixture.world.errors.name(fixture.ask("write", 7).error) == "Unavailable");
  CHECK(fixture.ask("read", 7).ok());
  fixture.check_audits();
}

TEST_CASE("store: a read goes to the nearest live replica") {
  Fixture fixture(store_yaml(kThree));
  fixture.fleet.add_up(3);
  fixture.network.latency = [](PlaceId, PlaceId to) { return Duration(1ms) * (1 + to.value); };
  CHECK(fixture.ask("read", 7, PlaceId(100)).ok());
  CHECK(fixture.asked_seconds == doctest::Approx(0.002));  // there and back to node 0
  fixture.fleet.down(fixture.fleet.all[0]);
  CHECK(fixture.ask("read", 7, PlaceId(100)).ok());
  CHECK(fixture.asked_seconds == doctest::Approx(0.004));
}

TEST_CASE("store: a write waits for its quorum, not for the slowest") {
  Fixture fixture(store_yaml(kThree));
  fixture.fleet.add_up(3);
  fixture.network.latency = [](PlaceId, PlaceId to) { return Duration(1ms) * (1 + to.value); };
  CHECK(fixture.ask("write", 7, PlaceId(100)).ok());
  CHECK(fixture.asked_seconds == doctest::Approx(0.004));  // the second of three
}

TEST_CASE("store: an operation takes the disk's time, its size and the network card's") {
  Fixture fixture("{type: Nephoscope::ReplicatedStore, nodes: fleet, " + kThree +
                  ", assume: {item_size: 100KB, disk_time: 2ms, disk_bandwidth: 100MB/s}}");
  fixture.fleet.add_up(3);
  CHECK(fixture.ask("read", 7).ok());
  // 2 ms + 100 KB / 100 MB/s + 100 KB / 0.781 Gbps
  CHECK(fixture.asked_seconds == doctest::Approx(0.002 + 0.001 + 8e5 / 0.781e9).epsilon(1e-6));
}

TEST_CASE("store: a slow disk takes longer, a stopped one until it works again") {
  Fixture fixture(
      "{type: Nephoscope::ReplicatedStore, nodes: fleet, initial_nodes: 1, replication_factor: 1, "
      "data: 1GB, chunks: 10, assume: {item_size: 0B, disk_time: 2ms}}");
  fixture.fleet.add_up(1);
  fixture.fleet.all[0].set_disk_speed(0.1);
  CHECK(fixture.ask("read", 7).ok());
  CHECK(fixture.asked_seconds == doctest::Approx(0.02));
  fixture.fleet.all[0].set_disk_speed(0);
  const Response stopped = fixture.ask("read", 7);
  CHECK(fixture.world.errors.name(stopped.error) == "ReplicaTimeout");
  CHECK(fixture.asked_seconds == doctest::Approx(5));
}

TEST_CASE("store: a large item is a flow") {
  Fixture fixture(store_yaml(kThree, "bulk_from: 1MB"));
  fixture.config.item_size = Bytes(500'000'000);
  fixture.fleet.add_up(3);
  CHECK(fixture.ask("read", 7, PlaceId(100)).ok());
  CHECK(fixture.network.flows == 1);
  CHECK(fixture.asked_seconds == doctest::Approx(0.5005));  // at 1 GB/s, and off the disk at 1000 GB/s
}

TEST_CASE("store: a copy in progress leaves less of the network card and of the disks") {
  Fixture fixture(
      "{type: Nephoscope::ReplicatedStore, nodes: fleet, initial_nodes: 2, replication_factor: 2, "
      "data: 1000GB, chunks: 1, repair: {delay: 1s}, "
      "assume: {item_size: 100KB, disk_time: 10ms, disk_bandwidth: 1000GB/s, disk_operations: 2}}");
  fixture.fleet.add_up(3);
  fixture.fleet.terminate(fixture.fleet.all[0]);
  fixture.run_to(2s);
  CHECK(fixture.ask("read", 7).ok());
  // 10 ms and twice the time on the card: one copy leaves it.
  CHECK(fixture.asked_seconds == doctest::Approx(0.01 + 2 * 8e5 / 0.781e9).epsilon(1e-4));
}

TEST_CASE("store: requests in progress on a node that dies are given up after the time-out") {
  Fixture fixture(
      "{type: Nephoscope::ReplicatedStore, nodes: fleet, initial_nodes: 1, replication_factor: 1, "
      "data: 1GB, chunks: 1, assume: {disk_time: 2s, timeout: 4s}}");
  fixture.fleet.add_up(1);
  fixture.world.simulation.after(
      1s,
      [](void* self) {
        auto& own = *static_cast<Fixture*>(self);
        own.fleet.down(own.fleet.all[0]);
      },
      &fixture);
  CHECK(fixture.world.errors.name(fixture.ask("read", 7).error) == "ReplicaTimeout");
  CHECK(fixture.asked_seconds == doctest::Approx(4));
  fixture.check_audits();
}

}  // namespace
}  // namespace nephoscope::store
