// Replies: the meeting point of one waiting process and whoever answers it, possibly too late.
//
// The caller opens a reply, hands its id to the callee and waits for it with a time-out. The first of
// {answer, time-out} resumes the caller; the loser is dropped: a callee that answers a closed reply works,
// as real servers do, for nobody.
//
//   ReplyPool<Response> replies(simulation);
//   const ReplyId id = replies.open();
//   server.submit(request, id);                       // keeps running even if we give up
//   const auto reply = co_await replies.wait(id, timeout_class);
//   if (reply.status == WaitStatus::done) use(reply.value);
#pragma once

#include <cstdint>
#include <type_traits>
#include <vector>

#include "engine/core/simulation.hpp"

namespace nephoscope {

struct ReplyId {
  std::uint32_t index = 0;
  std::uint32_t generation = 0;  // 0 names no reply: answers to it are dropped
};

// REQUIRES of T: trivially copyable and default constructible.
template <typename T>
class ReplyPool {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  struct Result {
    WaitStatus status = WaitStatus::done;
    T value{};
  };
  struct ReplyWait;

  explicit ReplyPool(Simulation& simulation) : simulation_(simulation) {}
  ReplyPool(const ReplyPool&) = delete;
  ReplyPool& operator=(const ReplyPool&) = delete;

  // A reply that is complete after `answers` answers; the last one's value counts. REQUIRES: answers >= 1.
  ReplyId open(std::uint32_t answers = 1) {
    std::uint32_t index;
    if (free_.empty()) {
      index = static_cast<std::uint32_t>(slots_.size());
      slots_.emplace_back();
    } else {
      index = free_.back();
      free_.pop_back();
    }
    slots_[index].missing = answers;
    return {.index = index, .generation = slots_[index].generation};
  }

  // Gives an answer. Returns false if nobody waits for it any more (closed, timed out or complete).
  bool answer(ReplyId id, const T& value) {
    if (!is_open(id)) return false;
    Slot& slot = slots_[id.index];
    if (slot.missing == 0) return false;
    slot.value = value;
    if (--slot.missing == 0 && slot.waiter != nullptr) {
      simulation_.cancel(slot.waiter->timer);
      simulation_.end_wait(*slot.waiter, WaitStatus::done);
    }
    return true;
  }

  // Whether somebody will still read an answer to `id`.
  bool is_open(ReplyId id) const {
    return id.generation != 0 && id.index < slots_.size() && slots_[id.index].generation == id.generation;
  }

  // Closes a reply that nobody will wait for.
  void close(ReplyId id) {
    if (is_open(id)) recycle(id.index);
  }

  // Waits for the reply, at most the given time, then closes it. REQUIRES: `id` is open, one waiter only.
  ReplyWait wait(ReplyId id, TimeoutClass timeout) {
    return ReplyWait(*this, id, Limit::constant, timeout, {});
  }
  ReplyWait wait(ReplyId id, Duration timeout) { return ReplyWait(*this, id, Limit::once, {}, timeout); }
  ReplyWait wait(ReplyId id) { return ReplyWait(*this, id, Limit::none, {}, {}); }

  enum class Limit : std::uint8_t { none, constant, once };

  struct [[nodiscard]] ReplyWait : Wait {
    ReplyPool& pool;
    ReplyId id;
    Limit limit;
    TimeoutClass timeout;
    Duration span;
    Timer timer;

    ReplyWait(ReplyPool& owner, ReplyId reply, Limit kind, TimeoutClass timeout_class, Duration length)
        : pool(owner), id(reply), limit(kind), timeout(timeout_class), span(length) {}
    bool await_ready() { return pool.simulation_.over_at_once(*this) || pool.slots_[id.index].missing == 0; }
    void await_suspend(std::coroutine_handle<> waiting) {
      pool.simulation_.begin_wait(*this, waiting);
      pool.slots_[id.index].waiter = this;
      cancel = [](Wait& wait) {
        auto& self = static_cast<ReplyWait&>(wait);
        self.pool.simulation_.cancel(self.timer);
        self.pool.retire(self.id.index);
      };
      const auto expired = [](void* context) {
        auto& self = *static_cast<ReplyWait*>(context);
        self.status = WaitStatus::timed_out;
        self.pool.simulation_.resume_now(self);
      };
      if (limit == Limit::constant) timer = pool.simulation_.after(timeout, expired, this);
      if (limit == Limit::once) timer = pool.simulation_.after(span, expired, this);
    }
    Result await_resume() {
      const Result result{.status = status, .value = pool.slots_[id.index].value};
      pool.recycle(id.index);
      return result;
    }
  };

 private:
  struct Slot {
    std::uint32_t generation = 1;
    std::uint32_t missing = 0;
    ReplyWait* waiter = nullptr;
    T value{};
  };

  // From now on the id names no reply.
  void retire(std::uint32_t index) {
    Slot& slot = slots_[index];
    if (++slot.generation == 0) slot.generation = 1;
    slot.waiter = nullptr;
  }

  void recycle(std::uint32_t index) {
    retire(index);
    slots_[index].value = T{};
    free_.push_back(index);
  }

  Simulation& simulation_;
  std::vector<Slot> slots_;
  std::vector<std::uint32_t> free_;
};

}  // namespace nephoscope
