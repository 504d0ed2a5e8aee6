#include "models/common/pricing.hpp"

#include <doctest/doctest.h>

#include "engine/base/check.hpp"

using namespace nephoscope;

namespace {

Price flat(std::int64_t pico_usd, std::int64_t block) {
  return {.unit = "u", .block = block, .usd = PicoUsd{pico_usd}, .tiers = {}, .source = ""};
}

}  // namespace

TEST_CASE("pricing: a second of a $0.096 hour is rounded to the nano-dollar once, not once a second") {
  const Price hour = flat(96'000'000'000, 3600);
  // 0.096 / 3600 = 0.0000266666...
  CHECK(cost_of(hour, 1) == Usd(26'667));
  // 3600 seconds are exactly the hour: no error adds up.
  CHECK(cost_of(hour, 3600) == Usd(96'000'000));
  // 14 days x 86,400 s x 2 machines = 672 h x 0.096 = 64.512
  CHECK(cost_of(hour, 2 * 14 * 86'400) == Usd(64'512'000'000));
}

TEST_CASE("pricing: half a nano-dollar is rounded up") {
  CHECK(cost_of(flat(500, 1), 1) == Usd(1));
  CHECK(cost_of(flat(499, 1), 1) == Usd(0));
}

TEST_CASE("pricing: each tier prices only its own share of the quantity") {
  const PriceBook book = load_price_book("us-east-1");
  const Price* transfer = book.find("DataTransfer-Out-Bytes");
  REQUIRE(transfer != nullptr);
  const std::int64_t gib = std::int64_t{1} << 30;
  // 10 TB at 0.09: 10,240 x 0.09 = 921.60
  CHECK(cost_of(*transfer, 10'240 * gib) == Usd(921'600'000'000));
  // 60 TB: 10,240 x 0.09 + 40,960 x 0.085 + 10,240 x 0.07 = 921.60 + 3,481.60 + 716.80 = 5,120
  CHECK(cost_of(*transfer, 61'440 * gib) == Usd(5'120'000'000'000));
}

// A price as scenarios write it; what is wrong with it.
std::string problems(const std::string& yaml) {
  SourceSet sources;
  Diagnostics diagnostics;
  const Tree tree = parse_text(sources, "price.yaml", yaml, diagnostics);
  Context context(diagnostics);
  Price::fields().read(tree.root(), context);
  std::string text;
  for (const Diagnostic& each : diagnostics.sorted())
    text.append(info(each.code).text).append(" " + each.path + ": " + each.message + "\n");
  return text;
}

TEST_CASE("pricing: tiers rise, and only the last has no end, so that every unit has one price") {
  CHECK(problems("{unit: GB, tiers: [{up_to: 10, usd: 0.09}, {up_to: 50, usd: 0.08}, {usd: 0.07}]}") == "");
  CHECK(problems("{unit: GB, tiers: [{up_to: 10, usd: 0.09}, {up_to: 10, usd: 0.08}, {usd: 0.07}]}") ==
        "E042 tiers.1.up_to: this tier ends at 10, the one before at 10\n");
  CHECK(problems("{unit: GB, tiers: [{up_to: 10, usd: 0.09}, {up_to: 50, usd: 0.08}]}") ==
        "E044 tiers.1: the last tier has no end\n");
  CHECK(problems("{unit: GB, tiers: [{usd: 0.09}, {usd: 0.08}]}") ==
        "E013 tiers.0: only the last tier has no end\n");
}

TEST_CASE("pricing: prices are dollars with up to twelve decimals, with or without the sign") {
  CHECK(problems("{unit: Hrs, usd: $0.0104}") == "");
  CHECK(problems("{unit: Hrs, usd: 0.000000000001}") == "");
  CHECK(problems("{unit: Hrs, usd: 0.0000000000001}") ==
        "E025 usd: '0.0000000000001' has more than 12 decimals\n");
  CHECK(problems("{unit: Hrs, usd: -1}") == "E023 usd: '-1' is negative\n");
  CHECK(problems("{unit: Hrs, usd: 0x10}") == "E022 usd: '0x10' is not a price\n");
  CHECK(problems("{unit: Hrs, usd: 99999999}") == "E026 usd: '99999999' is too large\n");
}

TEST_CASE("pricing: a line beyond what dollars can hold is an error, not a wrapped number") {
  CHECK_THROWS_AS(cost_of(flat(1'000'000'000'000'000'000, 1), 1'000'000'000'000), CheckFailure);
}

TEST_CASE("pricing: products of large quantities do not overflow 64 bits") {
  // 10^18 bytes at $0.09 per GiB: 10^18 / 2^30 x 0.09 = 83,819,031.715393... (the product in pico-dollars is
  // 9 x 10^28)
  CHECK(cost_of(flat(90'000'000'000, std::int64_t{1} << 30), 1'000'000'000'000'000'000) ==
        Usd(83'819'031'715'393'066));
}

TEST_CASE("pricing: a bill lists each resource's usage, at the scenario's own price where it states one") {
  UsageMeter meter;
  meter.add("web", "BoxUsage:m6i.large", 7200);
  meter.add("database", "ServerHours", 3600, {.pico_usd = 20'000'000'000, .block = 3600, .unit = "Hrs"});
  const auto bill = make_bill(load_price_book("us-east-1"), meter, Probability(0));
  REQUIRE(bill.size() == 2);
  CHECK(bill[0].resource == "database");
  CHECK(bill[0].cost == Usd(20'000'000));
  CHECK(bill[1].usage_type == "BoxUsage:m6i.large");
  CHECK(bill[1].quantity == 2.0);
  CHECK(bill[1].unit == "Hrs");
  CHECK(bill[1].cost == Usd(192'000'000));  // 2 h x 0.096
}

TEST_CASE("pricing: a discount comes off every line") {
  UsageMeter meter;
  meter.add("web", "BoxUsage:m6i.large", 3600);
  // 0.096 x (1 - 0.25) = 0.072
  CHECK(make_bill(load_price_book("us-east-1"), meter, Probability(0.25))[0].cost == Usd(72'000'000));
}

TEST_CASE("pricing: usage that nothing prices is the program's error, not a free line") {
  UsageMeter meter;
  meter.add("web", "Unheard-Of", 1);
  CHECK_THROWS_AS(make_bill(load_price_book("us-east-1"), meter, Probability(0)), CheckFailure);
}

TEST_CASE("pricing: usage adds up, and never shrinks") {
  UsageMeter meter;
  meter.add("web", "Requests", 3);
  meter.add("web", "Requests", 4);
  CHECK(meter.quantities().at({"web", "Requests"}) == 7);
  CHECK_THROWS_AS(meter.add("web", "Requests", -1), CheckFailure);
}
