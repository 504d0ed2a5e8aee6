#include "tests/models/store/fixture.hpp"

namespace nephoscope::store {
namespace {

constexpr Duration kDelay = 10min + 30s;

TEST_CASE("store: after a node's loss there is a repair for each of its replicas, and as many bytes") {
  // Each chunk is on all 3 nodes; the fourth comes later, empty.
  Fixture fixture(store_yaml("initial_nodes: 3, data: 100GB, chunks: 100"));
  fixture.fleet.add_up(3);
  fixture.fleet.add_up(1);
  fixture.fleet.terminate(fixture.fleet.all[0]);
  fixture.run_to(2h);
  CHECK(fixture.metric("repairs") == 100);
  CHECK(fixture.metric("repair.bytes") == doctest::Approx(100e9));
  CHECK(fixture.metric("chunks.lost") == 0);
  fixture.check_audits();
}

TEST_CASE("store: a re-replication takes its bytes over the streams' bandwidth") {
  Fixture fixture(store_yaml("initial_nodes: 3, data: 100GB, chunks: 100"));
  fixture.fleet.add_up(4);
  fixture.fleet.terminate(fixture.fleet.all[0]);
  fixture.run_to(2h);
  // Two nodes have the data and send 2 copies at once at 1 GB/s each: 100 GB / 4 GB/s = 25 s after the delay.
  CHECK(fixture.metric("under_replicated.time") == doctest::Approx(to_seconds(kDelay) + 25));
  CHECK(fixture.network.most_flows == 4);
}

TEST_CASE("store: a copy's bandwidth can be limited") {
  Fixture fixture(store_yaml(
      "initial_nodes: 3, data: 10GB, chunks: 10, repair: {delay: 1m, parallelism: 1, bandwidth: 100MB/s}"));
  fixture.fleet.add_up(4);
  fixture.fleet.terminate(fixture.fleet.all[0]);
  fixture.run_to(2h);
  CHECK(fixture.metric("under_replicated.time") ==
        doctest::Approx(60 + 10 * 10 / 2));  // 10 s a chunk, 2 streams
}

TEST_CASE("store: slow disks make copies slow") {
  Fixture fixture(
      "{type: Nephoscope::ReplicatedStore, nodes: fleet, initial_nodes: 3, data: 4GB, chunks: 4, "
      "repair: {delay: 1m, parallelism: 1}, assume: {disk_bandwidth: 500MB/s}}");
  fixture.fleet.add_up(4);
  fixture.fleet.all[3].set_disk_speed(0.25);
  fixture.fleet.terminate(fixture.fleet.all[0]);
  fixture.run_to(2h);
  CHECK(fixture.metric("under_replicated.time") == doctest::Approx(60 + 8 * 4 / 2));  // 1 GB / 125 MB/s = 8 s
}

TEST_CASE("store: a node that is back before the delay costs no repair") {
  Fixture fixture(store_yaml("initial_nodes: 3, data: 100GB, chunks: 100"));
  fixture.fleet.add_up(4);
  fixture.fleet.down(fixture.fleet.all[0]);
  fixture.run_to(10min);
  fixture.fleet.up(fixture.fleet.all[0]);
  fixture.run_to(2h);
  CHECK(fixture.metric("repairs") == 0);
  CHECK(fixture.metric("under_replicated.time") == doctest::Approx(600));
  fixture.check_audits();
}

TEST_CASE("store: a node that comes back during repair ends it for what it has") {
  Fixture fixture(
      store_yaml("initial_nodes: 3, data: 1000GB, chunks: 1000, repair: {delay: 1m, parallelism: 1}"));
  fixture.fleet.add_up(4);
  fixture.fleet.down(fixture.fleet.all[0]);
  fixture.run_to(60s + 10s + 500ms);
  fixture.fleet.up(fixture.fleet.all[0]);
  fixture.run_to(2h);
  // 2 streams of 1 GB/s: 20 chunks done after 10 s, 2 under way that are no longer needed.
  CHECK(fixture.metric("repairs") == 22);
  CHECK(fixture.metric("under_replicated.time") == doctest::Approx(70.5));
  fixture.check_audits();
}

TEST_CASE("store: without room nodes search in vain, and go on when there is some") {
  Fixture fixture(
      store_yaml("initial_nodes: 3, data: 100GB, chunks: 100, node_capacity: 100GB, repair: {delay: 1m, "
                 "parallelism: 1}"));
  fixture.fleet.add_up(3);
  fixture.fleet.terminate(fixture.fleet.all[0]);
  fixture.run_to(60s + 30s);
  CHECK(fixture.metric("repairs") == 0);
  // Two nodes, one search each every 3 s from 60 s to 90 s: at 0, 3, ... 30 s.
  CHECK(fixture.metric("repair.searches_in_vain") == 22);
  fixture.fleet.add_up(1);
  fixture.run_to(2h);
  CHECK(fixture.metric("repairs") == 100);
  CHECK(fixture.metric("chunks.under_replicated") > 0);
  fixture.check_audits();
}

TEST_CASE("store: a target that dies during a copy costs another") {
  Fixture fixture(store_yaml("initial_nodes: 3, data: 1GB, chunks: 1, repair: {delay: 1m}"));
  fixture.fleet.add_up(4);
  fixture.fleet.terminate(fixture.fleet.all[0]);
  fixture.run_to(60s + 500ms);
  fixture.fleet.terminate(fixture.fleet.all[3]);
  fixture.fleet.add_up(1);
  fixture.run_to(2h);
  CHECK(fixture.metric("repairs.failed") == 1);
  CHECK(fixture.metric("repairs") == 1);
  fixture.check_audits();
}

TEST_CASE("store: a source that dies hands its copies to another") {
  Fixture fixture(store_yaml("initial_nodes: 3, data: 100GB, chunks: 100, repair: {delay: 1m}"));
  fixture.fleet.add_up(5);
  fixture.fleet.terminate(fixture.fleet.all[0]);
  fixture.run_to(60s + 500ms);
  fixture.fleet.down(fixture.fleet.all[1]);
  fixture.run_to(2h);
  // 100 for the first node; and 100 for the second, given up after a minute.
  CHECK(fixture.metric("repairs") == 200);
  CHECK(fixture.metric("repairs.failed") == 2);  // that it was sending
  fixture.check_audits();
}

TEST_CASE("store: data are lost with the last disks, not with the last live node") {
  Fixture fixture(store_yaml("initial_nodes: 3, data: 1GB, chunks: 10"));
  fixture.fleet.add_up(3);
  for (auto& node : fixture.fleet.all) fixture.fleet.down(node);
  CHECK(fixture.metric("chunks.lost") == 0);
  CHECK(fixture.metric("chunks.unavailable.peak") == 10);
  fixture.fleet.up(fixture.fleet.all[0]);
  CHECK(fixture.ask("read", 7).ok());
  fixture.fleet.terminate(fixture.fleet.all[0]);
  for (auto& node : fixture.fleet.all) fixture.fleet.tell(node, InstanceEvent::terminated);
  CHECK(fixture.metric("chunks.lost") == 10);
  CHECK(fixture.world.errors.name(fixture.ask("read", 7).error) == "DataLost");
  fixture.check_audits();
}

}  // namespace
}  // namespace nephoscope::store
