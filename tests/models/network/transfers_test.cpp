#include "models/network/transfers.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>

#include "engine/base/check.hpp"
#include "models/common/audit.hpp"
#include "models/common/report.hpp"
#include "models/network/service.hpp"
#include "tests/support/forked.hpp"

using namespace nephoscope;
using namespace nephoscope::network;

namespace {

constexpr BytesPerSecond kGbps{125e6};
constexpr ZoneShape kShape{.racks = 2, .hosts_per_rack = 2};

BytesPerSecond gbps(double count) { return BytesPerSecond(kGbps.value * count); }

// Two zones of two racks of two hosts, with instances in them.
struct Lab {
  World& world;
  Service& network;
  Figures results{};  // as bodies write them

  PlaceId instance(const HostSite& site, BytesPerSecond baseline, BytesPerSecond burst, int vcpus = 4) {
    NetworkHost host;
    host.owner = "web";
    host.name = "web/i-" + std::to_string(++launched);
    host.site = site;
    host.vcpus = vcpus;
    host.baseline = baseline;
    host.burst = burst;
    host.cluster = cluster;
    const PlaceId place = network.add_host(host);
    network.set_host_up(place, true);
    return place;
  }
  PlaceId instance(const HostSite& site, double steady) { return instance(site, gbps(steady), gbps(steady)); }
  // Moves `size` and notes the seconds that it took and how it ended.
  void move(PlaceId from, PlaceId to, Bytes size, ProcessGroup* group = nullptr) {
    results.resize(results.size() + 2);
    world.simulation.spawn(mover(*this, from, to, size, results.size() - 2), group);
  }
  static Process mover(Lab& lab, PlaceId from, PlaceId to, Bytes size, std::size_t place) {
    const Transfer transfer = co_await lab.network.transfer(from, to, size);
    lab.results[place] = to_seconds(transfer.time);
    lab.results[place + 1] = static_cast<double>(transfer.end);
  }
  void at(Duration when, Simulation::Callback callback) { world.simulation.after(when, callback, this); }

