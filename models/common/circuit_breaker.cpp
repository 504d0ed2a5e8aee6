#include "models/common/circuit_breaker.hpp"

#include <algorithm>

namespace nephoscope {

namespace {
constexpr Probability kDefaultFailureRate{0.5};
}

const FieldTable<BreakerPolicy>& BreakerPolicy::fields() {
  static const char* const kHystrix = "Netflix Hystrix, Configuration (wiki)";
  static const auto table =
      FieldTable<BreakerPolicy>("circuit breaker", "Stops sending to a callee that keeps failing.")
          .field("failures", &BreakerPolicy::failures,
                 {.doc = "opens at so many failed attempts in the window", .min = 1, .max = 1'000'000})
          .field(
              "failure_rate", &BreakerPolicy::failure_rate,
              {.doc = "opens at this share of failed attempts in the window; 50% if `failures` is absent too",
               .source = kHystrix,
               .above = 0})
          .field("window", &BreakerPolicy::window,
                 {.doc = "how far back attempts count, in ten steps",
                  .source = kHystrix,
                  .min = Duration(10ms),
                  .max = Duration(24h)})
          .field("minimum_calls", &BreakerPolicy::minimum_calls,
                 {.doc = "attempts in the window before a failure rate counts",
                  .source = kHystrix,
                  .min = 1,
                  .max = 1'000'000})
          .field("open_for", &BreakerPolicy::open_for,
                 {.doc = "how long nothing is sent before probes are",
                  .source = kHystrix,
                  .max = Duration(24h),
                  .above = Duration{}})
          .field("probes", &BreakerPolicy::probes,
                 {.doc = "attempts let through half-open; all must succeed to close",
                  .source = kHystrix,
                  .min = 1,
                  .max = 1000})
          .at_most_one_of({"failures", "failure_rate"});
  return table;
}

void CircuitBreaker::enter(State state, Time now) {
  state_ = state;
  ++epoch_;
  entered_ = now;
  probes_out_ = probes_succeeded_ = 0;
  if (state != State::closed) return;
  buckets_.fill({});
  calls_ = failures_ = 0;
}

CircuitBreaker::Ticket CircuitBreaker::admit(Time now) {
  if (state_ == State::open && now - entered_ >= policy_.open_for) enter(State::half_open, now);
  if (state_ == State::open) return {};
  if (state_ == State::half_open) {
    if (probes_out_ + probes_succeeded_ >= policy_.probes) return {};
    ++probes_out_;
  }
  return {.epoch = epoch_, .admitted = true};
}

// Forgets buckets that have left the window.
void CircuitBreaker::advance(Time now) {
  const std::int64_t number = now.time_since_epoch() / (policy_.window / static_cast<std::int64_t>(kBuckets));
  const std::int64_t oldest_kept = number - static_cast<std::int64_t>(kBuckets) + 1;
  for (std::int64_t gone = std::max(newest_ + 1, oldest_kept); gone <= number; ++gone) {
    Bucket& bucket = buckets_[static_cast<std::size_t>(gone) % kBuckets];
    calls_ -= bucket.calls;
    failures_ -= bucket.failures;
    bucket = {};
  }
  newest_ = number;
}

void CircuitBreaker::count(Time now, bool failed) {
  advance(now);
  Bucket& bucket = buckets_[static_cast<std::size_t>(newest_) % kBuckets];
  ++bucket.calls;
  ++calls_;
  bucket.failures += failed ? 1 : 0;
  failures_ += failed ? 1 : 0;
}

bool CircuitBreaker::too_many() const {
  if (policy_.failures) return failures_ >= *policy_.failures;
  const Probability limit = policy_.failure_rate.value_or(kDefaultFailureRate);
  return calls_ >= policy_.minimum_calls &&
         static_cast<double>(failures_) >= limit.value * static_cast<double>(calls_);
}

void CircuitBreaker::report(Ticket ticket, Time now, Outcome outcome) {
  if (ticket.epoch != epoch_) return;
  if (state_ == State::closed) {
    if (outcome == Outcome::unknown) return;
    count(now, outcome == Outcome::failure);
    if (outcome == Outcome::failure && too_many()) enter(State::open, now);
    return;
  }
  --probes_out_;
  if (outcome == Outcome::failure) enter(State::open, now);
  if (outcome == Outcome::success && ++probes_succeeded_ >= policy_.probes) enter(State::closed, now);
}

}  // namespace nephoscope
