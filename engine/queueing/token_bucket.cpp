#include "engine/queueing/token_bucket.hpp"

#include <algorithm>
#include <cmath>

#include "engine/base/check.hpp"

namespace nephoscope {

TokenRate::TokenRate(Rate rate) {
  const double per_second = rate.per_second;
  check(per_second >= 0 && per_second <= 0x1p53, "queueing", "{} tokens a second are out of range",
        per_second);
  std::int64_t seconds = 1;  // a power of two, as long as the fraction needs it
  while (seconds < std::int64_t{1} << 32 && per_second * static_cast<double>(seconds) < 0x1p52 &&
         std::floor(per_second * static_cast<double>(seconds)) != per_second * static_cast<double>(seconds))
    seconds *= 2;
  tokens = static_cast<std::int64_t>(std::floor(per_second * static_cast<double>(seconds) + 0.5));
  span = std::chrono::seconds(seconds);
}

TokenBucket::TokenBucket(Simulation& simulation, TokenBucketOptions options)
    : simulation_(simulation),
      rate_(options.rate),
      capacity_(options.capacity),
      level_(0),
      settled_(simulation.now()) {
  check(rate_.tokens >= 0 && rate_.span > Duration{}, "queueing", "{} tokens per {} s are not a rate",
        rate_.tokens, to_seconds(rate_.span));
  check(capacity_ >= 0, "queueing", "a capacity of {} tokens is negative", capacity_);
  level_ = units(std::min(options.initial.value_or(capacity_), capacity_));
}

void TokenBucket::refill() {
  const Time now = simulation_.now();
  level_ = std::min(units(capacity_), level_ + WideInt{rate_.tokens} * (now - settled_).count());
  settled_ = now;
}

bool TokenBucket::try_take(std::int64_t n) {
  check(n >= 0, "queueing", "{} tokens cannot be taken", n);
  refill();
  if (waiting_ > 0 || !enough(n)) return false;
  level_ -= units(n);
  return true;
}

void TokenBucket::spend(std::int64_t n) {
  check(n >= 0, "queueing", "{} tokens cannot be spent", n);
  refill();
  level_ -= units(n);
  rearm();
}

void TokenBucket::put(std::int64_t n) {
  check(n >= 0, "queueing", "{} tokens cannot be put in", n);
  refill();
  level_ = std::min(units(capacity_), level_ + units(n));
  grant();
}

std::int64_t TokenBucket::level() {
  refill();
  const WideInt span = rate_.span.count();
  const WideInt whole = level_ / span;
  return static_cast<std::int64_t>(level_ % span < 0 ? whole - 1 : whole);
}

// None if it takes more than 100 years.
std::optional<Duration> TokenBucket::time_to_gain(WideInt missing) const {
  if (missing <= 0) return Duration{};
  if (rate_.tokens == 0) return std::nullopt;
  const WideInt span = (missing + rate_.tokens - 1) / rate_.tokens;
  if (span > kMaxDuration.count()) return std::nullopt;
  return Duration(static_cast<std::int64_t>(span));
}

std::optional<Duration> TokenBucket::time_until(std::int64_t n) {
  refill();
  if (n > capacity_) return std::nullopt;
  return time_to_gain((wanted_ + n) * rate_.span.count() - level_);
}

void TokenBucket::join(TakeWait& wait) {
  line_.push_back(wait);
  ++waiting_;
  wanted_ += wait.tokens;
  wait.cancel = [](Wait& base) {
    auto& self = static_cast<TakeWait&>(base);
    self.bucket.leave(self);
    self.bucket.grant();
  };
  const auto expired = [](void* context) {
    auto& self = *static_cast<TakeWait*>(context);
    self.bucket.leave(self);
    self.bucket.grant();
    self.status = WaitStatus::timed_out;
    self.bucket.simulation_.resume_now(self);
  };
  wait.timer = wait.patience.start(simulation_, expired, &wait);
  if (waiting_ == 1) rearm();
}

void TokenBucket::leave(TakeWait& wait) {
  wait.unlink();
  --waiting_;
  wanted_ -= wait.tokens;
  simulation_.cancel(wait.timer);
}

void TokenBucket::end(TakeWait& wait, WaitStatus status) {
  leave(wait);
  simulation_.end_wait(wait, status);
}

// Serves from the front as long as there are tokens, and sets the timer for the next one.
void TokenBucket::grant() {
  refill();
  while (waiting_ > 0 && enough(line_.front().tokens)) {
    level_ -= units(line_.front().tokens);
    end(line_.front(), WaitStatus::done);
  }
  rearm();
}

// REQUIRES: refilled.
void TokenBucket::rearm() {
  simulation_.cancel(timer_);
  timer_ = {};
  if (waiting_ == 0) return;
  const std::optional<Duration> span = time_to_gain(units(line_.front().tokens) - level_);
  if (span) timer_ = simulation_.after(*span, due, this);
}

void TokenBucket::due(void* context) { static_cast<TokenBucket*>(context)->grant(); }

void TokenBucket::set_rate(TokenRate rate) {
  check(rate.tokens >= 0 && rate.span > Duration{}, "queueing", "{} tokens per {} s are not a rate",
        rate.tokens, to_seconds(rate.span));
  refill();
  const WideInt old_span = rate_.span.count();
  const WideInt new_span = rate.span.count();
  WideInt whole = level_ / old_span;
  WideInt part = level_ % old_span;
  if (part < 0) {  // in debt: round down, too
    part += old_span;
    --whole;
  }
  level_ = whole * new_span + part * new_span / old_span;
  rate_ = rate;
  rearm();
}

void TokenBucket::set_capacity(std::int64_t capacity) {
  check(capacity >= 0, "queueing", "a capacity of {} tokens is negative", capacity);
  refill();
  capacity_ = capacity;
  refill();
  for (std::uint64_t left = waiting_; left > 0; --left) {
    TakeWait& wait = line_.pop_front();
    line_.push_back(wait);
    if (wait.tokens > capacity_) end(wait, WaitStatus::rejected);
  }
  grant();
}

void TokenBucket::interrupt_all() {
  while (waiting_ > 0) end(line_.front(), WaitStatus::interrupted);
  rearm();
}

}  // namespace nephoscope