  std::optional<std::uint32_t> cluster{};
  int launched = 0;
};

HostSite site(std::uint32_t zone, std::uint32_t rack, std::uint32_t host) {
  return {.zone = ZoneId(zone), .rack = rack, .host = host};
}

Figures experiment(const std::function<void(Lab&)>& body, const NetworkConfig& config = {}) {
  return forked([&] {
    const Fabric fabric(2, kShape, config.bandwidth);
    Figures results;
    drive(fabric.topology(), [&](Platform& platform) {
      RunWindow run;
      run.duration = 2h;
      run.zones = {"us-east-1a", "us-east-1b"};
      World world(run, Seed{1}, 0);
      Service network(world, config);
      const BulkNetwork bulk{fabric, platform};
      network.use_transfers(&bulk);
      Lab lab{world, network};
      body(lab);
      world.simulation.run_until(world.end());
      Audit audit;
      network.audit(audit);
      for (const AuditLine& line : audit.lines()) check(line.ok, "test", "{}: {}", line.name, line.detail);
      world.simulation.clear();
      results = lab.results;
    });
    return results;
  });
}

constexpr double kDone = static_cast<double>(TransferEnd::done);
constexpr double kBroken = static_cast<double>(TransferEnd::broken);
constexpr double kInterrupted = static_cast<double>(TransferEnd::interrupted);
constexpr Bytes kGigabyte{1'000'000'000};

}  // namespace

TEST_CASE("transfers: one flow has at most 5 Gbps, however wide the instances' bandwidth") {
  // 6.25 GB x 8 / 5 Gbps = 10 s.
  const Figures results = experiment([](Lab& lab) {
    lab.move(lab.instance(site(0, 0, 0), 25), lab.instance(site(1, 0, 0), 25), Bytes(6'250'000'000));
  });
  CHECK(results == Figures{10, kDone});
}

TEST_CASE("transfers: within a cluster placement group a flow has 10 Gbps; between two groups it has not") {
  // 12.5 GB x 8 / 10 Gbps = 10 s; at 5 Gbps 20 s.
  const Figures results = experiment([](Lab& lab) {
    lab.cluster = 1;
    const PlaceId a = lab.instance(site(0, 0, 0), 25), b = lab.instance(site(0, 0, 1), 25);
    lab.cluster = 2;
    const PlaceId c = lab.instance(site(0, 1, 0), 25), d = lab.instance(site(0, 1, 1), 25);
    lab.cluster = 1;
    const PlaceId e = lab.instance(site(1, 0, 0), 25);
    lab.move(a, b, Bytes(12'500'000'000));
    lab.move(c, e, Bytes(12'500'000'000));
    (void)d;
  });
  CHECK(results == Figures{10, kDone, 20, kDone});
}

TEST_CASE("transfers: flows of one instance share its bandwidth, in and out apart") {
  // Two flows out of 4 Gbps: 2 Gbps each, 1 GB in 4 s. One into it at the same time: 4 Gbps, 1 GB in 2 s.
  const Figures results = experiment([](Lab& lab) {
    const PlaceId shared = lab.instance(site(0, 0, 0), 4);
    const PlaceId other = lab.instance(site(0, 0, 1), 25);
    lab.move(shared, other, kGigabyte);
    lab.move(shared, lab.network.zone_place(ZoneId(0)), kGigabyte);
    lab.move(lab.network.zone_place(ZoneId(1)), shared, kGigabyte);
  });
  CHECK(results == Figures{4, kDone, 4, kDone, 2, kDone});
}

TEST_CASE("transfers: instances on one host share its card, which carries the sum of theirs") {
  // 1 + 3 Gbps. Alone one of them may use all of it: 1 GB in 2 s. Afterwards both send: 2 Gbps each, 4 s.
  const Figures results = experiment([](Lab& lab) {
    static PlaceId a, b, to;
    a = lab.instance(site(0, 0, 0), 1);
    b = lab.instance(site(0, 0, 0), 3);
    to = lab.instance(site(0, 0, 1), 25);
    lab.move(a, to, kGigabyte);
    lab.at(10s, [](void* context) {
      static_cast<Lab*>(context)->move(a, to, kGigabyte);
      static_cast<Lab*>(context)->move(b, to, kGigabyte);
    });
  });
  CHECK(results == Figures{2, kDone, 4, kDone, 4, kDone});
}

TEST_CASE("transfers: a rack's cable is shared by its hosts") {
  // Two flows of 5 Gbps want to leave a rack with 8 Gbps: 4 Gbps each, 1 GB in 2 s. Inside a rack 5: 1.6 s.
  NetworkConfig config;
  config.bandwidth.rack = gbps(8);
  const Figures results = experiment(
      [](Lab& lab) {
        const PlaceId a = lab.instance(site(0, 0, 0), 25), b = lab.instance(site(0, 0, 1), 25);
        const PlaceId c = lab.instance(site(1, 1, 0), 25), d = lab.instance(site(1, 1, 1), 25);
        lab.move(a, lab.network.zone_place(ZoneId(1)), kGigabyte);
        lab.move(b, lab.network.zone_place(ZoneId(0)), kGigabyte);
        lab.move(c, d, kGigabyte);
      },
      config);
  CHECK(results == Figures{2, kDone, 2, kDone, 1.6, kDone});
}

TEST_CASE("transfers: what leaves the Region has 5 Gbps, or half of a large instance's bandwidth") {
  // Two flows share 5 Gbps: 1 GB at 2.5 Gbps is 3.2 s. With 32 vCPUs and 30 Gbps they share 15: 5 Gbps each,
  // 1.6 s. Into the Region nothing is held back: 1.6 s.
  const Figures results = experiment([](Lab& lab) {
    const PlaceId abroad = lab.network.region_place("eu-west-1");
    const PlaceId small = lab.instance(site(0, 0, 0), 10);
    const PlaceId large = lab.instance(site(0, 1, 0), gbps(30), gbps(30), 32);
    for (int i = 0; i < 2; ++i) {
      lab.move(small, abroad, kGigabyte);
      lab.move(large, abroad, kGigabyte);
      lab.move(abroad, small, kGigabyte);
    }
  });
  for (std::size_t round = 0; round < 2; ++round) {
    CHECK(results[6 * round] == doctest::Approx(3.2).epsilon(1e-9));
    CHECK(results[6 * round + 2] == doctest::Approx(1.6).epsilon(1e-9));
    CHECK(results[6 * round + 4] == doctest::Approx(1.6).epsilon(1e-9));
  }
}

TEST_CASE("transfers: an instance bursts while its credits last, then has its baseline") {
  // 1 Gbps, bursts to 5 for 10 s (40 Gbit of credits): 50 Gbit in 10 s, the other 10 Gbit at 1 Gbps: 20 s.
  NetworkConfig config;
  config.bandwidth.burst_length = 10s;
  const Figures results = experiment(
      [](Lab& lab) {
        const PlaceId a = lab.instance(site(0, 0, 0), gbps(1), gbps(5));
        lab.move(a, lab.instance(site(0, 0, 1), 25), Bytes(7'500'000'000));
        lab.at(1h, [](void* context) {
          auto& here = *static_cast<Lab*>(context);
          for (const LoggedEvent& event : here.world.events.events())
            here.results.push_back(to_seconds(event.time));
        });
      },
      config);
  // One line of the event log, when they were used up.
  CHECK(results == Figures{20, kDone, 10});
}

TEST_CASE("transfers: credits that were used up come back while little is sent") {
  // Used up at 10 s. A tenth of 40 Gbit is earned back at 1 Gbps in 4 s of silence; from 14 s on it bursts
  // again, so at 60 s all 40 Gbit are there (10 + 40 s), and 6.25 GB take 10 s as at first.
  NetworkConfig config;
  config.bandwidth.burst_length = 10s;
  const Figures results = experiment(
      [](Lab& lab) {
        static PlaceId a, b;
        a = lab.instance(site(0, 0, 0), gbps(1), gbps(5));
        b = lab.instance(site(0, 0, 1), 25);
        lab.move(a, b, Bytes(6'250'000'000));
        lab.at(60s, [](void* context) { static_cast<Lab*>(context)->move(a, b, Bytes(6'250'000'000)); });
      },
      config);
  CHECK(results[0] == doctest::Approx(10).epsilon(1e-9));
  CHECK(results[2] == doctest::Approx(10).epsilon(1e-9));
}

TEST_CASE("transfers: those of an instance that goes down break; others go on") {
  // At 5 s it goes down; the other has the shared receiver for itself from there. Each had 2.5 Gbps of 5:
  // of 3.125 GB (25 Gbit) 12.5 Gbit are left at 5 s, 2.5 s more at 5 Gbps.
  const Figures results = experiment([](Lab& lab) {
    static PlaceId dies;
    dies = lab.instance(site(0, 0, 0), 25);
    const PlaceId lives = lab.instance(site(0, 0, 1), 25), to = lab.instance(site(1, 0, 0), 5);
    lab.move(dies, to, Bytes(3'125'000'000));
    lab.move(lives, to, Bytes(3'125'000'000));
    lab.at(5s, [](void* context) { static_cast<Lab*>(context)->network.set_host_up(dies, false); });
  });
  CHECK(results[0] == 5);
  CHECK(results[1] == kBroken);
  CHECK(results[2] == doctest::Approx(7.5).epsilon(1e-9));
  CHECK(results[3] == kDone);
}

TEST_CASE("transfers: a transfer to an instance that is down breaks at once") {
  const Figures results = experiment([](Lab& lab) {
    const PlaceId down = lab.instance(site(0, 0, 0), 5);
    lab.network.set_host_up(down, false);
    lab.move(lab.network.zone_place(ZoneId(0)), down, kGigabyte);
  });
  CHECK(results == Figures{0, kBroken});
}

TEST_CASE("transfers: an interrupted process's transfer ends with it") {
  const Figures results = experiment([](Lab& lab) {
    static ProcessGroup group;
    lab.move(lab.instance(site(0, 0, 0), 5), lab.instance(site(0, 0, 1), 5), kGigabyte, &group);
    lab.at(1s, [](void*) { group.interrupt_all(); });
  });
  CHECK(results == Figures{1, kInterrupted});
}

TEST_CASE("transfers: nothing is moved in no time") {
  const Figures results = experiment([](Lab& lab) {
    lab.move(lab.network.zone_place(ZoneId(0)), lab.network.zone_place(ZoneId(1)), Bytes());
  });
  CHECK(results == Figures{0, kDone});
}

TEST_CASE("transfers: results count what was moved since the warm-up") {
  // Before: 1 GB. After: 2 GB at 5 Gbps (3.2 s), and 625 MB of a flow that breaks after 1 s.
  const Figures results = experiment([](Lab& lab) {
    static PlaceId a, b;
    a = lab.instance(site(0, 0, 0), 5);
    b = lab.instance(site(0, 0, 1), 5);
    lab.move(a, b, kGigabyte);
    lab.at(10s, [](void* context) {
      auto& here = *static_cast<Lab*>(context);
      here.network.begin_measurement();
      here.move(a, b, kGigabyte * 2);
    });
    lab.at(20s, [](void* context) { static_cast<Lab*>(context)->move(a, b, kGigabyte); });
    lab.at(21s, [](void* context) { static_cast<Lab*>(context)->network.set_host_up(b, false); });
    lab.at(1h, [](void* context) {
      auto& here = *static_cast<Lab*>(context);
      Report report;
      here.network.report(report);
      here.results.clear();
      for (const char* name : {"flows", "flows.broken", "bytes", "rate.mean"}) {
        const auto& ratio = std::get<RatioMeasure>(report.find({Scope::resource, "network", name})->value);
        here.results.push_back(ratio.numerator / ratio.denominator);
      }
    });
  });
  CHECK(results == Figures{2, 1, 2.625e9, 2.625e9 / 4.2});
}

TEST_CASE("transfers: a cut breaks what crosses it at once, and what begins over it after 10 s") {
  // Between zones from 1 s on: the first has moved for 1 s. Inside the zone 1 GB x 8 / 1 Gbps = 8 s.
  const Figures results = experiment([](Lab& lab) {
    static PlaceId a, b, near;
    a = lab.instance(site(0, 0, 0), 1);
    b = lab.instance(site(1, 0, 0), 1);
    near = lab.instance(site(0, 0, 1), 1);
    lab.move(a, b, kGigabyte);
    lab.at(1s, [](void* context) {
      auto& there = *static_cast<Lab*>(context);
      there.network.disturb({.zone = ZoneId(0)}, {.zone = ZoneId(1)}, {.cut = true});
      there.move(b, a, kGigabyte);
      there.move(a, near, kGigabyte);
    });
  });
  CHECK(results == Figures{1, kBroken, 10, kBroken, 8, kDone});
}
