#include "models/common/call_policy.hpp"

namespace nephoscope {

const FieldTable<PoolPolicy>& PoolPolicy::fields() {
  static const char* const kJava = "AWS SDK for Java 2.x, Apache HTTP client defaults";
  static const auto table =
      FieldTable<PoolPolicy>("connection pool",
                             "The connections of one client object; an attempt in flight holds one.")
          .field("max_connections", &PoolPolicy::max_connections,
                 {.doc = "attempts in flight at once", .source = kJava, .min = 1, .max = 1'000'000})
          .field("acquire_timeout", &PoolPolicy::acquire_timeout,
                 {.doc = "how long an attempt waits for a connection before it fails",
                  .source = kJava,
                  .max = Duration(24h)})
          .shorthand("max_connections");
  return table;
}

const FieldTable<HedgePolicy>& HedgePolicy::fields() {
  static const char* const kTail = "Dean and Barroso, The Tail at Scale, CACM 56(2), 2013";
  static const auto table =
      FieldTable<HedgePolicy>("hedging", "Further attempts while the first is slow; the first success wins.")
          .field("after", &HedgePolicy::after,
                 {.doc = "how long without an answer before another attempt is sent",
                  .source = kTail,
                  .max = Duration(24h),
                  .above = Duration{}})
          .field(
              "quantile", &HedgePolicy::quantile,
              {.doc = "the same as a quantile of the latencies of the client's last 1000 successful attempts "
                      "(about 95%); no hedging before there are so many",
               .source = kTail,
               .max = 0.9999,
               .above = 0})
          .field("max", &HedgePolicy::max, {.doc = "hedged attempts per try, at most", .min = 1, .max = 10})
          .exactly_one_of({"after", "quantile"})
          .shorthand("after");
  return table;
}

FieldRules CallPolicy::timeout_rules() {
  return {.doc = "how long an attempt waits for its answer; the callee does not notice and works on",
          .source = "botocore config.py: read_timeout 60 s",
          .max = kMaxDuration,
          .above = Duration{}};
}

FieldRules CallPolicy::deadline_rules() {
  return {.doc = "how long the whole call may take, with retries and sleeps; then it fails with CallTimeout",
          .max = kMaxDuration,
          .above = Duration{}};
}

}  // namespace nephoscope
