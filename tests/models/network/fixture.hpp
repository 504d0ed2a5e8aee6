// A world with a network, places in it, and the ways between them.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "models/network/service.hpp"
#include "tests/models/network/within.hpp"
#include "tests/support/read_config.hpp"

namespace nephoscope::network {

struct HostOptions {
  std::uint32_t zone = 0;
  std::uint32_t rack = 0;
  std::optional<std::uint32_t> cluster = {};
  std::string owner = "web";
};

class Net {
 public:
  explicit Net(const std::string& yaml = "{}", std::uint32_t replication = 0)
      : config(read_config<NetworkConfig>(yaml)),
        world({.warmup = {}, .duration = 1h, .start_epoch = 0, .windows = {}}, Seed{1}, replication),
        network(world, config) {}

  PlaceId host(const HostOptions& options) {
    return network.add_host({.owner = options.owner,
                             .name = options.owner + "/i",
                             .site = {.zone = ZoneId(options.zone), .rack = options.rack, .host = 0},
                             .cluster = options.cluster,
                             .vcpus = 2,
                             .baseline = BytesPerSecond(1e9),
                             .burst = BytesPerSecond(1e9)});
  }
  // Round trips of calls 1, 2, ... in seconds, rising.
  std::vector<double> round_trips(PlaceId from, PlaceId to, std::size_t count = 20'000) {
    std::vector<double> times;
    for (std::size_t number = 1; number <= count; ++number) {
      const Way way = network.way(from, to, number, 1);
      times.push_back(to_seconds(way.there + way.back));
    }
    std::sort(times.begin(), times.end());
    return times;
  }
  double median(PlaceId from, PlaceId to) { return round_trips(from, to)[10'000]; }
  std::int64_t billed(const std::string& owner, const std::string& usage_type) const {
    UsageMeter meter;
    network.bill(meter);
    const auto found = meter.quantities().find({owner, usage_type});
    return found == meter.quantities().end() ? 0 : found->second;
  }

  NetworkConfig config;
  World world;
  Service network;
};

}  // namespace nephoscope::network
