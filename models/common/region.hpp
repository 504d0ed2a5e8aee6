// AWS Regions: their codes in usage types, and round trips between them (models/network/regions.yaml).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/time.hpp"
#include "engine/config/field_table.hpp"

namespace nephoscope {

// Round trips to other Regions, by their names.
using RoundTripsFrom = std::vector<Named<Duration>>;

struct RegionEntry {
  std::string code;  // "USE1"
  RoundTripsFrom round_trips;
  static const FieldTable<RegionEntry>& fields();
};

struct RegionBook {
  std::string date;
  std::vector<Named<RegionEntry>> regions;
  static const FieldTable<RegionBook>& fields();
};

// The Regions that the program knows.
const RegionBook& region_book();
bool is_known_region(std::string_view name);
std::vector<std::string_view> known_regions();

// Which Regions there are in a run, and the round trips that are known or stated between them.
class RegionTable final {
 public:
  RegionTable() = default;
  // `home` is the run's Region, known or not. `stated` replaces or adds to what the program knows.
  RegionTable(std::string_view home, const std::vector<Named<RoundTripsFrom>>& stated);

  std::size_t size() const { return names_.size(); }
  const std::string& name(std::size_t region) const { return names_[region]; }
  // In usage types; empty for a Region that the program does not know.
  const std::string& code(std::size_t region) const { return codes_[region]; }
  std::optional<std::size_t> find(std::string_view name) const;
  // None where nobody has said. Within a Region: none.
  std::optional<Duration> round_trip(std::size_t a, std::size_t b) const;
  // Whether messages between two Regions, or within one, have a latency. False for an unknown name.
  bool connects(std::string_view a, std::string_view b) const;

 private:
  void set(std::string_view a, std::string_view b, Duration round_trip);
  std::vector<std::string> names_;
  std::vector<std::string> codes_;
  std::vector<std::optional<Duration>> round_trips_;  // by a * size() + b, both ways
};

}  // namespace nephoscope
