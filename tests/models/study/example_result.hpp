// A small study's result, for tests of everything that shows results.
#pragma once

#include "models/study/study_result.hpp"

namespace nephoscope {

inline MetricResult example_metric(MetricKey key, const char* unit, double value, Interval interval) {
  return {{std::move(key), unit, value, {interval.low, value, interval.high}, {}, ""}, interval};
}

inline StudyResult example_result() {
  StudyResult result;
  result.name = "A shop";
  result.path = "shop.yaml";
  result.sha256 = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
  result.seed = 42;
  result.requested = result.replications = 10;
  result.monthly_reason = "a run of 1h is not whole days";
  result.price_book = "us-east-1, 2026-07-20";
  result.metrics = {
      example_metric({Scope::summary, "", "availability"}, "1", 0.999, {0.999, 0.998, 0.9995}),
      example_metric({Scope::summary, "", "latency.p99"}, "s", 0.412, {0.412, 0.4, 0.425}),
      example_metric({Scope::summary, "", "cost.total"}, "USD", 1.5, {1.5, 1.5, 1.5}),
      example_metric({Scope::workload, "shoppers", "availability"}, "1", 0.999, {0.999, 0.998, 0.9995}),
      example_metric({Scope::resource, "db", "utilization"}, "1", 0.5, {0.5, 0.49, 0.51}),
  };
  result.expectations = {
      {"availability >= 99.9%",
       Verdict::kInconclusive,
       MetricKind::share,
       0.999,
       {0.999, 0.998, 0.9995},
       "Student-t interval"},
      {"latency.p99 < 500ms",
       Verdict::kPass,
       MetricKind::duration,
       0.412,
       {0.412, 0.4, 0.425},
       "Student-t interval"},
  };
  result.bill = {{"db", "ServerHours", 4, "Hrs", 1.5}};
  result.pooled.requests = 120'000;
  result.pooled.events = 2'500'000;
  result.pooled.cause({"shoppers", "db", "QueueFull", true}, 100);
  result.add_audits(0, {{"conservation: resources.db", true, "120 = 120"}});
  result.assumptions = {{"resources.db.assume.error_rate", "0%", "assumption: no failures", false}};
  result.wall_seconds = 1.25;
  return result;
}

}  // namespace nephoscope
