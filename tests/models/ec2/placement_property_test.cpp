// Random launches, stops, starts, ends and failures over random hardware keep what placement groups promise.
#include <algorithm>
#include <map>

#include "tests/models/ec2/placement_fixture.hpp"

namespace nephoscope::ec2 {
namespace {

constexpr int kSeeds = 60;
constexpr int kSteps = 150;
const std::vector<std::string> kTypes = {"m6i.large", "m5.4xlarge", "c6i.large", "c5.9xlarge", "r6i.large"};

class Story {
 public:
  explicit Story(std::uint64_t seed)
      : draws_(RandomSource(Seed{seed}, 0).entity(Purpose("test.story"), 0, 0)),
        group_{.strategy = kEnumNames<PlacementStrategy>[below(3)].second,
               .partition_count = static_cast<std::uint32_t>(1 + below(7))},
        racks_(2 + below(10)),
        f_(group_, fmt_hardware()) {}

  void run() {
    for (int step = 0; step < kSteps; ++step) {
      act();
      f_.pass(from_seconds(static_cast<double>(1 + below(120))));
      check_promises();
    }
    while (!live().empty()) {
      for (Instance* each : live()) each->terminate();
      f_.pass(1min);
    }
    CHECK(f_.racks().empty());
    f_.check_audits();
  }

 private:
  std::uint64_t below(std::uint64_t n) { return draws_.next_below(n); }
  std::string fmt_hardware() {
    return "{assume: {racks: " + std::to_string(racks_) +
           ", hosts_per_rack: " + std::to_string(1 + below(4)) +
           ", hosts_per_family: " + std::to_string(1 + below(3)) +
           ", others_least: 0%, others_greatest: 60%, others_turnover: 20m}}";
  }
  std::vector<Instance*> live() { return f_.service.instances("web"); }

  void act() {
    const std::uint64_t what = below(10);
    if (what < 5 || live().empty()) return launch();
    Instance& one = *live()[below(live().size())];
    if (what == 5) one.stop();
    if (what == 6) one.start();
    if (what == 7) one.terminate();
    if (what == 8) one.reboot();
    if (what == 9) toggle_rack();
  }
  void launch() {
    const auto zone = static_cast<std::uint32_t>(below(3));
    const std::string type = kTypes[below(kTypes.size())];
    (below(4) == 0) ? f_.ask_for("other", zone, type) : f_.ask(zone, type);
  }
  void toggle_rack() {
    const RackId rack{ZoneId(static_cast<std::uint32_t>(below(3))),
                      static_cast<std::uint32_t>(below(racks_))};
    const bool on = dark_.erase(rack) > 0;
    if (!on) dark_.insert(rack);
    f_.service.set_rack_power(rack, on);
  }

  // Members that stand somewhere: both owners launch into the group.
  std::vector<Instance*> standing() {
    std::vector<Instance*> found;
    for (const char* owner : {"web", "other"})
      for (Instance* each : f_.service.instances(owner))
        if (f_.inside(*each).on_hardware()) found.push_back(each);
    return found;
  }
  void check_promises() {
    std::map<RackId, std::set<std::uint32_t>> partitions;
    std::map<RackId, int> on_rack;
    std::map<ZoneId, int> in_zone;
    std::map<HostSite, std::set<std::string>> families;
    for (Instance* each : standing()) {
      ++on_rack[each->site().rack_id()];
      ++in_zone[each->zone()];
      partitions[each->site().rack_id()].insert(each->partition().value_or(0));
      families[each->site()].insert(each->type().substr(0, each->type().find('.')));
    }
    for (const auto& [site, names] : families) CHECK(names.size() == 1);
    for (const auto& [rack, numbers] : partitions) CHECK(numbers.size() == 1);
    if (group_.strategy == PlacementStrategy::spread) {
      for (const auto& [rack, count] : on_rack) CHECK(count == 1);
      for (const auto& [zone, count] : in_zone) CHECK(count <= 7);
    }
    if (group_.strategy == PlacementStrategy::cluster) {
      CHECK(on_rack.size() <= 2);
      CHECK(in_zone.size() <= 1);
    }
    f_.check_audits();
  }

  Draws draws_;
  PlacementGroupSettings group_;
  std::uint64_t racks_;
  PlacementFixture f_;
  std::set<RackId> dark_;
};

TEST_CASE("placement groups: random stories keep spread, partitions, clusters and the hosts' capacity") {
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    CAPTURE(seed);
    Story(seed).run();
  }
}

}  // namespace
}  // namespace nephoscope::ec2
