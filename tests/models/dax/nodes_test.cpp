// Several nodes: how entries get about, and what happens when one is lost.
#include "tests/models/dax/fixture.hpp"

namespace nephoscope::dax {
namespace {

const char* const kThree = "node_type: dax.r5.large, replication_factor: 3";

}  // namespace

TEST_CASE("dax: a write is on the primary at once, and on replicas after the propagation delay") {
  Fixture fixture(kThree, "propagation_delay: 500ms");
  fixture.table.preset(7);
  fixture.ask("get", 7);
  fixture.send("put", 7);
  fixture.run(1s + 100ms);
  for (int i = 0; i < 300; ++i) fixture.send("get", 7);
  fixture.run(1s + 490ms);
  // Two of three nodes are replicas: 200 of 300 are stale, sigma = sqrt(300 x 2/9) = 8.2.
  const double stale = fixture.metric("reads.stale") * 301;
  CHECK(stale > 200 - 33);
  CHECK(stale < 200 + 33);
  CHECK(fixture.table.requests == 2);
  fixture.run(1s + 501ms);
  for (int i = 0; i < 300; ++i) fixture.send("get", 7);
  fixture.run(2s);
  CHECK(fixture.metric("reads.stale") * 601 == doctest::Approx(stale));
}

TEST_CASE("dax: what a replica fetches is entered on the primary and comes back as to all replicas") {
  Fixture fixture(kThree, "propagation_delay: 500ms");
  fixture.table.preset(7);
  // Each read until the entry has come goes to the table again, those on the primary once.
  for (int i = 0; i < 90; ++i) {
    fixture.send("get", 7);
    fixture.run(std::chrono::milliseconds(i + 1));
  }
  const auto early = fixture.table.requests;
  CHECK(early > 40);
  CHECK(early < 80);
  fixture.run(2s);
  for (int i = 0; i < 90; ++i) fixture.send("get", 7);
  fixture.run(3s);
  CHECK(fixture.table.requests == early);
}

TEST_CASE("dax: entries expire on replicas when they do on the primary") {
  Fixture fixture(std::string(kThree) + ", parameter_group: {item_ttl: 10s}", "propagation_delay: 900ms");
  fixture.table.preset(7);
  fixture.send("put", 7);
  fixture.run(9s + 900ms);
  for (int i = 0; i < 50; ++i) fixture.send("get", 7);
  fixture.run(10s + 10ms);
  CHECK(fixture.table.requests == 1);
  const double misses = fixture.metric("ItemCacheMisses");
  for (int i = 0; i < 50; ++i) fixture.send("get", 7);
  fixture.run(10s + 20ms);
  CHECK(fixture.metric("ItemCacheMisses") == misses + 50);
}

TEST_CASE("dax: a restart sends the whole load to the table, until keys have come one by one") {
  // 1,000 keys, each read once a minute, TTL 5 min: in the steady state one read in six misses.
  Fixture fixture;
  fixture.load(1000.0 / 60, [](Draws& draws) { return draws.next_below(1000); });
  fixture.run(30min);
  const auto misses = [&] { return fixture.metric("ItemCacheMisses"); };
  const double before = misses();
  fixture.run(31min);
  CHECK(misses() - before == doctest::Approx(1000.0 / 6).epsilon(0.25));
  fixture.cluster->reboot_node("cache/node-1");
  fixture.run(32min + 4s);  // restart_time 60 s, and clients hear of it 4 s later
  const double cold = misses();
  // In the minute after it, those keys miss that are read in it: 1000 (1 - 1/e) = 632, sigma 15.
  fixture.run(33min + 4s);
  CHECK(misses() - cold == doctest::Approx(632).epsilon(0.1));
  // And in the next 1000 (1/e - 1/e^2) = 233.
  const double warmer = misses();
  fixture.run(34min + 4s);
  CHECK(misses() - warmer == doctest::Approx(233).epsilon(0.2));
}

TEST_CASE("dax: a lost primary is replaced after the promotion time, and writes fail until clients know") {
  Fixture fixture(kThree, "promotion_time: 10s, restart_time: 60s, client_refresh: 4s");
  CHECK(fixture.cluster->primary() == 0);
  fixture.run(100s);
  fixture.cluster->reboot_node("cache/node-1");
  const auto& reset = fixture.send("put", 7);
  fixture.run(103s);
  CHECK(fixture.error_of(reset.response) == "ConnectionReset");
  fixture.run(105s);
  // Clients know that node 1 is gone, and of no other primary; reads go to the others.
  const auto& refused = fixture.send("put", 7);
  const auto& reads = fixture.send("get", 7);
  fixture.run(106s);
  CHECK(fixture.error_of(refused.response) == "ConnectionRefused");
  CHECK(reads.response.ok());
  fixture.run(110s);
  CHECK(fixture.cluster->primary() == 1);
  CHECK(fixture.logged("cache/node-2 is promoted to primary"));
  CHECK_FALSE(fixture.ask("put", 7).ok());  // at 110 s
  fixture.run(114s);
  CHECK(fixture.ask("put", 7).ok());
  fixture.run(160s);
  CHECK(fixture.cluster->node(0).up);
  CHECK(fixture.cluster->primary() == 1);
  CHECK(fixture.cluster->running_nodes().size() == 3);
}

TEST_CASE("dax: a node that comes back is cold, and what the lost primary had not sent is lost") {
  Fixture fixture(kThree, "propagation_delay: 5s, client_refresh: 0s, promotion_time: 1s");
  fixture.table.preset(7);
  fixture.send("put", 7);
  fixture.run(2s);
  fixture.cluster->reboot_node("cache/node-1");
  fixture.run(20s);
  CHECK(fixture.cluster->node(1).bytes() == 0);
  CHECK(fixture.cluster->node(2).bytes() == 0);
  fixture.ask("get", 7);
  CHECK(fixture.table.requests == 2);
}

TEST_CASE("dax: without replicas the node is its own successor") {
  Fixture fixture("node_type: dax.r5.large", "promotion_time: 1s, restart_time: 60s");
  fixture.cluster->reboot_node("cache/node-1");
  fixture.run(10s);
  CHECK_FALSE(fixture.cluster->primary().has_value());
  CHECK(fixture.ask("get", 7).fault == Fault::transient);
  fixture.run(64s);
  CHECK(fixture.cluster->primary() == 0);
  CHECK(fixture.ask("put", 7).ok());
}

TEST_CASE("dax: requests in a node without power stay unanswered, in one that reboots they are reset") {
  const auto lost_in = [](bool power) {
    Fixture fixture;
    fixture.table.service = 5s;
    const auto& answer = fixture.send("get", 7);
    fixture.run(1s);
    if (power)
      fixture.world.set_zone_power(ZoneId(0), false);
    else
      fixture.cluster->reboot_node("cache/node-1");
    fixture.run(10s);
    return answer;
  };
  CHECK_FALSE(lost_in(true).came);
  CHECK(lost_in(false).response.fault == Fault::transient);
}

TEST_CASE("dax: a zone's power takes its nodes along, and they come back with it") {
  Fixture fixture(kThree, "restart_time: 60s, client_refresh: 4s, promotion_time: 1s");
  fixture.run(10s);
  fixture.world.set_zone_power(ZoneId(1), false);
  CHECK(fixture.cluster->running_nodes() == std::vector<std::string>{"cache/node-1", "cache/node-3"});
  CHECK(fixture.cluster->primary() == 0);
  fixture.run(15s);
  for (int i = 0; i < 100; ++i) fixture.send("get", 7);
  fixture.run(16s);
  CHECK(fixture.metric("throughput") * 16 == doctest::Approx(100));  // clients avoid it
  fixture.world.set_zone_power(ZoneId(1), true);
  fixture.run(75s);
  CHECK(fixture.cluster->running_nodes().size() == 2);
  fixture.run(76s);
  CHECK(fixture.cluster->running_nodes().size() == 3);
}

}  // namespace nephoscope::dax
