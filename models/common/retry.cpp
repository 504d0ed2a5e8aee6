#include "models/common/retry.hpp"

#include <algorithm>

#include "engine/base/check.hpp"

namespace nephoscope {

namespace {

// botocore retries/quota.py (RetryQuota.INITIAL_CAPACITY) and retries/standard.py (RetryQuotaChecker).
constexpr std::int64_t kQuota = 500;
constexpr std::int64_t kRetryCost = 5;
constexpr std::int64_t kTimeoutRetryCost = 10;
constexpr std::int64_t kNoRetryRefund = 1;
// botocore retries/standard.py (ExponentialBackoff).
constexpr Duration kStandardBase = 1s;
constexpr Duration kStandardCap = 20s;
// botocore data/_retry.json.
constexpr Duration kLegacyBase = 1s;
constexpr Duration kLegacyDynamoDbBase = 50ms;
// aws-sdk-go-v2 pull request 3400, aws-sdk-java-v2 issue 6987.
constexpr std::int64_t kTransientCost2026 = 14;
constexpr std::int64_t kThrottlingCost2026 = 5;
constexpr Duration kTransientBase2026 = 50ms;
constexpr Duration kDynamoDbBase2026 = 25ms;
constexpr Duration kThrottlingBase2026 = 1s;
constexpr Duration kRetryAfterSlack2026 = 5s;
// A budget's reserve, so that a client with few calls can retry at all: our choice, as Finagle's RetryBudget
// lets 10 retries a second pass whatever the ratio.
constexpr std::int64_t kBudgetReserve = 10;
constexpr std::int64_t kBudgetUnit = 1'000'000;

// min(cap, base 2^times).
Duration doubled(Duration base, std::uint32_t times, Duration cap) {
  Duration result = std::min(base, cap);
  for (; times > 0 && result > Duration{} && result < cap; --times) result = std::min(2 * result, cap);
  return result;
}

Duration share_of(Duration span, double share) {
  return Duration(static_cast<std::int64_t>(static_cast<double>(span.count()) * share));
}

Duration plain_sleep(const RetryPolicy& policy, const RetryProgress& progress, double uniform) {
  const Duration exponential = doubled(policy.base, progress.tries - 1, policy.cap);
  switch (policy.jitter) {
    case Jitter::none:
      return policy.base;
    case Jitter::exponential:
      return exponential;
    case Jitter::full:
      return share_of(exponential, uniform);
    case Jitter::equal:
      return exponential / 2 + share_of(exponential - exponential / 2, uniform);
    case Jitter::decorrelated:
      break;
  }
  const Duration before = progress.tries == 1 ? policy.base : progress.slept;
  return std::min(policy.cap, policy.base + share_of(3 * before - policy.base, uniform));
}

Duration legacy_sleep(const RetryPolicy& policy, std::uint32_t retry, double uniform) {
  if (policy.service == RetryService::dynamodb) return doubled(kLegacyDynamoDbBase, retry - 1, kMaxDuration);
  return share_of(doubled(kLegacyBase, retry - 1, kMaxDuration), uniform);
}

Duration sleep_2026(const RetryPolicy& policy, std::uint32_t retry, const Response& failed, double uniform) {
  const Duration transient =
      policy.service == RetryService::dynamodb ? kDynamoDbBase2026 : kTransientBase2026;
  const Duration base = failed.fault == Fault::throttling ? kThrottlingBase2026 : transient;
  const Duration computed = share_of(doubled(base, retry - 1, kStandardCap), uniform);
  if (failed.retry_after == Duration{}) return computed;
  return std::clamp(failed.retry_after, computed, computed + kRetryAfterSlack2026);
}

Duration sleep_before_retry(const RetryPolicy& policy, const RetryProgress& progress, const Response& failed,
                            double uniform) {
  const std::uint32_t retry = progress.tries;
  switch (policy.mode) {
    case RetryMode::none:
      break;
    case RetryMode::legacy:
      return legacy_sleep(policy, retry, uniform);
    case RetryMode::standard:
    case RetryMode::adaptive:
      return share_of(doubled(kStandardBase, retry - 1, kStandardCap), uniform);
    case RetryMode::standard_2026:
      return sleep_2026(policy, retry, failed, uniform);
    case RetryMode::plain:
      return plain_sleep(policy, progress, uniform);
  }
  return {};
}

std::int64_t retry_cost(RetryMode mode, Fault fault) {
  switch (mode) {
    case RetryMode::none:
    case RetryMode::legacy:
      return 0;
    case RetryMode::standard:
    case RetryMode::adaptive:
      return fault == Fault::timeout ? kTimeoutRetryCost : kRetryCost;
    case RetryMode::standard_2026:
      return fault == Fault::throttling ? kThrottlingCost2026 : kTransientCost2026;
    case RetryMode::plain:
      return 1;
  }
  return 0;
}

std::int64_t quota_capacity(const RetryPolicy& policy) {
  switch (policy.mode) {
    case RetryMode::standard:
    case RetryMode::adaptive:
    case RetryMode::standard_2026:
      return kQuota;
    case RetryMode::plain:
      return policy.budget ? kBudgetReserve : 0;
    case RetryMode::none:
    case RetryMode::legacy:
      break;
  }
  return 0;
}

// Keys that the chosen mode does not read would mislead.
void check_mode(const RetryPolicy& policy, const Node& node, Context& context) {
  const auto refuse = [&](const char* key, const char* modes) {
    if (const Node* child = node.find(key))
      context.report_key(Code::inconsistent, *child, std::string("'") + key + "' has no meaning in this mode",
                         std::string("it belongs to ") + modes);
  };
  if (policy.mode != RetryMode::plain)
    for (const char* key : {"base", "cap", "jitter", "budget"}) refuse(key, "mode: plain");
  if (policy.mode == RetryMode::plain || policy.mode == RetryMode::none)
    refuse("service", "the modes of the SDKs");
  if (policy.mode != RetryMode::standard_2026) refuse("long_poll", "mode: standard_2026");
  if (policy.mode == RetryMode::none) refuse("max_attempts", "the modes that retry");
}

}  // namespace

const FieldTable<RetryPolicy>& RetryPolicy::fields() {
  static const auto table =
      FieldTable<RetryPolicy>("retry policy", "Whether and when failed attempts are tried again.")
          .field("mode", &RetryPolicy::mode,
                 {.doc = "the SDKs' retry modes, or plain: attempts and backoff as stated here",
                  .source = "botocore retries/standard.py, data/_retry.json"})
          .field("max_attempts", &RetryPolicy::max_attempts,
                 {.doc = "attempts a call may make, the first included; by default legacy 5 (dynamodb 10), "
                         "standard_2026 with dynamodb 4, else 3",
                  .source = "botocore data/_retry.json, retries/standard.py; aws-sdk-java-v2 issue 6987",
                  .min = 1,
                  .max = 100})
          .field(
              "service", &RetryPolicy::service,
              {.doc = "whose client it is: DynamoDB's has constants of its own in legacy and standard_2026",
               .source = "botocore data/_retry.json; aws-sdk-go-v2 pull request 3400"})
          .field("long_poll", &RetryPolicy::long_poll,
                 {.doc = "a call that waits for work: it sleeps even when the retry quota is empty",
                  .source = "aws-sdk-java-v2 pull request 6899"})
          .field("base", &RetryPolicy::base, {.doc = "first ceiling of the backoff", .max = Duration(24h)})
          .field("cap", &RetryPolicy::cap, {.doc = "longest sleep", .max = Duration(24h)})
          .field("jitter", &RetryPolicy::jitter,
                 {.doc = "none: always base; exponential: e = min(cap, base 2^(k-1)); full: U e; equal: e/2 "
                         "+ U e/2; "
                         "decorrelated: min(cap, between base and 3 x the last sleep)",
                  .source = "AWS Architecture Blog, Exponential Backoff And Jitter (Brooker 2015)"})
          .field("budget", &RetryPolicy::budget,
                 {.doc = "retries per call at most, over all calls of a client, beyond a reserve of 10",
                  .source = "Google, Site Reliability Engineering, ch. 21: retry budget (there 10 %)"})
          .shorthand("mode")
          .validate(check_mode);
  return table;
}

std::uint32_t RetryPolicy::attempts() const {
  constexpr std::uint32_t kUsual = 3;
  if (mode == RetryMode::none) return 1;
  if (max_attempts) return *max_attempts;
  const bool dynamodb = service == RetryService::dynamodb;
  if (mode == RetryMode::legacy) return dynamodb ? 10 : 5;
  return mode == RetryMode::standard_2026 && dynamodb ? 4 : kUsual;
}

RetryQuota::RetryQuota(const RetryPolicy& policy) : unit_(policy.mode == RetryMode::plain ? kBudgetUnit : 1) {
  capacity_ = level_ = quota_capacity(policy) * unit_;
  if (policy.mode == RetryMode::plain && policy.budget)
    earned_per_call_ =
        static_cast<std::int64_t>(policy.budget->value * static_cast<double>(kBudgetUnit) + 0.5);
}

bool RetryQuota::take(std::int64_t n) {
  check(n >= 0, "retry", "{} tokens are asked for", n);
  if (!limited()) return true;
  if (n * unit_ > level_) return false;
  level_ -= n * unit_;
  return true;
}

void RetryQuota::put(std::int64_t n) {
  check(n >= 0, "retry", "{} tokens are given back", n);
  level_ = std::min(capacity_, level_ + n * unit_);
}

void RetryQuota::earn() { level_ = std::min(capacity_, level_ + earned_per_call_); }

bool is_retriable(Fault fault) {
  return fault == Fault::transient || fault == Fault::throttling || fault == Fault::timeout;
}

RetryDecision decide_retry(const RetryPolicy& policy, RetryQuota& quota, RetryProgress& progress,
                           const Response& failed, double uniform) {
  if (!is_retriable(failed.fault)) return {RetryVerdict::not_retriable, {}};
  if (progress.tries >= policy.attempts()) return {RetryVerdict::attempts_spent, {}};
  const std::int64_t cost = retry_cost(policy.mode, failed.fault);
  const Duration sleep = sleep_before_retry(policy, progress, failed, uniform);
  if (!quota.take(cost)) return {RetryVerdict::quota_empty, policy.long_poll ? sleep : Duration{}};
  ++progress.tries;
  progress.taken = cost;
  progress.slept = sleep;
  return {RetryVerdict::retry, sleep};
}

void refund(RetryQuota& quota, const RetryPolicy& policy, const RetryProgress& progress) {
  if (policy.mode == RetryMode::plain) return;  // a budget earns by calls, not by their success
  quota.put(progress.taken > 0 ? progress.taken : kNoRetryRefund);
}

}  // namespace nephoscope
