#include "tests/models/ec2/fixture.hpp"

namespace nephoscope::ec2 {
namespace {

std::string burstable(const std::string& type, const std::string& mode = "") {
  return "instance_type: " + type + (mode.empty() ? "" : ", cpu_credits: " + mode) + ", assume: {" + kAtOnce +
         "}";
}

const std::string kCredits = "CPUCredits:t3";

TEST_CASE("credits: a t2 in standard mode is throttled when its balance ends, to the minute") {
  Fixture f(burstable("t2.micro"), "{}", 4h);
  Instance& instance = f.launch();
  f.run(10min);  // idle: 10 min x 6 credits/h = 1 credit earned, beside 30 launch credits
  f.burn(instance, 1);
  // It spends 60 an hour and earns 6: 31 credits / (54 credits/h) = 34.444 min, so until 44 min 26.7 s.
  f.run(44min + 26s);
  CHECK(!f.inside(instance).throttled());
  f.run(44min + 28s);
  CHECK(f.inside(instance).throttled());
  CHECK(f.inside(instance).credits()->balance().count == doctest::Approx(0));
  f.run(2h);
  CHECK(f.inside(instance).throttled());
  // CloudWatch then shows the baseline: 10 %.
  const auto& cpu = f.data("CPUUtilization InstanceId=web/i-0");
  CHECK(cpu.front().values.sum == doctest::Approx(0));
  CHECK(cpu[3].values.sum == doctest::Approx(100));  // minutes 15 to 20
  CHECK(cpu.back().values.sum == doctest::Approx(10).epsilon(1e-6));
  f.check_audits();
}

TEST_CASE("credits: a throttled instance works at its baseline") {
  Fixture f(burstable("t3.large", "standard"), "{}", 4h);
  Instance& instance = f.launch();
  f.run(0s);
  f.burn(instance, 2);
  f.run(1h);
  // No launch credits: two vCPUs at 30 % from the start. 1 h x 2 x 0.3 = 0.6 vCPU-hours.
  CHECK(f.inside(instance).consumed() == doctest::Approx(0.6 * 3600).epsilon(1e-6));
  CHECK(f.metric("CPUUtilization") == doctest::Approx(0.3).epsilon(1e-6));
  CHECK(f.metric("utilization") == doctest::Approx(0.3).epsilon(1e-6));
  CHECK(f.used(kCredits) == 0);
  f.check_audits();
}

TEST_CASE("credits: one busy vCPU of a throttled instance gets all that is earned") {
  Fixture f(burstable("t3.large", "standard"), "{}", 10h);
  Instance& instance = f.launch();
  f.run(0s);
  f.burn(instance, 1);
  f.run(10h);
  // 36 credits/h are 0.6 vCPUs, on one of them: 30 % of the instance.
  CHECK(f.metric("CPUUtilization") == doctest::Approx(0.3).epsilon(0.01));
  f.check_audits();
}

TEST_CASE("credits: a t3.large at 100 % in unlimited mode pays for surplus credits beyond a day's earnings") {
  Fixture f(burstable("t3.large"), "{}", 24h);
  Instance& instance = f.launch();
  f.run(0s);
  f.burn(instance, 2);
  f.run(10h);
  // It earns 36 and spends 120 an hour: surplus 84 an hour, 840 after 10 h, under the cap of 864.
  CHECK(f.used(kCredits) == 0);
  CHECK(f.inside(instance).credits()->surplus().count == doctest::Approx(840));
  f.run(24h);
  // 24 x 84 = 2016; 2016 - 864 = 1152 credits are charged by the hour: 19.2 vCPU-hours x $0.05 = $0.96.
  CHECK(f.used(kCredits) == 1152 * 60'000);
  CHECK(f.metric("CPUSurplusCreditsCharged") == doctest::Approx(1152));
  CHECK(f.metric("CPUUtilization") == doctest::Approx(1));
  // 24 h x $0.0832 + $0.96
  CHECK(f.cost() == doctest::Approx(24 * 0.0832 + 0.96).epsilon(1e-9));
  f.run(24h + 1s);
  instance.terminate();
  // The end charges the rest: 2016 credits and one second's 84 / 3600.
  CHECK(static_cast<double>(f.used(kCredits)) / 60'000 == doctest::Approx(2016 + 84.0 / 3600));
  f.run(25h);
  f.check_audits();
}

TEST_CASE("credits: what is earned later repays surplus before it builds a balance") {
  CreditAccount account({.per_hour = 36, .cap = 864, .baseline = Probability(0.3)}, CpuCredits::unlimited);
  account.pass(1h, {120});
  CHECK(account.surplus().count == doctest::Approx(84));
  account.pass(2h, {0});  // 72 earned
  CHECK(account.surplus().count == doctest::Approx(12));
  CHECK(account.balance().count == 0);
  account.pass(1h, {0});
  CHECK(account.surplus().count == 0);
  CHECK(account.balance().count == doctest::Approx(24));
  account.end_hour();
  CHECK(account.charged().count == 0);
  CHECK(account.imbalance() == doctest::Approx(0));
}

TEST_CASE("credits: the balance is capped at 24 h of earnings, launch credits come on top and go first") {
  const CreditTerms terms{.per_hour = 6,
                          .cap = 144,
                          .baseline = Probability(0.1),
                          .launch_per_vcpu = 30,
                          .mode = CpuCredits::standard};
  CreditAccount account(terms, CpuCredits::standard);
  account.start(1, true);
  account.pass(30h, {0});
  CHECK(account.balance().count == doctest::Approx(144 + 30));
  account.pass(1h, {20});  // of the launch credits; the balance is full
  CHECK(account.balance().count == doctest::Approx(144 + 10));
  account.pass(1h, {26});  // 10 of the launch credits, 16 of the balance, which earns 6
  CHECK(account.balance().count == doctest::Approx(134));
  CHECK(account.imbalance() == doctest::Approx(0));
}

TEST_CASE("credits: a stopped t2 loses its balance at once, a t3 keeps it for 7 days") {
  for (const std::string type : {"t2.micro", "t3.micro"}) {
    CAPTURE(type);
    Fixture f(burstable(type, "standard"), "{}", 1000h);
    Instance& instance = f.launch();
    f.run(10h);
    instance.stop();
    f.run(20h);
    const double kept = f.inside(instance).credits()->balance().count;
    CHECK(kept == doctest::Approx(type == "t2.micro" ? 0 : 120));  // 10 h x 12 an hour
    instance.start();
    f.run(21h);
    // A new start of a t2 brings 30 launch credits.
    CHECK(f.inside(instance).credits()->balance().count == doctest::Approx(type == "t2.micro" ? 36 : 132));
    instance.stop();
    f.run(21h + 8 * 24h);
    instance.start();
    f.run(22h + 8 * 24h);
    CHECK(f.inside(instance).credits()->balance().count == doctest::Approx(type == "t2.micro" ? 36 : 12));
    f.check_audits();
  }
}

TEST_CASE("credits: the hundred-and-first t2 start in 24 h gets no launch credits") {
  Fixture f(burstable("t2.micro"), "{}", 48h);
  std::vector<Instance*> instances;
  for (int i = 0; i < 101; ++i) instances.push_back(&f.launch());
  f.run(1s);
  const auto balance = [&](const Instance& instance) { return f.inside(instance).credits()->left().count; };
  CHECK(balance(*instances[99]) == doctest::Approx(30).epsilon(0.001));
  CHECK(balance(*instances[100]) < 1);
  f.run(25h);  // the first 100 are more than 24 h ago
  Instance& later = f.launch();
  f.run(25h + 1s);
  CHECK(balance(later) == doctest::Approx(30).epsilon(0.001));
}

TEST_CASE("credits: a t3 unlimited spends without any balance, a t2 unlimited gets no launch credits") {
  Fixture f(burstable("t2.micro", "unlimited"), "{}", 2h);
  Instance& instance = f.launch();
  f.run(0s);
  f.burn(instance, 1);
  f.run(1h);
  CHECK(f.inside(instance).consumed() == doctest::Approx(3600));
  CHECK(f.inside(instance).credits()->surplus().count == doctest::Approx(54));
  CHECK(!f.inside(instance).throttled());
}

TEST_CASE("credits: a balance recovers while the load is below the baseline, and is spent again") {
  Fixture f(burstable("t3.micro", "standard"), "{}", 24h);
  Instance& instance = f.launch();
  f.run(5h);  // 60 credits
  CHECK(f.metric("CPUCreditBalance") == doctest::Approx(30.1).epsilon(0.01));
  f.burn(instance, 2);
  // 120 spent, 12 earned an hour: 60 / 108 h = 33.33 min.
  f.run(5h + 33min + 19s);
  CHECK(!f.inside(instance).throttled());
  f.run(5h + 33min + 21s);
  CHECK(f.inside(instance).throttled());
  instance.reboot();  // ends the load
  f.run(6h);
  CHECK(!f.inside(instance).throttled());
  f.check_audits();
}

}  // namespace
}  // namespace nephoscope::ec2
