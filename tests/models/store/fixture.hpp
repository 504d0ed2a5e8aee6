// A store on machines that fail when they are told to.
#pragma once

#include <doctest/doctest.h>

#include <cmath>

#include <string>

#include "models/common/report.hpp"
#include "models/store/model.hpp"
#include "tests/support/fleet_fake.hpp"
#include "tests/support/read_config.hpp"

namespace nephoscope::store {

// Disks take no time unless the test says so.
inline std::string store_yaml(const std::string& keys, const std::string& assume = "") {
  return "{type: Nephoscope::ReplicatedStore, nodes: fleet, " + keys +
         ", assume: {disk_time: 0s, disk_bandwidth: 1000GB/s, item_size: 0B" +
         (assume.empty() ? "" : ", " + assume) + "}}";
}

class Fixture {
 public:
  explicit Fixture(const std::string& yaml, std::uint64_t seed = 1)
      : world({.warmup = {}, .duration = 100h, .start_epoch = 0, .windows = {}}, Seed{seed}, 0),
        network(world),
        fleet(world),
        config(read_config<ReplicatedStoreConfig>(yaml)),
        store(config.build(world, "store")) {
    store->connect(fleet);
  }
  ~Fixture() { world.simulation.clear(); }

  void run_to(Duration instant) { world.simulation.run_until(Time{} + instant); }
  double metric(const std::string& name) const {
    Report report;
    store->report(report);
    const Measure* found = report.find({Scope::resource, "store", name});
    REQUIRE(found != nullptr);
    const auto& ratio = std::get<RatioMeasure>(found->value);
    return ratio.numerator / ratio.denominator;
  }
  void check_audits() const {
    Audit audit;
    store->audit(audit);
    for (const AuditLine& line : audit.lines()) {
      INFO(line.name << ": " << line.detail);
      CHECK(line.ok);
    }
  }
  // Sends one request about `key` now and waits for its answer, at most a minute.
  Response ask(const std::string& operation, std::uint64_t key, PlaceId from = {}) {
    Response answer;
    answer.fault = Fault::timeout;
    world.simulation.spawn(call(operation, key, from, answer));
    run_to(world.now() - Time{} + 1min);
    return answer;
  }
  double asked_seconds = 0;  // by the last request

  World world;
  fleet_fake::NetworkFake network;
  fleet_fake::FleetFake fleet;
  ReplicatedStoreConfig config;
  std::unique_ptr<Resource> store;

 private:
  Process call(std::string operation, std::uint64_t key, PlaceId from, Response& answer) {
    Request request;
    request.number = ++asked_;
    request.operation = world.operations.intern(operation);
    request.key = key;
    request.place = from;
    const Time begun = world.now();
    const ReplyId reply = world.replies.open();
    store->endpoint()->submit(request, reply);
    const Replies::Result result = co_await world.replies.wait(reply);
    answer = result.value;
    asked_seconds = to_seconds(world.now() - begun);
  }
  std::uint64_t asked_ = 0;
};

}  // namespace nephoscope::store
