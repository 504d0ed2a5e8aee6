#include "models/dynamodb/heat_split.hpp"

#include <algorithm>

namespace nephoscope::dynamodb {

SplitChoice split_at(const Position& cut) {
  SplitChoice choice;
  choice.cuts[0] = cut;
  choice.count = 1;
  return choice;
}

namespace {

constexpr std::size_t kFewest = 16;  // samples that a decision needs

// All accesses to one item, or to one partition key where those are not divided.
struct Load {
  PositionRange range;
  std::int64_t halves = 0;
};

bool in_sequence(std::span<const AccessSample> samples, Probability share) {
  std::size_t up = 0, down = 0;
  for (std::size_t i = 1; i < samples.size(); ++i) {
    up += samples[i].position > samples[i - 1].position;
    down += samples[i].position < samples[i - 1].position;
  }
  return static_cast<double>(std::max(up, down)) >= share.value * static_cast<double>(samples.size() - 1);
}

PositionRange unit_of(const Position& at, bool divides_keys) {
  return divides_keys ? PositionRange{at, at} : PositionRange{{at.hash, 0}, {at.hash, kLastPosition.sort}};
}

std::vector<Load> loads_of(std::span<const AccessSample> samples, bool divides_keys) {
  std::vector<AccessSample> sorted(samples.begin(), samples.end());
  std::sort(sorted.begin(), sorted.end(),
            [](const AccessSample& a, const AccessSample& b) { return a.position < b.position; });
  std::vector<Load> loads;
  for (const AccessSample& sample : sorted) {
    if (loads.empty() || !loads.back().range.holds(sample.position))
      loads.push_back({unit_of(sample.position, divides_keys)});
    loads.back().halves += sample.units.halves;
  }
  return loads;
}

SplitChoice none(std::string_view why) {
  SplitChoice choice;
  choice.why = why;
  return choice;
}

std::int64_t total_of(std::span<const Load> loads) {
  std::int64_t total = 0;
  for (const Load& load : loads) total += load.halves;
  return total;
}

const Load& heaviest(std::span<const Load> loads) {
  return *std::max_element(loads.begin(), loads.end(),
                           [](const Load& a, const Load& b) { return a.halves < b.halves; });
}

SplitChoice isolate(const PositionRange& item, const PositionRange& range, const HeatSplitRules& rules) {
  if (!rules.isolates_items) return none("one item takes the load, and items are not isolated");
  SplitChoice choice;
  choice.isolates = true;
  if (item.first > range.first) choice.cuts[choice.count++] = item.first;
  if (item.last < range.last) choice.cuts[choice.count++] = next(item.last);
  return choice.count == 0 ? none("one item takes the load, and it has the partition for itself") : choice;
}

// Between two loads, so that both sides have as nearly the same as can be. REQUIRES: there are two.
SplitChoice balance(std::span<const Load> loads, std::int64_t total) {
  std::int64_t before = 0, best = total + 1;
  std::size_t cut = 0;
  for (std::size_t i = 1; i < loads.size(); ++i) {
    before += loads[i - 1].halves;
    const std::int64_t uneven = std::abs(total - 2 * before);
    if (uneven >= best) continue;
    best = uneven;
    cut = i;
  }
  return split_at(loads[cut].range.first);
}

}  // namespace

void AccessSamples::clear() {
  samples_.clear();
  mask_ = 0;
}

void AccessSamples::keep(const AccessSample& sample) {
  samples_.push_back(sample);
  while (samples_.size() >= kMost && mask_ + 1 != 0) {
    mask_ = mask_ * 2 + 1;
    std::erase_if(samples_, [&](const AccessSample& kept) { return (kept.draw & mask_) != 0; });
  }
}

SplitChoice choose_split(std::span<const AccessSample> samples, const PositionRange& range,
                         const HeatSplitRules& rules) {
  if (samples.size() < kFewest) return none("too few accesses");
  if (in_sequence(samples, rules.sequence)) return none("keys are accessed in sequence");
  const std::vector<Load> loads = loads_of(samples, rules.divides_keys);
  const std::int64_t total = total_of(loads);
  const Load& most = heaviest(loads);
  if (loads.size() == 1 ||
      static_cast<double>(most.halves) >= rules.hot_item.value * static_cast<double>(total))
    return isolate(most.range, range, rules);
  return balance(loads, total);
}

SplitChoice choose_middle(std::span<const AccessSample> written, const PositionRange& range,
                          bool divides_keys) {
  SplitChoice choice = range.one_key() ? none("one partition key") : split_at(range.middle());
  if (written.size() >= kFewest) {
    const std::vector<Load> keys = loads_of(written, false);
    const std::vector<Load> loads = loads_of(written, divides_keys);
    if (loads.size() > 1 && 2 * heaviest(keys).halves > total_of(keys))
      choice = balance(loads, total_of(loads));
  }
  choice.halves_bytes = true;
  return choice;
}

}  // namespace nephoscope::dynamodb
