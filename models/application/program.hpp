// A program: the handlers of an application as flat instructions, as its servers execute them.
//
// Nested steps become jumps, so that one coroutine runs a whole request; only the branches of a `parallel`
// and what is spawned run in processes of their own. All names are ids, all side tables are reached by index.
//
// Addresses of draws. Steps are numbered 1, 2, ... within a handler in the order written, inner ones
// included; a draw belongs to (application, request number, attempt, step). A round of a `repeat` and a copy
// of a `parallel` branch go on under a number of their own, see round_number().
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "models/application/application.hpp"
#include "models/common/world.hpp"

namespace nephoscope::application {

enum class Op : std::uint8_t {
  compute,     // CPU work
  wait,        // time without CPU
  call,        // calls[index]; on failure see on_failure
  fork,        // forks[index]; on failure see on_failure
  lock,        // waits for locks[index], then holds it
  send,        // calls[index], one-way
  spawn,       // a process of its own begins at `target`
  unlock,      // gives back the lock taken last
  enter_loop,  // begins round 0 of loops[index]
  next_round,  // another round at `target`, or on
  choose,      // choices[index]; none chosen: on at `target`
  jump,        // to `target`
  hit_ratio,   // a hit (draw < probability): to `target`
  look_up,     // a hit in caches[index]: to `target`
  fill,        // enters the key of look_up's step into caches[index]
  fail,        // failures[index]
  end,         // of a handler or branch
};

enum class OnFailure : std::uint8_t { fail, skip };  // skip: goes on at `target`

struct Instruction {
  Op op = Op::end;
  OnFailure on_failure = OnFailure::fail;
  std::uint32_t step = 0;                      // address of its draws
  std::uint32_t target = 0;                    // index of an instruction
  std::uint32_t index = 0;                     // into a side table
  const DurationDistribution* span = nullptr;  // compute, wait: null if constant
  Duration constant{};
};

struct CallSite {
  const CallPolicy* policy = nullptr;  // null for send
  std::string resource;
  OperationId operation;
  KeyChoice key;
  const SizeDistribution* size = nullptr;
  std::uint32_t caller = 0;  // sites with equal resource and policy share one Caller of each server
};

struct ForkSite {
  std::vector<std::uint32_t> branches;  // where they begin
  std::uint32_t times = 1;
  std::uint32_t needed = 1;  // successes
  std::uint32_t started() const { return static_cast<std::uint32_t>(branches.size()) * times; }
};

struct LoopSite {
  std::uint32_t times = 0;  // 0 = no limit
  double until = 0;
};

struct ChoiceSite {
  struct Option {
    double below = 0;  // cumulative share
    std::uint32_t target = 0;
  };
  std::vector<Option> options;
};

struct CacheSite {
  double hit_ratio = 0;
  CacheScope scope = CacheScope::server;
  std::uint64_t capacity = 0;
  Duration ttl = kMaxDuration;
  KeyChoice key;
};

struct LockSite {
  LockScope scope = LockScope::server;
  std::uint32_t lock = 0;  // locks of equal name and scope are one
  bool keyed = false;
  KeyChoice key;
};

struct FailureSite {
  Fault fault = Fault::transient;
  ErrorId error;
  double share = 1;
};

struct Program {
  static constexpr std::uint32_t kMaxNesting = 6;  // loops in loops, and locks in locks
  static constexpr std::uint32_t kNoHandler = 0xffffffffU;

  std::vector<Instruction> code;
  std::vector<std::uint32_t> handlers;  // by operation: where its handler begins, or kNoHandler
  std::vector<CallSite> calls;
  std::vector<ForkSite> forks;
  std::vector<LoopSite> loops;
  std::vector<ChoiceSite> choices;
  std::vector<CacheSite> caches;
  std::vector<LockSite> locks;
  std::vector<FailureSite> failures;
  std::uint32_t callers = 0;
  std::uint32_t nothing = 0;  // where an empty handler begins
  std::uint32_t lock_names = 0;

  std::uint32_t sole_handler = kNoHandler;

  // Where the handler of `operation` begins, or kNoHandler. A request without operation is the only
  // handler's.
  std::uint32_t handler(OperationId operation) const {
    if (operation.value < handlers.size()) return handlers[operation.value];
    return operation ? kNoHandler : sole_handler;
  }
};

// `config` must outlive the program.
Program compile(const ApplicationConfig& config, World& world);

// The number under which round or copy `round` of the block at `step` goes on: request `number`, if it is
// in attempt `attempt`. Differs from all numbers of calls that the request itself makes.
inline constexpr std::uint32_t kRoundStep = 0xffffffffU;  // no call has this step
constexpr std::uint64_t round_number(std::uint64_t number, std::uint32_t attempt, std::uint32_t step,
                                     std::uint32_t round) {
  return child_number(child_number(number, attempt, step), round, kRoundStep);
}

}  // namespace nephoscope::application
