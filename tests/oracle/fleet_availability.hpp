// How often k of n machines are up that fail by themselves and with their hosts and racks, exactly: a Markov
// chain whose states say which hosts and racks are up.
#pragma once

#include <algorithm>
#include <map>
#include <vector>

#include "engine/base/check.hpp"
#include "engine/stats/markov.hpp"
#include "models/common/place.hpp"

namespace nephoscope::oracle {

// Exponential times of work and of repair, in hours.
struct Wear {
  double works = 1;
  double repair = 1;
  double availability() const { return works / (works + repair); }
};

// The hosts and racks that machines at these sites need, each once.
struct Plant {
  std::vector<Wear> parts;
  std::vector<std::vector<std::size_t>> needs;  // by machine: indices of its host and its rack
};

inline Plant plant_of(const std::vector<HostSite>& sites, const Wear& host, const Wear& rack) {
  Plant plant;
  std::map<HostSite, std::size_t> hosts;
  std::map<RackId, std::size_t> racks;
  const auto index = [&](auto& known, const auto& key, const Wear& wear) {
    const auto [place, is_new] = known.try_emplace(key, plant.parts.size());
    if (is_new) plant.parts.push_back(wear);
    return place->second;
  };
  for (const HostSite& site : sites)
    plant.needs.push_back({index(hosts, site, host), index(racks, site.rack_id(), rack)});
  return plant;
}

// How many machines are up in a state: bit i says whether part i is.
inline std::size_t machines_up(const Plant& plant, std::size_t state) {
  return static_cast<std::size_t>(
      std::count_if(plant.needs.begin(), plant.needs.end(), [&](const std::vector<std::size_t>& needs) {
        return std::all_of(needs.begin(), needs.end(),
                           [&](std::size_t part) { return (state >> part & 1) == 1; });
      }));
}

// The share of time in which at least k are up. REQUIRES: at most 10 parts (2^10 states).
inline double share_with(const Plant& plant, std::size_t k) {
  check(plant.parts.size() <= 10, "oracle", "{} parts make too many states", plant.parts.size());
  const std::size_t states = std::size_t{1} << plant.parts.size();
  const auto size = static_cast<Eigen::Index>(states);
  Eigen::MatrixXd rates = Eigen::MatrixXd::Zero(size, size);
  for (std::size_t state = 0; state < states; ++state)
    for (std::size_t part = 0; part < plant.parts.size(); ++part) {
      const bool up = (state >> part & 1) == 1;
      const Wear& wear = plant.parts[part];
      rates(static_cast<Eigen::Index>(state), static_cast<Eigen::Index>(state ^ std::size_t{1} << part)) =
          1 / (up ? wear.works : wear.repair);
    }
  const Eigen::VectorXd stationary = stationary_distribution(rates);
  double share = 0;
  for (std::size_t state = 0; state < states; ++state)
    if (machines_up(plant, state) >= k) share += stationary(static_cast<Eigen::Index>(state));
  return share;
}

}  // namespace nephoscope::oracle
