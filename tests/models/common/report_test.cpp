#include "models/common/report.hpp"

#include <doctest/doctest.h>

#include "engine/base/check.hpp"

using namespace nephoscope;

namespace {

Report sample(double answered, double arrived) {
  Report report;
  report.ratio({Scope::workload, "users", "availability"}, "1", answered, arrived);
  QuantileSketch latencies;
  latencies.add(answered);
  report.sketch({Scope::workload, "users", "latency"}, "s", latencies);
  WindowedSeries series;
  series.add(Time{} + 90s, 5);
  report.series("users.offered", "1/s", series);
  report.cause({"users", "shop", "Timeout", true}, 2);
  report.usage.add("web", "BoxUsage:m6i.large", 60);
  report.usage.add("db", "Hours", 5, {.pico_usd = 7, .block = 3600, .unit = "Hrs"});
  report.audits.push_back({"little: db", true, "3 = 3"});
  report.timeline.push_back({Time{} + 5s, "web", "crash", "host 3 failed"});
  report.requests = 10;
  report.events = 100;
  report.fingerprint = 42;
  return report;
}

double value(const Report& report, const MetricKey& key) {
  const auto& ratio = std::get<RatioMeasure>(report.find(key)->value);
  return ratio.numerator / ratio.denominator;
}

}  // namespace

TEST_CASE("report: replications pool by adding numerators and denominators, not by averaging ratios") {
  Report pooled = sample(9, 10);
  pooled.merge(sample(300, 1000));
  // (9 + 300) / (10 + 1000), whereas the mean of the ratios would be 0.6
  CHECK(value(pooled, {Scope::workload, "users", "availability"}) ==
        doctest::Approx(309.0 / 1010).epsilon(1e-15));
  CHECK(std::get<QuantileSketch>(pooled.find({Scope::workload, "users", "latency"})->value).count() == 2);
  CHECK(pooled.causes().at({"users", "shop", "Timeout", true}) == 4);
  CHECK(pooled.usage.quantities().at({"web", "BoxUsage:m6i.large"}) == 120);
  CHECK(pooled.requests == 20);
}

TEST_CASE("report: saving and loading changes nothing") {
  const Report report = sample(9, 10);
  ByteWriter first;
  report.save(first);
  ByteReader reader(first.bytes());
  const Report copy = Report::load(reader);
  CHECK(reader.remaining() == 0);
  ByteWriter second;
  copy.save(second);
  CHECK(first.bytes() == second.bytes());
  CHECK(copy.timeline.at(0).text == "host 3 failed");
  CHECK(copy.usage.own_prices().at({"db", "Hours"}).pico_usd == 7);
  CHECK(copy.fingerprint == 42);
}

TEST_CASE("report: a metric is reported once") {
  Report report = sample(1, 2);
  CHECK_THROWS_AS(report.ratio({Scope::workload, "users", "availability"}, "1", 1, 2), CheckFailure);
}

TEST_CASE("report: replications that report different metrics do not merge") {
  Report report = sample(1, 2);
  Report other;
  CHECK_THROWS_AS(report.merge(other), CheckFailure);
}
