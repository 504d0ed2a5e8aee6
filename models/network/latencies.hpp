// Round trips between places: how long they typically take, and how they vary from message to message.
//
// A round trip is a typical value of the pair of places times a random factor. Factors come from tables of
// 4,096 quantiles at (i + 1/2) / 4096, one look-up a message instead of a logarithm and an exponential: means
// are within 0.1 % of the distribution's, quantiles up to p99 within 0.2 %, p99.9 within 1.2 %; the tail ends
// at p99.988. Distributions without a quantile function (gamma) fill their table with as many samples.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "engine/random/draws.hpp"
#include "models/network/location.hpp"
#include "models/network/network.hpp"

namespace nephoscope::network {

class Latencies final {
 public:
  // Draws the typical round trips between zones.
  Latencies(const NetworkConfig& config, const RegionTable& regions, std::size_t zones,
            const RandomSource& random);

  // `bits` are well mixed. REQUIRES: a round trip is known for their Regions (RegionTable::connects).
  Duration round_trip(const Location& a, const Location& b, std::uint64_t bits) const {
    const Path path = path_between(a, b);
    const double factor = (*path.variation)[bits >> (64 - kTableBits)];
    return Duration(static_cast<std::int64_t>(path.typical * factor));
  }
  // Between two zones, or between a zone and what stands in the Region without one.
  Duration typical_between(std::uint32_t zone_a, std::uint32_t zone_b) const {
    return Duration(static_cast<std::int64_t>(between_zones_[zone_a * places_in_region_ + zone_b]));
  }

 private:
  static constexpr int kTableBits = 12;
  using Table = std::array<float, std::size_t{1} << kTableBits>;
  struct Path {
    double typical;  // ns
    const Table* variation;
  };

  Path path_between(const Location& a, const Location& b) const {
    if (a.region != b.region) return {between_regions(a, b), &region_jitter_};
    if (a.zone != b.zone || a.zone + 1 == places_in_region_)
      return {between_zones_[a.zone * places_in_region_ + b.zone], &zone_jitter_};
    const bool in_rack = a.rack == b.rack && a.rack != Location::kNone;
    const bool in_cluster = a.cluster == b.cluster && a.cluster != Location::kNone;
    return {1, in_rack || in_cluster ? &same_cluster_ : &same_zone_};
  }
  double between_regions(const Location& a, const Location& b) const;
  void draw_zones(const NetworkConfig& config, const RandomSource& random);
  static void fill(Table& table, const Distribution& distribution, double unit, const RandomSource& random);

  std::size_t places_in_region_;  // zones, and one for what has no zone
  std::size_t regions_;
  std::vector<double> between_zones_;    // ns, by pair
  std::vector<double> between_regions_;  // ns, by pair; negative where unknown
  Table same_cluster_;                   // ns
  Table same_zone_;                      // ns
  Table zone_jitter_;                    // factors
  Table region_jitter_;
};

}  // namespace nephoscope::network
