// A global table over tables that do nothing but remember, and a network that does what the test says.
#pragma once

#include <doctest/doctest.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "models/common/report.hpp"
#include "models/dynamodb/global_table.hpp"
#include "tests/support/quiet_network.hpp"
#include "tests/support/read_config.hpp"

namespace nephoscope::dynamodb {

// The Regions of the tests, in the order in which they name them.
constexpr std::size_t kUs = 0, kEu = 1, kAp = 2;

// Places are numbered in the order in which Regions are asked for.
class RegionNetwork final : public QuietNetwork {
 public:
  explicit RegionNetwork(World& world) { world.network = this; }
  PlaceId region_place(std::string_view name) override {
    for (std::uint32_t i = 0; i < names.size(); ++i)
      if (names[i] == name) return PlaceId(i);
    names.emplace_back(name);
    return PlaceId(static_cast<std::uint32_t>(names.size() - 1));
  }
  bool is_region(std::string_view) const override { return true; }
  Way way(PlaceId from, PlaceId to, std::uint64_t, std::uint32_t) override {
    if (cut && cut(from.value, to.value)) return {.there = Way::kNever, .back = Way::kNever};
    const Duration each = one_way ? one_way(from.value, to.value) : Duration{};
    return {.there = each, .back = each};
  }
  std::function<Duration(std::uint32_t, std::uint32_t)> one_way;
  std::function<bool(std::uint32_t, std::uint32_t)> cut;
  std::vector<std::string> names;
};

class RememberingTable final : public Replica {
 public:
  explicit RememberingTable(World& world) : world_(world) {}
  void listen(ChangeListener& listener) override { listener_ = &listener; }
  void agree_with(RegionQuorum& quorum, std::uint32_t) override { quorum_ = &quorum; }
  std::int64_t bytes_of(const ItemId& item) const override {
    const auto place = items.find({item.key, item.sort});
    return place == items.end() ? 0 : place->second;
  }
  bool replicate(const ReplicatedWrite& write) override {
    if (throttles > 0) return --throttles, false;
    ++paid;
    if (write.wins) change(write.item, write.bytes, ChangeOrigin::replication, write.number);
    return true;
  }
  void change(const ItemId& item, std::int64_t bytes, ChangeOrigin origin, std::uint64_t number) {
    const std::int64_t before = bytes_of(item);
    items[{item.key, item.sort}] = forgetful ? 0 : bytes;
    listener_->item_changed({.at = world_.now(),
                             .key = item.key,
                             .sort = item.sort,
                             .old_bytes = before,
                             .new_bytes = bytes,
                             .origin = origin,
                             .number = number,
                             .before = 0,
                             .version = ++version_});
  }
  std::map<std::pair<std::uint64_t, std::uint64_t>, std::int64_t> items;
  int throttles = 0;  // attempts that will be turned away
  int paid = 0;       // replicated writes
  bool forgetful = false;

 private:
  World& world_;
  ChangeListener* listener_ = nullptr;
  RegionQuorum* quorum_ = nullptr;
  std::uint64_t version_ = 0;
};

// Writes of other Regions arrive a second after they were made, and clocks are right, unless the test says
// otherwise.
inline std::string global_yaml(const std::string& regions, const std::string& assume = "",
                               const std::string& keys = "") {
  return "{type: AWS::DynamoDB::GlobalTable, key_schema: {partition_key: id}, billing_mode: PAY_PER_REQUEST, "
         "replicas: {" +
         regions + "}, " + keys + (keys.empty() ? "" : ", ") + "assume: {" +
         (assume.empty() ? "cross_region_lag: 1s, clock_skew: 0s" : assume) + "}}";
}
inline const std::string kTwo = "us-east-1: {}, eu-west-1: {}";
inline const std::string kThree = "us-east-1: {}, eu-west-1: {}, ap-northeast-1: {}";

class GlobalFixture {
 public:
  explicit GlobalFixture(const std::string& yaml, std::uint64_t seed = 1)
      : world({.warmup = {}, .duration = 1h, .start_epoch = 0, .windows = {}}, Seed{seed}, 0),
        network(world),
        config(read_config<GlobalTableConfig>(yaml)),
        global(world, "orders", config) {
    std::vector<Replica*> replicas;
    for (std::size_t i = 0; i < config.replicas.size(); ++i)
      replicas.push_back(tables.emplace_back(std::make_unique<RememberingTable>(world)).get());
    global.connect(replicas);
    global.start();
  }
  ~GlobalFixture() { world.simulation.clear(); }

  void run_to(Duration instant) { world.simulation.run_until(Time{} + instant); }
  // A client of Region `at` writes an item of so many bytes then.
  void write_at(Duration instant, std::size_t at, std::uint64_t key, std::int64_t bytes) {
    world.simulation.spawn(write(instant, at, key, bytes));
  }
  double metric(const std::string& name) const {
    Report report;
    global.report(report);
    const Measure* found = report.find({Scope::resource, "orders", name});
    REQUIRE(found != nullptr);
    const auto& ratio = std::get<RatioMeasure>(found->value);
    return ratio.numerator / ratio.denominator;
  }
  bool audits_hold() const {
    Audit audit;
    global.audit(audit);
    bool ok = true;
    for (const AuditLine& line : audit.lines()) ok = ok && line.ok;
    return ok;
  }
  std::int64_t bytes(std::size_t at, std::uint64_t key) const { return tables[at]->bytes_of({key, 0}); }

  World world;
  RegionNetwork network;
  GlobalTableConfig config;
  std::vector<std::unique_ptr<RememberingTable>> tables;
  GlobalTable global;

 private:
  Process write(Duration instant, std::size_t at, std::uint64_t key, std::int64_t bytes) {
    co_await world.simulation.delay(instant - (world.now() - Time{}));
    tables[at]->change({key, 0}, bytes, ChangeOrigin::client, mix64(++number_));
  }
  std::uint64_t number_ = 0;
};

}  // namespace nephoscope::dynamodb
