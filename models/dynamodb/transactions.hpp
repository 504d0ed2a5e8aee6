// TransactGetItems and TransactWriteItems: all of their items or none, in two phases, at twice the price.
//
// A write transaction prepares (admission, conditions, conflicts), holds its items, commits them all at one
// instant half way through its latency, and lets go at its end. What meets a held item fails with a conflict.
// Sources: DynamoDB Developer Guide, "Amazon DynamoDB Transactions: how it works"; Idziorek et al.,
// "Distributed transactions at scale in Amazon DynamoDB", USENIX ATC 2023.
#pragma once

#include <vector>

#include "models/dynamodb/core.hpp"

namespace nephoscope::dynamodb {

class Transactions final {
 public:
  // REQUIRES: outlives it.
  explicit Transactions(Core& core) : core_(core) {}
  Process get(Request request, const Operation& operation, ReplyId reply);
  Process write(Request request, const Operation& operation, ReplyId reply);

 private:
  using Demands = std::vector<Demand>;

  std::vector<ItemKey> items_of(const Request& request, const Operation& operation) const;
  std::vector<WritePlan> plan(const Request& request, const Operation& operation) const;
  // How many of the items are held by others.
  std::uint32_t conflicts(const std::vector<ItemKey>& items, bool with_writes) const;
  Demands by_partition(const Demands& demands) const;
  Admission admit(const Demands& demands, const std::vector<WritePlan>& plans);
  Admission judge_indexes(const std::vector<WritePlan>& plans);
  void take(const Demands& merged, const std::vector<WritePlan>& plans);
  Task<bool> leaders_of(const std::vector<ItemKey>& items);
  Outcome prepare(const std::vector<ItemKey>& items, const std::vector<WritePlan>& plans);

  Core& core_;
};

}  // namespace nephoscope::dynamodb
