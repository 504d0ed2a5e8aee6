#include "models/study/metrics.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace nephoscope;

TEST_CASE("metrics: the digits of a quantile are those after the decimal point") {
  // p99 = 0.99, p999 = 0.999
  const auto quantile = parse_quantile("latency.all.p999");
  REQUIRE(quantile);
  CHECK(quantile->sketch == "latency.all");
  CHECK(quantile->q == 0.999);
}

TEST_CASE("metrics: a quantile needs two digits and is not zero") {
  CHECK_FALSE(parse_quantile("latency.p5"));
  CHECK_FALSE(parse_quantile("latency.p00"));
  CHECK_FALSE(parse_quantile("latency.p9x"));
  CHECK_FALSE(parse_quantile("p99"));
}

TEST_CASE("metrics: an unusual quantile of a sketch is a metric, a sketch alone is not") {
  CHECK(find_metric("latency.p90") != nullptr);
  CHECK(find_metric("latency") == nullptr);
  CHECK(find_metric("availability.p90") == nullptr);
}

TEST_CASE("metrics: names are listed for the scope that has them") {
  const auto summary = metric_names(Scope::summary);
  const auto resource = metric_names(Scope::resource);
  const auto has = [](const auto& names, const char* name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  CHECK(has(summary, "latency.p99"));
  CHECK_FALSE(has(summary, "utilization"));
  CHECK(has(resource, "utilization"));
  CHECK_FALSE(has(resource, "availability"));
}

TEST_CASE("metrics: bounds are read in the metric's base unit") {
  CHECK(*parse_bound(MetricKind::share, "99.9%").value == doctest::Approx(0.999));
  CHECK(*parse_bound(MetricKind::duration, "400ms").value == doctest::Approx(0.4));
  CHECK(*parse_bound(MetricKind::minutes, "90s").value == doctest::Approx(1.5));
  CHECK(*parse_bound(MetricKind::money, "$5").value == doctest::Approx(5));
  CHECK(*parse_bound(MetricKind::rate, "120/min").value == doctest::Approx(2));
}

TEST_CASE("metrics: a bound without its unit is refused") {
  CHECK_FALSE(parse_bound(MetricKind::duration, "400"));
  CHECK(parse_bound(MetricKind::duration, "400").problem.code == Code::missing_unit);
}
