// Joins: the meeting points of a `parallel` step and its branches, k successes of n needed.
//
// The step waits for a reply that is answered once: with success when enough branches have succeeded, with
// the failure that made that impossible otherwise. Branches that end later find nobody; the last one frees
// the join.
#pragma once

#include <cstdint>
#include <vector>

#include "models/common/request.hpp"

namespace nephoscope::application {

using JoinId = Id<struct JoinTag>;

class JoinPool final {
 public:
  explicit JoinPool(Replies& replies) : replies_(replies) {}

  // REQUIRES: 1 <= needed <= branches.
  JoinId open(ReplyId reply, std::uint32_t branches, std::uint32_t needed) {
    const Join join{.reply = reply, .running = branches, .needed = needed, .spare = branches - needed};
    if (free_.empty()) {
      joins_.push_back(join);
      return JoinId(static_cast<std::uint32_t>(joins_.size() - 1));
    }
    const JoinId id(free_.back());
    free_.pop_back();
    joins_[id.value] = join;
    return id;
  }

  // A branch has ended. `interrupted`: its server has crashed, and with it the step that waits.
  void branch_ended(JoinId id, const Response& outcome, bool interrupted) {
    Join& join = joins_[id.value];
    const ReplyId reply = join.reply;
    const bool decides = !interrupted && (outcome.ok() ? --join.needed == 0 : join.spare-- == 0);
    if (--join.running == 0) free_.push_back(id.value);
    if (decides) replies_.answer(reply, outcome.ok() ? Response{} : outcome);
  }

 private:
  struct Join {
    ReplyId reply;
    std::uint32_t running = 0;
    std::uint32_t needed = 0;  // further successes
    std::uint32_t spare = 0;   // further failures that do not matter
  };

  Replies& replies_;
  std::vector<Join> joins_;
  std::vector<std::uint32_t> free_;
};

}  // namespace nephoscope::application
