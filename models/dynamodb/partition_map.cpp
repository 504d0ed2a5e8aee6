#include "models/dynamodb/partition_map.hpp"

#include <algorithm>
#include <bit>

#include "engine/base/check.hpp"

namespace nephoscope::dynamodb {
namespace {

__extension__ using Wide = unsigned __int128;

}  // namespace

PartitionMap::PartitionMap(std::uint32_t count) {
  check(count > 0, "dynamodb", "a table has at least one partition");
  for (std::uint32_t i = 0; i < count; ++i) {
    firsts_.push_back({static_cast<std::uint64_t>((Wide{i} << 64) / count), 0});
    ids_.push_back(PartitionId(i));
  }
  make_guide();
}

void PartitionMap::make_guide() {
  const std::size_t blocks = std::bit_ceil(2 * ids_.size());
  shift_ = 64 - std::countr_zero(blocks);
  guide_.resize(blocks + 1);
  std::size_t index = 0;
  for (std::size_t block = 0; block < blocks; ++block) {
    const Position start{std::uint64_t{block} << shift_, 0};
    while (index + 1 < ids_.size() && firsts_[index + 1] <= start) ++index;
    guide_[block] = static_cast<std::uint32_t>(index);
  }
  guide_[blocks] = static_cast<std::uint32_t>(ids_.size() - 1);
}

void PartitionMap::split(std::span<const Part> parts) {
  std::vector<Position> firsts;
  std::vector<PartitionId> ids;
  firsts.reserve(firsts_.size() + parts.size());
  ids.reserve(firsts_.size() + parts.size());
  std::size_t part = 0;
  for (std::size_t i = 0; i < ids_.size(); ++i) {
    const bool ends = part < parts.size() && parts[part].of == ids_[i];
    check(!ends || parts[part].first == firsts_[i], "dynamodb", "a split leaves a gap");
    if (!ends) {
      firsts.push_back(firsts_[i]);
      ids.push_back(ids_[i]);
    }
    for (; part < parts.size() && parts[part].of == ids_[i]; ++part) {
      check(range(i).holds(parts[part].first), "dynamodb", "a split cuts outside its partition");
      firsts.push_back(parts[part].first);
      ids.push_back(parts[part].id);
    }
  }
  check(part == parts.size(), "dynamodb", "a split of a partition that is not there, or out of order");
  firsts_ = std::move(firsts);
  ids_ = std::move(ids);
  make_guide();
}

PositionRange PartitionMap::range(std::size_t index) const {
  return {firsts_[index], index + 1 < firsts_.size() ? previous(firsts_[index + 1]) : kLastPosition};
}

PositionRange PartitionMap::range_from(const Position& first) const {
  const auto place = std::lower_bound(firsts_.begin(), firsts_.end(), first);
  check(place != firsts_.end() && *place == first, "dynamodb", "no partition begins there");
  return range(static_cast<std::size_t>(place - firsts_.begin()));
}

}  // namespace nephoscope::dynamodb
