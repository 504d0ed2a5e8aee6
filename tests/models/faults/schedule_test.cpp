// When faults begin and end, and how they overlap.
#include <algorithm>

#include "tests/models/faults/fakes.hpp"

namespace nephoscope::faults {
namespace {

const std::string kRack = "action: sim:rack-power-loss, zone: us-east-1a, rack: 0";

TEST_CASE("faults: a rack that two faults hold dark is dark until both have ended") {
  Fixture fixture({"{at: 1m, duration: 3m, " + kRack + "}", "{at: 2m, duration: 5m, " + kRack + "}"});
  CHECK(fixture.run() == "60 rack 0.0 off; 420 rack 0.0 on; ");
}

TEST_CASE("faults: of two gray failures on an instance the worse one decides") {
  Fixture fixture({"{at: 1m, duration: 4m, action: sim:gray-failure, target: web, speed: 50%}",
                   "{at: 2m, duration: 1m, action: sim:gray-failure, target: web, speed: 20%}"});
  fixture.ec2().add();
  CHECK(fixture.run() == "60 web/i-0 cpu 0.5; 120 web/i-0 cpu 0.2; 180 web/i-0 cpu 0.5; 300 web/i-0 cpu 1; ");
}

TEST_CASE("faults: an instance that is stopped already is not stopped again") {
  Fixture fixture({"{at: 1m, duration: 5m, action: aws:ec2:stop-instances, target: web}",
                   "{at: 2m, duration: 9m, action: aws:ec2:stop-instances, target: web}"});
  fixture.ec2().add();
  CHECK(fixture.run() == "60 web/i-0 stop; 360 web/i-0 start; ");
}

TEST_CASE("faults: a fault begins when the one that it follows has ended") {
  Fixture fixture({"{start_after: b, duration: 1m, " + kRack + "}",
                   "{at: 1m, duration: 2m, action: sim:az-power-loss, zone: us-east-1b}"});
  CHECK(fixture.run() == "60 power off 1; 180 power on 1; 180 rack 0.0 off; 240 rack 0.0 on; ");
}

TEST_CASE("faults: a fault repeats at regular times, so often") {
  Fixture fixture({"{at: 1m, duration: 30s, repeat: {every: 2m, times: 3}, " + kRack + "}"});
  CHECK(fixture.run() ==
        "60 rack 0.0 off; 90 rack 0.0 on; 180 rack 0.0 off; 210 rack 0.0 on; 300 rack 0.0 off; 330 rack 0.0 "
        "on; ");
}

TEST_CASE("faults: repetitions that overlap keep a rack dark, and without a number they go on") {
  Fixture fixture({"{at: 1m, duration: 90s, repeat: {every: 1m}, " + kRack + "}"});
  CHECK(fixture.run() == "60 rack 0.0 off; ");
}

TEST_CASE("faults: at random, times of work and of repair alternate") {
  Fixture fixture({"{time_between: 10m, duration: 5m, " + kRack + "}"});
  // off at 10, 25, 40, 55 min; on 5 min later; the run ends at 60 min
  CHECK(fixture.run() ==
        "600 rack 0.0 off; 900 rack 0.0 on; 1500 rack 0.0 off; 1800 rack 0.0 on; 2400 rack 0.0 off; 2700 "
        "rack 0.0 on; 3300 rack 0.0 off; 3600 rack 0.0 on; ");
}

TEST_CASE("faults: each rack of the target fails by itself, once it holds an instance") {
  Fixture fixture({"{action: sim:rack-power-loss, target: web, each: rack, time_between: {dist: exponential, "
                   "mean: 50h}, duration: {dist: exponential, mean: 5h}}"},
                  7, 20'000h);
  for (const std::uint32_t rack : {0U, 0U, 2U})
    fixture.ec2().add({.site = {.zone = ZoneId(0), .rack = rack}});
  const std::string record = fixture.run();
  // Each rack fails about 20,000 / 55 = 364 times, +- sqrt(364): independent of how many instances it holds.
  const auto failures = [&](const std::string& rack) {
    int count = 0;
    const std::string what = "rack 0." + rack + " off";
    for (auto at = record.find(what); at != std::string::npos; at = record.find(what, at + 1)) ++count;
    return count;
  };
  CHECK(failures("0") > 290);
  CHECK(failures("0") < 440);
  CHECK(failures("2") > 290);
  CHECK(failures("2") < 440);
  CHECK(failures("1") == 0);
  CHECK(failures("0") != failures("2"));
}

TEST_CASE("faults: each instance fails by itself until it is gone") {
  Fixture fixture(
      {"{action: sim:instance-failure, target: web, each: instance, time_between: 10m, duration: "
       "1m}",
       "{at: 15m, action: aws:ec2:terminate-instances, target: web, rack: 1}"});
  fixture.ec2().add();
  fixture.ec2().add({.site = {.zone = ZoneId(0), .rack = 1}});
  CHECK(
      fixture.run() ==
      "600 web/i-0 hangs; 600 web/i-1 hangs; 660 web/i-0 reboot; 660 web/i-1 reboot; 900 web/i-1 terminate; "
      "1260 web/i-0 hangs; 1320 web/i-0 reboot; 1920 web/i-0 hangs; 1980 web/i-0 reboot; 2580 web/i-0 hangs; "
      "2640 web/i-0 reboot; 3240 web/i-0 hangs; 3300 web/i-0 reboot; ");
}

TEST_CASE("faults: a count of running instances is drawn at random") {
  Fixture fixture({"{at: 1s, action: aws:ec2:terminate-instances, target: web, selection: COUNT(3)}"});
  for (int i = 0; i < 10; ++i) fixture.ec2().add();
  const std::string record = fixture.run();
  CHECK(std::count(record.begin(), record.end(), ';') == 3);
  CHECK(record != "1 web/i-0 terminate; 1 web/i-1 terminate; 1 web/i-2 terminate; ");
}

TEST_CASE("faults: tags hit what has them all, as a name would") {
  const auto hit_by = [](const std::string& aim) {
    Fixture fixture({"{at: 1m, action: aws:ec2:reboot-instances, " + aim + "}"});
    fixture.ec2().add();
    return fixture.run();
  };
  const std::string rebooted = "60 web/i-0 reboot; ";
  CHECK(hit_by("target: web") == rebooted);
  CHECK(hit_by("resource_tags: {tier: web}") == rebooted);
  CHECK(hit_by("resource_tags: {team: search, tier: web}") == rebooted);
  CHECK(hit_by("resource_tags: {team: ads, tier: web}") == "");
  CHECK(hit_by("resource_tags: {tier: Web}") == "");
  CHECK(hit_by("resource_tags: {owner: web}") == "");
}

TEST_CASE("faults: racks fail by themselves under what has the tags") {
  const std::string times = "each: rack, time_between: 10m, duration: 45m}";
  Fixture fixture({"{action: sim:rack-power-loss, resource_tags: {tier: web}, " + times});
  fixture.ec2().add({.site = {.zone = ZoneId(0), .rack = 2}});
  CHECK(fixture.run() == "600 rack 0.2 off; 3300 rack 0.2 on; ");
}

TEST_CASE("faults: repetitions draw anew") {
  Fixture fixture(
      {"{at: 1m, duration: 1m, repeat: {every: 5m, times: 8}, action: sim:gray-failure, target: "
       "web, speed: 10%, selection: COUNT(1)}"});
  for (int i = 0; i < 10; ++i) fixture.ec2().add();
  const std::string record = fixture.run();
  const std::string first = record.substr(3, 7);  // "web/i-N"
  int same = 0;
  for (auto at = record.find(first); at != std::string::npos; at = record.find(first, at + 1)) ++same;
  CHECK(same < 16);  // of 8 begins and 8 ends
}

TEST_CASE("faults: a selection is all, a count or a percentage, rounded up") {
  CHECK(Selection{}.of(7) == 7);
  CHECK(Selection{Selection::Mode::count, 9}.of(7) == 7);
  CHECK(Selection{Selection::Mode::percent, 33}.of(3) == 1);
  CHECK(Selection{Selection::Mode::percent, 34}.of(3) == 2);
  CHECK(Selection{Selection::Mode::percent, 100}.of(0) == 0);
}

TEST_CASE("faults: every action has one row, with keys that exist") {
  CHECK(action_table().size() == kEnumNames<FaultAction>.size());
  const std::vector<FieldRow> rows = FaultConfig::fields().rows();
  for (const ActionKey& key : action_keys())
    CHECK(std::any_of(rows.begin(), rows.end(), [&](const FieldRow& row) { return row.key == key.name; }));
  for (const auto& [name, action] : kEnumNames<FaultAction>) CHECK(info(action).action == action);
}

}  // namespace
}  // namespace nephoscope::faults
