// What one process of a server is doing: a request, a branch of one, or spawned steps.
#pragma once

#include <cstdint>

#include "models/application/join_pool.hpp"
#include "models/application/lock_table.hpp"
#include "models/application/program.hpp"

namespace nephoscope::application {

enum class JobKind : std::uint8_t { request, branch, spawned };

// What a process is started with.
struct Job {
  Request request;
  ReplyId reply;  // of a request
  JoinId join;    // of a branch
  std::uint32_t pc = 0;
  JobKind kind = JobKind::request;
  double slow_factor = 1;
};

struct Activity {
  struct Loop {
    std::uint64_t outer_number;  // the request's number outside of the loop
    std::uint32_t round;
  };
  struct HeldLock {
    LockTable* table;
    LockId id;
  };

  explicit Activity(const Job& job)
      : request(job.request),
        reply(job.reply),
        join(job.join),
        pc(job.pc),
        kind(job.kind),
        slow_factor(job.slow_factor) {}

  void end_with(const Response& response) {
    outcome = response;
    going = false;
  }
  void unlock() {
    const HeldLock& held = locks[--lock_depth];
    held.table->leave(held.id, true);
  }

  Request request;  // its number is that of the current round
  ReplyId reply;
  JoinId join;
  std::uint32_t pc;
  JobKind kind;
  bool going = true;
  bool shed = false;
  std::uint8_t loop_depth = 0;
  std::uint8_t lock_depth = 0;
  double slow_factor;
  Response outcome;
  Response doom;  // a version's failure that shows at the end
  Loop loops[Program::kMaxNesting];
  HeldLock locks[Program::kMaxNesting];
};

}  // namespace nephoscope::application
