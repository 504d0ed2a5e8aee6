// Where items lie: in the order of the hash of their partition key, then of their sort key.
//
// A partition is an interval of positions. Source: DynamoDB Developer Guide, "Partitions and data
// distribution".
#pragma once

#include <compare>
#include <cstdint>

#include "models/common/request.hpp"

namespace nephoscope::dynamodb {

struct Position {
  std::uint64_t hash = 0;  // of the partition key
  std::uint64_t sort = 0;  // the sort key; 0 in a table without
  constexpr auto operator<=>(const Position&) const = default;
};

// DynamoDB's hash function is not published; any that mixes well is as good.
constexpr Position position_of(std::uint64_t key, std::uint64_t sort = 0) {
  return {.hash = mix64(key), .sort = sort};
}

}  // namespace nephoscope::dynamodb
