// A mailbox: messages lie in it, first in first out, until somebody receives them.
//
//   Mailbox<Job> inbox(simulation, {.capacity = 100});
//   if (!inbox.try_send(job)) drop(job);
//   const auto received = co_await inbox.receive(20s);
//   if (received.status == WaitStatus::done) work_on(received.message);
//
// A message that is sent while somebody waits is the first waiter's at once, even if that waiter is
// interrupted before it runs: no message is lost between two events.
#pragma once

#include <cstdint>
#include <deque>
#include <limits>
#include <type_traits>

#include "engine/core/simulation.hpp"
#include "engine/queueing/patience.hpp"
#include "engine/queueing/wait_list.hpp"

namespace nephoscope {

struct MailboxOptions {
  std::uint64_t capacity = std::numeric_limits<std::uint64_t>::max();  // messages; 0 = only hand to hand
};

// Since the mailbox was made: sent = received + dropped + those that lie in it.
struct MailboxCounts {
  std::uint64_t sent = 0;
  std::uint64_t refused = 0;  // no room
  std::uint64_t received = 0;
  std::uint64_t dropped = 0;  // by drop_all()
};

// REQUIRES of T: trivially copyable and default constructible.
template <typename T>
class Mailbox final {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  struct Received {
    WaitStatus status = WaitStatus::done;
    T message{};
  };
  struct ReceiveWait;

  explicit Mailbox(Simulation& simulation, MailboxOptions options = {})
      : simulation_(simulation), capacity_(options.capacity) {}
  Mailbox(const Mailbox&) = delete;
  Mailbox& operator=(const Mailbox&) = delete;

  // Returns false, and takes nothing, if there is no room. Works outside processes too.
  bool try_send(const T& message) {
    if (!line_.empty()) {
      hand_over(message);
    } else if (messages_.size() < capacity_) {
      messages_.push_back(message);
    } else {
      ++counts_.refused;
      return false;
    }
    ++counts_.sent;
    return true;
  }

  // co_await gives a Received: done with the oldest message, timed_out or interrupted without one.
  ReceiveWait receive(Patience patience = {}) { return ReceiveWait(*this, patience); }

  // Forgets the messages that lie in the mailbox (lost in a crash); returns how many.
  std::uint64_t drop_all() {
    const std::uint64_t lost = messages_.size();
    messages_.clear();
    counts_.dropped += lost;
    return lost;
  }
  // Ends every receive that waits with status interrupted; messages stay.
  void interrupt_all() {
    while (!line_.empty()) {
      ReceiveWait& wait = line_.front();
      leave(wait);
      simulation_.end_wait(wait, WaitStatus::interrupted);
    }
  }

  std::uint64_t size() const { return messages_.size(); }
  std::uint64_t waiting() const { return waiting_; }  // receivers
  const MailboxCounts& counts() const { return counts_; }

  // The awaitable of receive().
  struct [[nodiscard]] ReceiveWait : Wait, WaitLink {
    Mailbox& mailbox;
    Patience patience;
    Timer timer;
    T message{};

    ReceiveWait(Mailbox& owner, const Patience& limit) : mailbox(owner), patience(limit) {}
    bool await_ready() { return mailbox.simulation_.over_at_once(*this) || mailbox.take_first(*this); }
    void await_suspend(std::coroutine_handle<> receiving) {
      mailbox.simulation_.begin_wait(*this, receiving);
      mailbox.join(*this);
    }
    Received await_resume() const { return {.status = status, .message = message}; }
  };

 private:
  bool take_first(ReceiveWait& wait) {
    static_assert(std::is_trivially_destructible_v<ReceiveWait>);
    if (messages_.empty()) return false;
    wait.message = messages_.front();
    messages_.pop_front();
    ++counts_.received;
    return true;
  }

  void hand_over(const T& message) {
    ReceiveWait& wait = line_.front();
    leave(wait);
    wait.message = message;
    ++counts_.received;
    simulation_.end_wait(wait, WaitStatus::done);
  }

  void join(ReceiveWait& wait) {
    line_.push_back(wait);
    ++waiting_;
    wait.cancel = [](Wait& base) {
      auto& self = static_cast<ReceiveWait&>(base);
      self.mailbox.leave(self);
    };
    const auto expired = [](void* context) {
      auto& self = *static_cast<ReceiveWait*>(context);
      self.mailbox.leave(self);
      self.status = WaitStatus::timed_out;
      self.mailbox.simulation_.resume_now(self);
    };
    wait.timer = wait.patience.start(simulation_, expired, &wait);
  }

  void leave(ReceiveWait& wait) {
    wait.unlink();
    --waiting_;
    simulation_.cancel(wait.timer);
  }

  Simulation& simulation_;
  std::uint64_t capacity_;
  std::uint64_t waiting_ = 0;
  std::deque<T> messages_;
  WaitList<ReceiveWait> line_;
  MailboxCounts counts_;
};

}  // namespace nephoscope
