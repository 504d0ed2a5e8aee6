// BatchGetItem and BatchWriteItem: every item is admitted by itself; what is turned away comes back
// unprocessed, and the caller asks for it again, with exponential backoff as AWS advises.
#pragma once

#include <array>
#include <cstdint>

#include "models/dynamodb/core.hpp"

namespace nephoscope::dynamodb {

class Batches final {
 public:
  // REQUIRES: outlives it.
  explicit Batches(Core& core) : core_(core) {}
  Process serve(Request request, const Operation& operation, ReplyId reply);

 private:
  // The items of a batch that are still to be done: the first `count`.
  struct Open {
    std::array<ItemKey, kMostItems> items;
    std::array<std::uint8_t, kMostItems> numbers;  // of the items in the request
    std::uint32_t count = 0;
  };
  // What one request for them brought.
  struct Round {
    Duration longest{};
    Duration agreement{};  // with another Region
    std::int64_t bytes = 0;
    std::uint32_t done = 0;
    Admission refusal;  // the last one
  };
  Open open(const Request& request, const Operation& operation) const;
  Round attempt(const Request& request, const Operation& operation, Open& open, std::uint32_t repetition);
  bool get(const Request& request, const Operation& operation, const ItemKey& item, Draws& draws,
           Round& round);
  bool write(const Request& request, const Operation& operation, const ItemKey& item, std::uint32_t number,
             Round& round);

  Core& core_;
};

// Before the `repetition`-th repetition, from 1: it doubles each time, up to 20 s.
Duration continuation_delay(const TableConfig& config, std::int64_t repetition);

}  // namespace nephoscope::dynamodb
