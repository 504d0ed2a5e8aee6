// A token bucket: tokens flow in at a constant rate up to a capacity, and takers take them out or wait.
//
//   TokenBucket bucket(simulation, {.rate = TokenRate{100, 1s}, .capacity = 500});
//   if (!bucket.try_take(1)) co_return throttled;
//   const WaitStatus status = co_await bucket.take(25);
//
// Exact: a rate is a fraction (tokens per span), the level is an integer in units of 1/span token, and no
// operation rounds, so nothing drifts over months. Only set_rate() with another span may lose less than one
// unit (1e-9 token for spans of a second).
//
// Takers who wait are served first come first: a small request never overtakes a large one, which therefore
// cannot starve. Tokens go to a waiter at the first nanosecond at which there are enough.
#pragma once

#include <cstdint>
#include <optional>
#include <type_traits>

#include "engine/base/units.hpp"
#include "engine/core/simulation.hpp"
#include "engine/queueing/level.hpp"
#include "engine/queueing/patience.hpp"
#include "engine/queueing/wait_list.hpp"

namespace nephoscope {

// `tokens` in every `span`, evenly; tokens >= 0, span > 0. Zero tokens: only put() fills the bucket.
struct TokenRate {
  std::int64_t tokens = 0;
  Duration span = 1s;

  constexpr TokenRate() = default;
  constexpr TokenRate(std::int64_t count, Duration per) : tokens(count), span(per) {}
  // Exact for whole rates, else within 2^-32 tokens a second. REQUIRES: 0 <= rate <= 2^53 a second.
  explicit TokenRate(Rate rate);
};

struct TokenBucketOptions {
  TokenRate rate = {};
  std::int64_t capacity = 0;                 // tokens, >= 0
  std::optional<std::int64_t> initial = {};  // tokens at the start, at most capacity; none = full
};

struct TakeWait;

class TokenBucket final {
 public:
  TokenBucket(Simulation& simulation, TokenBucketOptions options);
  TokenBucket(const TokenBucket&) = delete;
  TokenBucket& operator=(const TokenBucket&) = delete;

  // Takes n tokens if they are there and nobody waits before. REQUIRES (all members): n >= 0.
  bool try_take(std::int64_t n);
  // Waits for n tokens. co_await gives a WaitStatus: done, rejected (n is more than the bucket can hold; if
  // set_capacity() makes it so, the wait ends then), timed_out or interrupted.
  TakeWait take(std::int64_t n, Patience patience = {});
  // Takes n tokens in any case; the level may go below zero (debt) and fills up from there.
  void spend(std::int64_t n);
  // Puts n tokens in; what is over the capacity is lost.
  void put(std::int64_t n);

  // How long until n tokens will be there for one more taker, behind those who wait, if nobody else comes;
  // zero if try_take(n) would succeed. None if that never happens: n over capacity, a zero rate, or more than
  // 100 years.
  std::optional<Duration> time_until(std::int64_t n);

  void set_rate(TokenRate rate);
  // Tokens over the new capacity are lost.
  void set_capacity(std::int64_t capacity);
  // Ends every wait with status interrupted; the level stays.
  void interrupt_all();

  // Whole tokens in the bucket, rounded down; negative in debt.
  std::int64_t level();
  std::int64_t capacity() const { return capacity_; }
  TokenRate rate() const { return rate_; }
  std::uint64_t waiting() const { return waiting_; }

 private:
  friend struct TakeWait;
  WideInt units(std::int64_t tokens) const { return WideInt{tokens} * rate_.span.count(); }
  void refill();
  bool enough(std::int64_t n) const { return level_ >= units(n); }
  std::optional<Duration> time_to_gain(WideInt missing) const;
  void join(TakeWait& wait);
  void leave(TakeWait& wait);
  void end(TakeWait& wait, WaitStatus status);
  void grant();
  void rearm();
  static void due(void* context);

  Simulation& simulation_;
  TokenRate rate_;
  std::int64_t capacity_;
  WideInt level_;  // in units of 1 / rate_.span token
  Time settled_;   // level_ is of this instant
  WaitList<TakeWait> line_;
  std::uint64_t waiting_ = 0;
  WideInt wanted_ = 0;  // tokens that the waiting want
  Timer timer_;         // when the first waiter's tokens are there
};

// The awaitable of TokenBucket::take().
struct [[nodiscard]] TakeWait : Wait, WaitLink {
  TokenBucket& bucket;
  std::int64_t tokens;
  Patience patience;
  Timer timer;

  TakeWait(TokenBucket& owner, std::int64_t n, const Patience& limit)
      : bucket(owner), tokens(n), patience(limit) {}
  bool await_ready() {
    if (bucket.simulation_.over_at_once(*this) || bucket.try_take(tokens)) return true;
    if (tokens > bucket.capacity_) status = WaitStatus::rejected;
    return tokens > bucket.capacity_;
  }
  void await_suspend(std::coroutine_handle<> waiting) {
    bucket.simulation_.begin_wait(*this, waiting);
    bucket.join(*this);
  }
  WaitStatus await_resume() const { return status; }
};
static_assert(std::is_trivially_destructible_v<TakeWait>);

inline TakeWait TokenBucket::take(std::int64_t n, Patience patience) { return TakeWait(*this, n, patience); }

}  // namespace nephoscope
