#include <doctest/doctest.h>

#include <map>
#include <string>

#include "models/dynamodb/time_to_live.hpp"
#include "tests/support/read_config.hpp"

namespace nephoscope::dynamodb {
namespace {

// Remembers items, and tells TTL what happens to them.
class Fixture final : private ExpiringItems {
 public:
  explicit Fixture(const std::string& assume)
      : world({.warmup = {}, .duration = 100h, .start_epoch = 0, .windows = {}}, Seed{1}, 0),
        config(read_config<TimeToLiveSpecification>("{enabled: true, assume: {" + assume + "}}")),
        ttl(world, "sessions", config, *this) {}
  ~Fixture() { world.simulation.clear(); }

  void run_to(Duration instant) { world.simulation.run_until(Time{} + instant); }
  void write(std::uint64_t key, std::int64_t bytes, ChangeOrigin origin = ChangeOrigin::client) {
    const std::int64_t before = items[key];
    items[key] = bytes;
    ttl.item_changed({.at = world.now(),
                      .key = key,
                      .sort = 0,
                      .old_bytes = before,
                      .new_bytes = bytes,
                      .origin = origin,
                      .number = mix64(++number_),
                      .before = 0,
                      .version = number_});
  }
  bool audit_holds() const {
    Audit audit;
    ttl.audit(audit);
    return audit.lines().front().ok;
  }

  World world;
  TimeToLiveSpecification config;
  TimeToLive ttl;
  std::map<std::uint64_t, std::int64_t> items;

 private:
  void delete_expired(const ItemId& item) override { write(item.key, 0, ChangeOrigin::time_to_live); }
  std::uint64_t number_ = 0;
};

TEST_CASE("time to live: an item expires, stays readable, and is deleted after the delay") {
  Fixture fixture("ttl: 1h, deletion_delay: 10m");
  fixture.write(7, 100);
  fixture.run_to(59min);
  CHECK(!fixture.ttl.expired({7, 0}));
  fixture.run_to(1h);
  CHECK(fixture.ttl.expired({7, 0}));
  CHECK(fixture.items[7] == 100);
  fixture.run_to(70min - 1ns);
  CHECK(fixture.items[7] == 100);
  fixture.run_to(70min);
  CHECK(fixture.items[7] == 0);
  CHECK(!fixture.ttl.expired({7, 0}));
  CHECK(fixture.ttl.deleted() == 1);
  CHECK(fixture.audit_holds());
}

TEST_CASE("time to live: each write puts the expiry off, and a delete cancels it") {
  Fixture fixture("ttl: 1h, deletion_delay: 0s");
  fixture.write(7, 100);
  fixture.write(8, 100);
  fixture.run_to(30min);
  fixture.write(7, 200);
  fixture.write(8, 0);
  fixture.run_to(89min);
  CHECK(fixture.items[7] == 200);
  CHECK(fixture.ttl.deleted() == 0);
  fixture.run_to(90min);
  CHECK(fixture.items[7] == 0);
  CHECK(fixture.ttl.deleted() == 1);
  CHECK(fixture.audit_holds());
}

TEST_CASE("time to live: the share of reads that returned expired items is counted") {
  Fixture fixture("ttl: 1h, deletion_delay: 1h");
  fixture.write(7, 100);
  for (int minute = 1; minute < 120; ++minute) {
    fixture.run_to(minute * 1min);
    fixture.ttl.count_read({7, 0});
  }
  // Minutes 60 .. 119 of 1 .. 119.
  Report report;
  fixture.ttl.report(report);
  const auto& share =
      std::get<RatioMeasure>(report.find({Scope::resource, "sessions", "reads.expired"})->value);
  CHECK(share.numerator == 60);
  CHECK(share.denominator == 119);
}

TEST_CASE("time to live: a time that passed long ago is ignored, one that passed lately is not") {
  Fixture old("ttl: 0s, already_passed: 43800h, deletion_delay: 0s");  // 5 x 365 days
  old.write(7, 100);
  old.run_to(99h);
  CHECK(old.items[7] == 100);
  Fixture lately("ttl: 0s, already_passed: 43799h, deletion_delay: 1m");
  lately.write(7, 100);
  CHECK(lately.ttl.expired({7, 0}));
  lately.run_to(1min);
  CHECK(lately.items[7] == 0);
}

TEST_CASE("time to live: deletions of one second are one event, and memory is by item, not by write") {
  Fixture fixture("ttl: 1h, deletion_delay: {dist: uniform, low: 0s, high: 1s}");
  for (int round = 0; round < 100; ++round)
    for (std::uint64_t key = 1; key <= 1000; ++key) fixture.write(key, 100);
  const std::uint64_t before = fixture.world.simulation.events();
  fixture.run_to(2h);
  CHECK(fixture.ttl.deleted() == 1000);
  CHECK(fixture.world.simulation.events() - before <= 3);
  CHECK(fixture.ttl.waiting() == 0);
}

TEST_CASE("time to live: what another Region wrote is that Region's to delete") {
  Fixture fixture("ttl: 1h, deletion_delay: 0s");
  fixture.write(7, 100);
  fixture.run_to(10min);
  fixture.write(7, 200, ChangeOrigin::replication);
  fixture.run_to(3h);
  CHECK(fixture.items[7] == 200);
  CHECK(fixture.ttl.deleted() == 0);
}

}  // namespace
}  // namespace nephoscope::dynamodb
