#include "models/dynamodb/throttling.hpp"

#include <array>

#include "engine/base/check.hpp"

namespace nephoscope::dynamodb {
namespace {

constexpr std::array<std::array<std::string_view, 4>, kThrottlingReasons - 1> kNames = {{
    {"TableReadProvisionedThroughputExceeded", "TableWriteProvisionedThroughputExceeded",
     "IndexReadProvisionedThroughputExceeded", "IndexWriteProvisionedThroughputExceeded"},
    {"TableReadKeyRangeThroughputExceeded", "TableWriteKeyRangeThroughputExceeded",
     "IndexReadKeyRangeThroughputExceeded", "IndexWriteKeyRangeThroughputExceeded"},
    {"TableReadAccountLimitExceeded", "TableWriteAccountLimitExceeded", "IndexReadAccountLimitExceeded",
     "IndexWriteAccountLimitExceeded"},
    {"TableReadMaxOnDemandThroughputExceeded", "TableWriteMaxOnDemandThroughputExceeded",
     "IndexReadMaxOnDemandThroughputExceeded", "IndexWriteMaxOnDemandThroughputExceeded"},
}};

}  // namespace

std::string_view name_of(ThrottlingReason reason, Access access, bool of_index) {
  check(reason != ThrottlingReason::none, "dynamodb", "no name for a demand that was admitted");
  return kNames[static_cast<std::size_t>(reason) - 1][index_of(access) + (of_index ? 2U : 0U)];
}

}  // namespace nephoscope::dynamodb
