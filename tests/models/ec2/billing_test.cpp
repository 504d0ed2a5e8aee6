#include "models/common/instance_type.hpp"
#include "tests/models/ec2/fixture.hpp"

namespace nephoscope::ec2 {
namespace {

TEST_CASE("ec2: running time is billed by the second, begun ones in full, at least 60") {
  CHECK(billed_seconds(10s) == 60);
  CHECK(billed_seconds(60s) == 60);
  CHECK(billed_seconds(90s) == 90);
  CHECK(billed_seconds(90200ms) == 91);
  CHECK(billed_seconds(1h) == 3600);
}

TEST_CASE("ec2: the minimum of 60 s is billed anew at each start, a reboot begins none") {
  Fixture f;
  Instance& instance = f.launch();
  f.run(10s);
  instance.stop();  // 10 s, billed 60
  f.run(100s);
  instance.start();
  f.run(200s);
  instance.reboot();
  f.run(230s);
  instance.terminate();  // 130 s
  f.run(1h);
  CHECK(f.used("BoxUsage:m6i.large") == 190);
  // 190 s x $0.096 / 3600 s = $0.005066667
  CHECK(f.cost() == doctest::Approx(0.005066667).epsilon(1e-9));
  f.check_audits();
}

TEST_CASE("ec2: pending, stopping, stopped and shutting down are not billed") {
  Fixture f("assume: {launch_time: 100s, boot_time: 1s, bootstrap_time: 1s}",
            "{assume: {stop_time: 5m, terminate_time: 5m}}");
  Instance& instance = f.launch();
  f.run(200s);
  instance.stop();  // running from 100 to 200 s
  f.run(20min);
  instance.terminate();
  f.run(1h);
  CHECK(f.used("BoxUsage:m6i.large") == 100);
}

TEST_CASE("ec2: partial hours of two types, to the nano-dollar") {
  Fixture f;
  LaunchSpec big = f.spec();
  big.instance_type = "c5.xlarge";
  f.launch();
  Instance& instance = f.launch(big);
  f.run(25min);
  instance.terminate();
  f.run(90min);
  // m6i.large: 5400 s x 0.096 / 3600 = $0.144; c5.xlarge: 1500 s x 0.17 / 3600 = $0.070833333
  CHECK(f.used("BoxUsage:m6i.large") == 5400);
  CHECK(f.used("BoxUsage:c5.xlarge") == 1500);
  CHECK(f.cost() == doctest::Approx(0.214833333).epsilon(1e-9));
  f.check_audits();
}

TEST_CASE("ec2: Spot usage is billed at the On-Demand price less the assumed discount") {
  Fixture f("assume: {" + kAtOnce + "}", "{assume: {spot_discount: 70%}}");
  f.launch(f.spec(Market::spot));
  f.run(2h);
  CHECK(f.used("SpotUsage:m6i.large") == 7200);
  CHECK(f.used("BoxUsage:m6i.large") == 0);
  // 2 h x $0.096 x 0.3
  CHECK(f.cost() == doctest::Approx(0.0576).epsilon(1e-9));
}

TEST_CASE("ec2: detailed monitoring is billed by the started hour, $2.10 for 730 of them") {
  Fixture f("monitoring: true, assume: {" + kAtOnce + "}");
  f.launch();
  f.run(90min);
  CHECK(f.used("EC2:DetailedMonitoring") == 2);
  // 90 min x 0.096 / 60 + 2 x 2.10 / 730 = 0.144 + 0.005753425
  CHECK(f.cost() == doctest::Approx(0.149753425).epsilon(1e-9));
}

TEST_CASE("ec2: a fleet's month costs what its instance-hours cost") {
  Fixture f("instance_type: t3.micro, assume: {" + kAtOnce + "}", "{}", 730h);
  for (int i = 0; i < 10; ++i) f.launch();
  f.run(730h);
  // 10 x 730 h x $0.0104 = $75.92, idle: no surplus
  CHECK(f.cost() == doctest::Approx(75.92).epsilon(1e-9));
}

TEST_CASE("ec2: each instance type has a price, and its credits follow from its baseline") {
  const PriceBook book = load_price_book("us-east-1");
  CHECK(instance_type_book().types.size() == 51);
  for (const auto& [id, type, place] : instance_type_book().types) {
    CAPTURE(id);
    const Price* price = book.find("BoxUsage:" + id);
    REQUIRE(price != nullptr);
    CHECK(price->block == 3600);
    if (!type.credits) continue;
    // Credits an hour = baseline x vCPUs x 60; cap = 24 h of them.
    CHECK(type.credits->per_hour == doctest::Approx(type.credits->baseline.value * type.vcpus * 60));
    CHECK(type.credits->cap == doctest::Approx(24 * type.credits->per_hour));
    CHECK(book.find("CPUCredits:" + id.substr(0, id.find('.'))) != nullptr);
  }
}

}  // namespace
}  // namespace nephoscope::ec2
