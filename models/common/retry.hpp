// Retries: whether a failed attempt is tried again, after which sleep, and what that costs. Pure decisions;
// time passes elsewhere (call.hpp).
//
// Names: k = 1, 2, ... counts retries, so retry k follows failed attempt k. U is uniform on (0, 1).
//
//   mode           attempts  sleep before retry k                              quota (500 tokens a client)
//   none           1         -                                                 -
//   legacy         5         U 2^(k-1) s, no cap                               none
//     dynamodb     10        50 ms 2^(k-1), no jitter                          none
//   standard       3         U min(2^(k-1), 20) s                              5; 10 if the attempt timed out
//   adaptive       3         as standard, and every attempt takes a token of the client's send rate
//   (send_rate.hpp) standard_2026  3         U min(s 2^(k-1), 20 s), s = 50 ms, throttled 1 s  14; throttled
//   5
//     dynamodb     4         the same with s = 25 ms, throttled 1 s            14; throttled 5
//   plain          3         by `jitter`, see there                            optional budget
//
// Sources: botocore data/_retry.json (legacy), retries/standard.py and retries/quota.py (standard),
// retries/adaptive.py; AWS Developer Tools Blog "Announcing updated retry behavior" (May 2026), aws-sdk-go-v2
// pull request 3400 and aws-sdk-java-v2 issue 6987 (standard_2026).
//
// Which failures are retried: transient faults, throttling and the caller's own time-outs, in every mode.
// Never the request's own fault (HTTP 4xx), nor what the caller's own side refused (pool, breaker, deadline).
#pragma once

#include <cstdint>
#include <optional>

#include "engine/base/time.hpp"
#include "engine/base/units.hpp"
#include "engine/config/field_table.hpp"
#include "models/common/request.hpp"

namespace nephoscope {

enum class RetryMode : std::uint8_t { none, legacy, standard, adaptive, standard_2026, plain };

// Services for which SDKs have constants of their own.
enum class RetryService : std::uint8_t { generic, dynamodb };

// The sleep of `plain` before retry k, with e = min(cap, base 2^(k-1)). The last three: M. Brooker,
// "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
enum class Jitter : std::uint8_t {
  none,          // base, always the same
  exponential,   // e
  full,          // U e
  equal,         // e / 2 + U e / 2
  decorrelated,  // min(cap, base + U (3 s - base)), s = the sleep before, at first base
};

// What a scenario says under `retry`.
struct RetryPolicy {
  RetryMode mode = RetryMode::none;
  std::optional<std::uint32_t> max_attempts;  // the first try included; none = the mode's own
  RetryService service = RetryService::generic;
  bool long_poll = false;  // a receive call that waits for work: sleeps even when the quota is empty (2026)
  Duration base = 100ms;   // this and what follows: mode plain only
  Duration cap = 20s;
  Jitter jitter = Jitter::full;
  std::optional<Probability> budget;  // retries per call, at most, in the long run

  static const FieldTable<RetryPolicy>& fields();
  // Attempts that one call may make, >= 1.
  std::uint32_t attempts() const;
};

// The tokens that retries cost: one quota for all calls of one client object.
class RetryQuota final {
 public:
  explicit RetryQuota(const RetryPolicy& policy);

  // Whether this mode has a quota at all.
  bool limited() const { return capacity_ > 0; }
  // Tokens left; 0 when there is no quota.
  std::int64_t available() const { return level_ / unit_; }

  // Takes n tokens, or none and says no. REQUIRES (both): n >= 0.
  bool take(std::int64_t n);
  // Gives n tokens back; what exceeds the capacity is lost.
  void put(std::int64_t n);
  // A call begins: earns its share of a budget.
  void earn();

 private:
  std::int64_t unit_ = 1;  // a token, in the finer units of a budget
  std::int64_t capacity_ = 0;
  std::int64_t level_ = 0;
  std::int64_t earned_per_call_ = 0;
};

// What one call has done so far.
struct RetryProgress {
  std::uint32_t tries = 1;  // first try and retries; hedged attempts do not count
  std::int64_t taken = 0;   // tokens that the last retry cost; 0 before the first
  Duration slept{};         // before the last retry
};

enum class RetryVerdict : std::uint8_t {
  retry,           // after the sleep
  not_retriable,   // this failure is never retried
  attempts_spent,  // the last try has failed
  quota_empty,     // the client cannot pay; the failure is returned (after the sleep, which is mostly zero)
};

struct RetryDecision {
  RetryVerdict verdict = RetryVerdict::not_retriable;
  Duration sleep{};
};

// Whether this kind of failure is worth another attempt.
bool is_retriable(Fault fault);

// Decides about a failed try, and pays for the retry if there is one. `uniform` is U.
// REQUIRES: 0 <= uniform <= 1; `failed` is a failure.
RetryDecision decide_retry(const RetryPolicy& policy, RetryQuota& quota, RetryProgress& progress,
                           const Response& failed, double uniform);

// A call has succeeded: the quota gets back what its last retry took, or one token if it had none.
void refund(RetryQuota& quota, const RetryPolicy& policy, const RetryProgress& progress);

template <>
inline constexpr auto kEnumNames<RetryMode> = enum_names<RetryMode>({{"none", RetryMode::none},
                                                                     {"legacy", RetryMode::legacy},
                                                                     {"standard", RetryMode::standard},
                                                                     {"adaptive", RetryMode::adaptive},
                                                                     {"standard_2026",
                                                                      RetryMode::standard_2026},
                                                                     {"plain", RetryMode::plain}});
template <>
inline constexpr auto kEnumNames<RetryService> =
    enum_names<RetryService>({{"generic", RetryService::generic}, {"dynamodb", RetryService::dynamodb}});
template <>
inline constexpr auto kEnumNames<Jitter> = enum_names<Jitter>({{"none", Jitter::none},
                                                               {"exponential", Jitter::exponential},
                                                               {"full", Jitter::full},
                                                               {"equal", Jitter::equal},
                                                               {"decorrelated", Jitter::decorrelated}});

}  // namespace nephoscope
