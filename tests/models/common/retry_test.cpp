#include "models/common/retry.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "engine/config/tree.hpp"

namespace nephoscope {
namespace {

Response failure(Fault fault, Duration retry_after = {}) {
  Response response;
  response.fault = fault;
  response.retry_after = retry_after;
  return response;
}

RetryPolicy policy(RetryMode mode, RetryService service = RetryService::generic) {
  RetryPolicy result;
  result.mode = mode;
  result.service = service;
  return result;
}

RetryPolicy plain(Jitter jitter) {
  RetryPolicy result = policy(RetryMode::plain);
  result.jitter = jitter;
  result.max_attempts = 6;
  result.base = 100ms;
  result.cap = 1s;
  return result;
}

// The sleeps of one call whose every try fails in the same way.
std::vector<Duration> sleeps(const RetryPolicy& retry, Fault fault, double uniform) {
  RetryQuota quota(retry);
  RetryProgress progress;
  std::vector<Duration> result;
  for (;;) {
    const RetryDecision decision = decide_retry(retry, quota, progress, failure(fault), uniform);
    if (decision.verdict != RetryVerdict::retry) return result;
    result.push_back(decision.sleep);
  }
}

// How many retries a fresh client affords when every call fails.
int affordable_retries(const RetryPolicy& retry, RetryQuota& quota, Fault fault) {
  for (int retries = 0;; ++retries) {
    RetryProgress progress;
    if (decide_retry(retry, quota, progress, failure(fault), 0.5).verdict != RetryVerdict::retry)
      return retries;
  }
}

using Sleeps = std::vector<Duration>;

TEST_CASE("retry: legacy makes five attempts and sleeps U 2^(k-1) seconds without a cap") {
  // U = 0.5: 0.5 * {1, 2, 4, 8} s.
  CHECK(sleeps(policy(RetryMode::legacy), Fault::transient, 0.5) == Sleeps{500ms, 1s, 2s, 4s});
  RetryPolicy patient = policy(RetryMode::legacy);
  patient.max_attempts = 8;
  // Retry 7: 2^6 = 64 s, more than standard's cap.
  CHECK(sleeps(patient, Fault::transient, 1.0).back() == 64s);
}

TEST_CASE("retry: legacy for DynamoDB makes ten attempts and doubles 50 ms without jitter") {
  const Sleeps got = sleeps(policy(RetryMode::legacy, RetryService::dynamodb), Fault::throttling, 0.1);
  CHECK(got == Sleeps{50ms, 100ms, 200ms, 400ms, 800ms, 1600ms, 3200ms, 6400ms, 12800ms});
}

TEST_CASE("retry: standard makes three attempts, the first sleep being U seconds") {
  CHECK(sleeps(policy(RetryMode::standard), Fault::transient, 0.25) == Sleeps{250ms, 500ms});
}

TEST_CASE("retry: standard's sleeps are capped at 20 s before the jitter") {
  RetryPolicy patient = policy(RetryMode::standard);
  patient.max_attempts = 8;
  // min(2^(k-1), 20) = 1 2 4 8 16 20 20, times 0.5.
  CHECK(sleeps(patient, Fault::transient, 0.5) == Sleeps{500ms, 1s, 2s, 4s, 8s, 10s, 10s});
}

TEST_CASE("retry: a fresh standard client affords exactly 100 retries, 50 when attempts time out") {
  const RetryPolicy standard = policy(RetryMode::standard);
  RetryQuota fresh(standard);
  CHECK(affordable_retries(standard, fresh, Fault::transient) == 100);  // 500 / 5
  RetryQuota fresh_too(standard);
  CHECK(affordable_retries(standard, fresh_too, Fault::timeout) == 50);  // 500 / 10
}

TEST_CASE("retry: with an empty quota five first-try successes pay for one retry") {
  const RetryPolicy standard = policy(RetryMode::standard);
  RetryQuota quota(standard);
  affordable_retries(standard, quota, Fault::transient);
  REQUIRE(quota.available() == 0);
  for (int success = 1; success <= 4; ++success) refund(quota, standard, RetryProgress{});
  CHECK(affordable_retries(standard, quota, Fault::transient) == 0);
  refund(quota, standard, RetryProgress{});
  CHECK(affordable_retries(standard, quota, Fault::transient) == 1);
}

TEST_CASE("retry: a success returns what its last retry took, and only that") {
  const RetryPolicy standard = policy(RetryMode::standard);
  RetryQuota quota(standard);
  RetryProgress progress;
  decide_retry(standard, quota, progress, failure(Fault::timeout), 0.5);
  decide_retry(standard, quota, progress, failure(Fault::transient), 0.5);
  CHECK(quota.available() == 485);  // 500 - 10 - 5
  refund(quota, standard, progress);
  CHECK(quota.available() == 490);  // + 5, the last amount
}

TEST_CASE("retry: the quota never exceeds 500") {
  const RetryPolicy standard = policy(RetryMode::standard);
  RetryQuota quota(standard);
  refund(quota, standard, RetryProgress{});
  CHECK(quota.available() == 500);
}

TEST_CASE("retry: a last failed attempt takes nothing from the quota") {
  const RetryPolicy standard = policy(RetryMode::standard);
  RetryQuota quota(standard);
  RetryProgress progress;
  for (int failed = 1; failed <= 3; ++failed)
    decide_retry(standard, quota, progress, failure(Fault::transient), 0.5);
  CHECK(quota.available() == 490);  // two retries
}

TEST_CASE("retry: a 2026 client affords 35 retries after transient failures, then two after throttles") {
  const RetryPolicy retry = policy(RetryMode::standard_2026);
  RetryQuota quota(retry);
  CHECK(affordable_retries(retry, quota, Fault::timeout) == 35);    // floor(500 / 14), time-outs cost no more
  CHECK(quota.available() == 10);                                   // 500 - 35 * 14
  CHECK(affordable_retries(retry, quota, Fault::throttling) == 2);  // 10 / 5
}

TEST_CASE("retry: 2026 sleeps start at 50 ms, after a throttle at one second") {
  CHECK(sleeps(policy(RetryMode::standard_2026), Fault::transient, 0.5) == Sleeps{25ms, 50ms});
  CHECK(sleeps(policy(RetryMode::standard_2026), Fault::throttling, 0.5) == Sleeps{500ms, 1s});
}

TEST_CASE("retry: 2026 for DynamoDB makes four attempts from 25 ms, after a throttle from one second") {
  const RetryPolicy dynamodb = policy(RetryMode::standard_2026, RetryService::dynamodb);
  CHECK(sleeps(dynamodb, Fault::transient, 1.0) == Sleeps{25ms, 50ms, 100ms});
  CHECK(sleeps(dynamodb, Fault::throttling, 1.0) == Sleeps{1s, 2s, 4s});
}

TEST_CASE("retry: the callee's retry-after replaces a 2026 sleep within five seconds above it") {
  const RetryPolicy retry = policy(RetryMode::standard_2026);
  const auto sleep = [&](Duration advice) {
    RetryQuota quota(retry);
    RetryProgress progress;
    return decide_retry(retry, quota, progress, failure(Fault::throttling, advice), 0.5).sleep;
  };
  // Computed: 0.5 * 1 s.
  CHECK(sleep(100ms) == 500ms);
  CHECK(sleep(2s) == 2s);
  CHECK(sleep(30s) == 5500ms);
}

TEST_CASE("retry: standard ignores the callee's retry-after") {
  const RetryPolicy retry = policy(RetryMode::standard);
  RetryQuota quota(retry);
  RetryProgress progress;
  CHECK(decide_retry(retry, quota, progress, failure(Fault::throttling, 7s), 0.5).sleep == 500ms);
}

TEST_CASE("retry: a long poll sleeps although the quota is empty, other calls do not") {
  for (const bool long_poll : {true, false}) {
    RetryPolicy retry = policy(RetryMode::standard_2026);
    retry.long_poll = long_poll;
    RetryQuota quota(retry);
    REQUIRE(quota.take(500));
    RetryProgress progress;
    const RetryDecision decision = decide_retry(retry, quota, progress, failure(Fault::throttling), 0.5);
    CHECK(decision.verdict == RetryVerdict::quota_empty);
    CHECK(decision.sleep == (long_poll ? Duration(500ms) : Duration{}));
  }
}

TEST_CASE("retry: plain without jitter sleeps the base or doubles it up to the cap") {
  CHECK(sleeps(plain(Jitter::none), Fault::transient, 0.5) == Sleeps{100ms, 100ms, 100ms, 100ms, 100ms});
  CHECK(sleeps(plain(Jitter::exponential), Fault::transient, 0.5) == Sleeps{100ms, 200ms, 400ms, 800ms, 1s});
}

TEST_CASE("retry: full jitter spreads over the whole ceiling, equal jitter over its upper half") {
  CHECK(sleeps(plain(Jitter::full), Fault::transient, 0.25) == Sleeps{25ms, 50ms, 100ms, 200ms, 250ms});
  // e / 2 + e / 8
  CHECK(sleeps(plain(Jitter::equal), Fault::transient, 0.25) == Sleeps{62500us, 125ms, 250ms, 500ms, 625ms});
  CHECK(sleeps(plain(Jitter::equal), Fault::transient, 0.0).front() == 50ms);
  CHECK(sleeps(plain(Jitter::equal), Fault::transient, 1.0).front() == 100ms);
}

TEST_CASE("retry: decorrelated jitter grows from the sleep before it") {
  // s = base + U (3 s - base): 100 + 100, 100 + 250, 100 + 475, 100 + 812.5, then 100 + 1318.75 > cap.
  CHECK(sleeps(plain(Jitter::decorrelated), Fault::transient, 0.5) ==
        Sleeps{200ms, 350ms, 575ms, 912500us, 1s});
  CHECK(sleeps(plain(Jitter::decorrelated), Fault::transient, 0.0) ==
        Sleeps{100ms, 100ms, 100ms, 100ms, 100ms});
}

TEST_CASE("retry: a budget of 10 % lets its reserve of ten pass and then one retry per ten calls") {
  RetryPolicy retry = plain(Jitter::none);
  retry.budget = Probability(0.1);
  RetryQuota quota(retry);
  CHECK(affordable_retries(retry, quota, Fault::transient) == 10);
  for (int call = 1; call <= 9; ++call) quota.earn();
  CHECK(affordable_retries(retry, quota, Fault::transient) == 0);
  quota.earn();
  CHECK(affordable_retries(retry, quota, Fault::transient) == 1);
}

TEST_CASE("retry: no mode retries the request's own fault or what the caller's side refused") {
  for (const auto& [name, mode] : kEnumNames<RetryMode>) {
    INFO(name);
    CHECK(sleeps(policy(mode), Fault::client, 0.5).empty());
    CHECK(sleeps(policy(mode), Fault::shed, 0.5).empty());
    CHECK(sleeps(policy(mode), Fault::timeout, 0.5).empty() == (mode == RetryMode::none));
  }
}

TEST_CASE("retry: max_attempts overrides the mode's own number") {
  RetryPolicy retry = policy(RetryMode::legacy);
  retry.max_attempts = 2;
  CHECK(sleeps(retry, Fault::transient, 0.5).size() == 1);
}

std::optional<RetryPolicy> read(const std::string& text, std::string& diagnostics_text) {
  SourceSet sources;
  Diagnostics diagnostics;
  const Tree tree = parse_text(sources, "t.yaml", text, diagnostics);
  Context context(diagnostics);
  auto result = RetryPolicy::fields().read(tree.root(), context);
  diagnostics_text = diagnostics.render(sources);
  return result;
}

TEST_CASE("retry: a scenario may name just the mode") {
  std::string text;
  const auto retry = read("standard", text);
  REQUIRE_MESSAGE(retry, text);
  CHECK(retry->mode == RetryMode::standard);
}

TEST_CASE("retry: keys of another mode are reported") {
  std::string text;
  CHECK_FALSE(read("{mode: standard, jitter: full}", text));
  CHECK(text.find("'jitter' has no meaning in this mode") != std::string::npos);
}

}  // namespace
}  // namespace nephoscope
