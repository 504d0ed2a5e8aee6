// GetItem, PutItem, UpdateItem and DeleteItem.
#pragma once

#include "models/dynamodb/core.hpp"

namespace nephoscope::dynamodb {

class SingleItems final {
 public:
  // REQUIRES: outlives it.
  explicit SingleItems(Core& core) : core_(core) {}
  void get(const Request& request, const Operation& operation, ReplyId reply);
  void write(const Request& request, const Operation& operation, ReplyId reply);

 private:
  void get_at(const Request& request, const Operation& operation, const ItemKey& item, ReplyId reply,
              Time begun);
  void write_at(const Request& request, const Operation& operation, const ItemKey& item, ReplyId reply,
                Time begun);
  Process get_when_ready(Request request, const Operation& operation, ItemKey item, ReplyId reply);
  Process write_when_ready(Request request, const Operation& operation, ItemKey item, ReplyId reply);
  WritePlan plan(const Request& request, const Operation& operation, const ItemKey& item) const;

  Core& core_;
};

}  // namespace nephoscope::dynamodb
