#include "models/network/latencies.hpp"

#include "engine/base/check.hpp"

namespace nephoscope::network {

namespace {

constexpr Purpose kZones{"network.between_zones"};
constexpr Purpose kSamples{"network.samples"};
constexpr double kNanoseconds = 1e9;

}  // namespace

Latencies::Latencies(const NetworkConfig& config, const RegionTable& regions, std::size_t zones,
                     const RandomSource& random)
    : places_in_region_(zones + 1),
      regions_(regions.size()),
      between_zones_(places_in_region_ * places_in_region_),
      between_regions_(regions_ * regions_, -1) {
  draw_zones(config, random);
  for (std::size_t a = 0; a < regions_; ++a)
    for (std::size_t b = 0; b < regions_; ++b)
      if (const auto known = regions.round_trip(a, b))
        between_regions_[a * regions_ + b] = static_cast<double>(known->count());
  fill(same_cluster_, config.same_cluster.plain(), kNanoseconds, random);
  fill(same_zone_, config.same_zone.plain(), kNanoseconds, random);
  const auto jitter = [](double sigma) { return Distribution::lognormal({.mu = 0, .sigma = sigma}); };
  fill(zone_jitter_, jitter(config.zone_jitter), 1, random);
  fill(region_jitter_, jitter(config.region_jitter), 1, random);
}

// A pair has one constant, whichever way one goes.
void Latencies::draw_zones(const NetworkConfig& config, const RandomSource& random) {
  for (std::size_t a = 0; a < places_in_region_; ++a)
    for (std::size_t b = a; b < places_in_region_; ++b) {
      Draws draws = random.entity(kZones, a * places_in_region_ + b, 0);
      const auto typical = static_cast<double>(config.between_zones.sample(draws).count());
      between_zones_[a * places_in_region_ + b] = between_zones_[b * places_in_region_ + a] = typical;
    }
}

void Latencies::fill(Table& table, const Distribution& distribution, double unit,
                     const RandomSource& random) {
  const auto size = static_cast<double>(table.size());
  for (std::size_t i = 0; i < table.size(); ++i) {
    std::optional<double> value = distribution.quantile((static_cast<double>(i) + 0.5) / size);
    if (!value) {
      Draws draws = random.entity(kSamples, i, 0);
      value = distribution.sample(draws);
    }
    table[i] = static_cast<float>(*value * unit);
  }
}

double Latencies::between_regions(const Location& a, const Location& b) const {
  const double typical = between_regions_[a.region * regions_ + b.region];
  check(typical >= 0, "network", "no round trip is known between two Regions");
  return typical;
}

}  // namespace nephoscope::network
