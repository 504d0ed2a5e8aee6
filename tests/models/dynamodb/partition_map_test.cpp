#include "models/dynamodb/partition_map.hpp"

#include <doctest/doctest.h>

#include "engine/base/check.hpp"

namespace nephoscope::dynamodb {
namespace {

constexpr std::uint64_t kQuarter = std::uint64_t{1} << 62;

std::vector<std::uint32_t> ids_of(const PartitionMap& map) {
  std::vector<std::uint32_t> ids;
  for (const PartitionId id : map.ids()) ids.push_back(id.value);
  return ids;
}

TEST_CASE("dynamodb partition map: a table begins with equal parts of the hash space") {
  const PartitionMap map(4);
  CHECK(map.find({0, 0}).value == 0);
  CHECK(map.find({kQuarter - 1, 99}).value == 0);
  CHECK(map.find({kQuarter, 0}).value == 1);
  CHECK(map.find(kLastPosition).value == 3);
  CHECK(map.range(1) == PositionRange{{kQuarter, 0}, {2 * kQuarter - 1, kLastPosition.sort}});
  CHECK(map.range(1).width() == 0.25);
}

TEST_CASE("dynamodb partition map: a split ends one partition and begins others in its place") {
  PartitionMap map(2);
  const std::vector<PartitionMap::Part> parts = {{PartitionId(0), {0, 0}, PartitionId(2)},
                                                 {PartitionId(0), {kQuarter, 5}, PartitionId(3)},
                                                 {PartitionId(0), {kQuarter, 6}, PartitionId(4)}};
  map.split(parts);
  CHECK(ids_of(map) == std::vector<std::uint32_t>{2, 3, 4, 1});
  CHECK(map.find({kQuarter, 4}).value == 2);
  CHECK(map.find({kQuarter, 5}).value == 3);
  CHECK(map.find({kQuarter, 6}).value == 4);
  CHECK(map.range_from({kQuarter, 5}) == PositionRange{{kQuarter, 5}, {kQuarter, 5}});
}

TEST_CASE("dynamodb partition map: a split that leaves a gap or cuts elsewhere is a programmer's error") {
  PartitionMap map(2);
  const std::vector<PartitionMap::Part> gap = {{PartitionId(0), {1, 0}, PartitionId(2)}};
  CHECK_THROWS_AS(map.split(gap), CheckFailure);
  const std::vector<PartitionMap::Part> outside = {{PartitionId(0), {0, 0}, PartitionId(2)},
                                                   {PartitionId(0), {3 * kQuarter, 0}, PartitionId(3)}};
  CHECK_THROWS_AS(map.split(outside), CheckFailure);
}

TEST_CASE("dynamodb partition map: look-ups agree with a search from the front, however uneven the parts") {
  PartitionMap map(3);
  std::uint32_t next_id = 3;
  for (std::uint64_t i = 0; i < 200; ++i) {
    // Every other cut is near one hash, so that one block of the guide holds many partitions.
    const Position cut = i % 2 == 0 ? Position{mix64(i), i} : Position{kQuarter, mix64(i)};
    const PartitionId of = map.find(cut);
    const PartitionId left(next_id), right(next_id + 1);
    next_id += 2;
    std::size_t index = 0;
    while (map.ids()[index] != of) ++index;
    const std::vector<PartitionMap::Part> parts = {{of, map.firsts()[index], left}, {of, cut, right}};
    map.split(parts);
  }
  REQUIRE(map.size() == 203);
  for (std::uint64_t i = 0; i < 20'000; ++i) {
    const Position at = i % 2 == 0 ? Position{mix64(~i), mix64(i)} : Position{kQuarter, mix64(i)};
    std::size_t index = 0;
    while (index + 1 < map.size() && map.firsts()[index + 1] <= at) ++index;
    REQUIRE(map.find(at) == map.ids()[index]);
    REQUIRE(map.range(index).holds(at));
  }
}

}  // namespace
}  // namespace nephoscope::dynamodb
