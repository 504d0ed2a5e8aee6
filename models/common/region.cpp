#include "models/common/region.hpp"

#include <algorithm>
#include <utility>

#include "engine/base/check.hpp"

namespace nephoscope {

// Generated from models/network/regions.yaml (tools/embed.cmake).
extern const std::pair<std::string_view, std::string_view> region_books[];

const FieldTable<RegionEntry>& RegionEntry::fields() {
  static const auto table =
      FieldTable<RegionEntry>("Region", "An AWS Region as others see it.")
          .required("code", &RegionEntry::code, {.doc = "in usage types"})
          .field("round_trips", &RegionEntry::round_trips, {.doc = "to Regions that stand below"});
  return table;
}

const FieldTable<RegionBook>& RegionBook::fields() {
  static const auto table = FieldTable<RegionBook>("Regions", "AWS's Regions.")
                                .required("date", &RegionBook::date, {.doc = "of the round trips"})
                                .required("regions", &RegionBook::regions, {.doc = "by name"});
  return table;
}

namespace {

RegionBook read_region_book() {
  SourceSet sources;
  Diagnostics diagnostics;
  const Tree tree = parse_text(sources, "regions.yaml", std::string(region_books[0].second), diagnostics);
  Context context(diagnostics);
  auto book = RegionBook::fields().read(tree.root(), context);
  check(book.has_value(), "network", "the Regions are broken:\n{}", diagnostics.render(sources));
  return std::move(*book);
}

}  // namespace

const RegionBook& region_book() {
  static const RegionBook book = read_region_book();
  return book;
}

std::vector<std::string_view> known_regions() {
  std::vector<std::string_view> names;
  for (const auto& region : region_book().regions) names.emplace_back(region.id);
  return names;
}

bool is_known_region(std::string_view name) {
  const auto& regions = region_book().regions;
  return std::any_of(regions.begin(), regions.end(), [&](const auto& each) { return each.id == name; });
}

RegionTable::RegionTable(std::string_view home, const std::vector<Named<RoundTripsFrom>>& stated) {
  names_.emplace_back(home);
  codes_.emplace_back();
  for (const auto& region : region_book().regions) {
    if (region.id == home) {
      codes_.front() = region.value.code;
      continue;
    }
    names_.push_back(region.id);
    codes_.push_back(region.value.code);
  }
  round_trips_.resize(size() * size());
  for (const auto& region : region_book().regions)
    for (const auto& to : region.value.round_trips) set(region.id, to.id, to.value);
  for (const auto& from : stated)
    for (const auto& to : from.value) set(from.id, to.id, to.value);
}

std::optional<std::size_t> RegionTable::find(std::string_view name) const {
  const auto place = std::find(names_.begin(), names_.end(), name);
  if (place == names_.end()) return std::nullopt;
  return static_cast<std::size_t>(place - names_.begin());
}

void RegionTable::set(std::string_view a, std::string_view b, Duration round_trip) {
  const auto from = find(a), to = find(b);
  check(from && to, "network", "a round trip between '{}' and '{}', one of which is no Region", a, b);
  round_trips_[*from * size() + *to] = round_trip;
  round_trips_[*to * size() + *from] = round_trip;
}

std::optional<Duration> RegionTable::round_trip(std::size_t a, std::size_t b) const {
  return round_trips_[a * size() + b];
}

bool RegionTable::connects(std::string_view a, std::string_view b) const {
  const auto from = find(a), to = find(b);
  if (!from || !to) return false;
  return *from == *to || round_trip(*from, *to).has_value();
}

}  // namespace nephoscope
