#include "models/study/cost.hpp"

#include <doctest/doctest.h>

using namespace nephoscope;

namespace {

// $0.10 an hour of a server.
PriceBook hourly_book() {
  PriceBook book;
  book.name = "test";
  Price price;
  price.unit = "Hrs";
  price.block = 3600;
  price.usd = PicoUsd{100'000'000'000};
  book.prices.push_back({"Server", price});
  return book;
}

Report used(std::int64_t seconds, std::uint64_t requests) {
  Report report;
  report.usage.add("web", "Server", seconds);
  report.requests = requests;
  return report;
}

double value(const Report& report, const MetricKey& key) {
  const Measure* measure = report.find(key);
  REQUIRE(measure != nullptr);
  const auto& ratio = std::get<RatioMeasure>(measure->value);
  return ratio.numerator / ratio.denominator;
}

const MetricKey kTotal = {Scope::summary, "", "cost.total"};
const MetricKey kMonthly = {Scope::summary, "", "cost.monthly"};

}  // namespace

TEST_CASE("cost: the total is the whole run's bill") {
  CostLedger ledger({.book = hourly_book(), .duration = 2h});
  Report report = used(7200, 1000);
  ledger.bill(report);
  // 2 h x $0.10
  CHECK(value(report, kTotal) == doctest::Approx(0.2));
}

TEST_CASE("cost: a million requests cost the bill divided by millions of calls") {
  CostLedger ledger({.book = hourly_book(), .duration = 2h});
  Report report = used(7200, 50'000);
  ledger.bill(report);
  // $0.20 / 0.05 million = $4
  CHECK(value(report, {Scope::summary, "", "cost.per_million_requests"}) == doctest::Approx(4));
}

TEST_CASE("cost: a month of whole days is the quantities times 730 h over the run") {
  CostLedger ledger({.book = hourly_book(), .duration = 48h});
  Report report = used(2 * 48 * 3600, 1);  // two servers
  ledger.bill(report);
  // 2 x 730 h x $0.10 = $146
  CHECK(value(report, kMonthly) == doctest::Approx(146));
}

TEST_CASE("cost: part of a day says nothing of a month") {
  CostLedger ledger({.book = hourly_book(), .duration = 3h});
  Report report = used(3 * 3600, 1);
  ledger.bill(report);
  CHECK(report.find(kMonthly) == nullptr);
  CHECK(why_not_monthly(3h) ==
        "a run of 3h is not whole days, and run.represents does not say for which it stands");
  CHECK(why_not_monthly(48h).empty());
}

TEST_CASE("cost: a run that stands for days is a month's average, whatever its length and theirs") {
  // 3 h of two servers: 6 h x 730 / 3 = 1460 h, at $0.10
  for (const Duration represents : {Duration(24h), Duration(7 * 24h)}) {
    CostLedger ledger({.book = hourly_book(), .duration = 3h, .represents = represents});
    Report report = used(6 * 3600, 1);
    ledger.bill(report);
    CHECK(value(report, kMonthly) == doctest::Approx(146));
    CHECK(value(report, kTotal) == doctest::Approx(0.6));
  }
  CHECK(why_not_monthly(3h, Duration(24h)).empty());
}

TEST_CASE("cost: tiers apply to the month, not to the run") {
  PriceBook book = hourly_book();
  Price& price = book.prices.front().value;
  price.usd.reset();
  // $0.10 for the first 100 h, then $0.01
  price.tiers = {{100, PicoUsd{100'000'000'000}}, {std::nullopt, PicoUsd{10'000'000'000}}};
  CostLedger ledger({.book = book, .duration = 24h});
  Report report = used(24 * 3600, 1);
  ledger.bill(report);
  // the run: 24 h x $0.10; a month: 100 x $0.10 + 630 x $0.01
  CHECK(value(report, kTotal) == doctest::Approx(2.4));
  CHECK(value(report, kMonthly) == doctest::Approx(16.3));
}

TEST_CASE("cost: each resource has its own total, 0 if nothing was billed") {
  CostLedger ledger({.book = hourly_book(), .duration = 1h, .resources = {"web", "db"}});
  Report report = used(3600, 1);
  ledger.bill(report);
  CHECK(value(report, {Scope::resource, "web", "cost.total"}) == doctest::Approx(0.1));
  CHECK(value(report, {Scope::resource, "db", "cost.total"}) == 0);
}

TEST_CASE("cost: the bill's lines are means over replications") {
  CostLedger ledger({.book = hourly_book(), .duration = 1h});
  Report first = used(3600, 1);
  Report second = used(3 * 3600, 1);
  ledger.bill(first);
  ledger.bill(second);
  const auto lines = ledger.lines();
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].quantity == doctest::Approx(2));  // (1 + 3) / 2 hours
  CHECK(lines[0].usd == doctest::Approx(0.2));
  CHECK(lines[0].unit == "Hrs");
}
