#include "models/hosts/hosts.hpp"

#include <doctest/doctest.h>

#include <map>
#include <string>

#include "models/application/application.hpp"
#include "models/common/report.hpp"
#include "models/hosts/fleet.hpp"
#include "tests/support/read_config.hpp"

namespace nephoscope::hosts {
namespace {

struct Answer {
  int count = 0;
  Time at{};
  Response response;
};

class Fixture final : public Wiring {
 public:
  explicit Fixture(const std::string& hosts, const std::string& app = "{handlers: {get: [{wait: 10ms}]}}",
                   Duration duration = 1h)
      : world({.warmup = {}, .duration = duration, .start_epoch = 0, .windows = {}}, Seed{1}, 0),
        application_config(read_config<application::ApplicationConfig>(app)),
        config(read_config<HostsConfig>(hosts)),
        model(application_config.build(world, "app")),
        fleet(world, "web", config) {
    model->connect(*this);
    fleet.connect(*this);
  }
  ~Fixture() override { world.simulation.clear(); }
  Endpoint& endpoint(std::string_view) const override { fail_check("test", "nothing is called"); }
  Application& application(std::string_view) const override { return *model; }

  Answer& send(Duration instant) {
    Request request;
    request.number = ++number_;
    answers.emplace_back();
    world.simulation.spawn(client(instant, request, answers.back()));
    return answers.back();
  }
  void run(Duration until) { world.simulation.run_until(Time{} + until); }
  std::string error(const Answer& answer) const { return world.errors.name(answer.response.error); }
  double metric(const char* name) const {
    Report report;
    fleet.report(report);
    const auto& ratio = std::get<RatioMeasure>(report.find({Scope::resource, "web", name})->value);
    return ratio.numerator / ratio.denominator;
  }

  World world;
  application::ApplicationConfig application_config;
  HostsConfig config;
  std::unique_ptr<Application> model;
  HostFleet fleet;
  std::deque<Answer> answers;

 private:
  Process client(Duration instant, Request request, Answer& answer) {
    co_await world.simulation.delay(instant);
    const ReplyId reply = world.replies.open();
    fleet.submit(request, reply);
    const Replies::Result result = co_await world.replies.wait(reply);
    ++answer.count;
    answer.at = world.now();
    answer.response = result.value;
  }
  std::uint64_t number_ = 0;
};

std::vector<std::uint64_t> outstanding(Fixture& f) {
  std::vector<std::uint64_t> result;
  for (std::size_t i = 0; i < f.fleet.size(); ++i) result.push_back(f.fleet.host(i).outstanding());
  return result;
}

TEST_CASE("hosts: round robin goes round, past hosts that do not run") {
  Fixture f("{count: 3, application: app}");
  f.fleet.host(1).crash();
  for (int i = 0; i < 4; ++i) f.send(0ms);
  f.run(1ms);
  CHECK(outstanding(f) == std::vector<std::uint64_t>{2, 0, 2});
}

TEST_CASE("hosts: least outstanding picks the host with the fewest requests, ties in turn") {
  Fixture f("{count: 3, application: app, routing: least_outstanding}", "{handlers: {get: [{wait: 10ms}]}}");
  for (int i = 0; i < 2; ++i) f.send(0ms);   // hosts 0 and 1, until 10 ms
  f.send(5ms);                               // host 2, until 15 ms
  for (int i = 0; i < 4; ++i) f.send(12ms);  // 0, 1, then a tie of all, in turn after 1: 2, then 0
  f.run(13ms);
  CHECK(outstanding(f) == std::vector<std::uint64_t>{2, 1, 2});
}

TEST_CASE("hosts: random routing spreads requests evenly over running hosts") {
  Fixture f("{count: 4, application: app, routing: random}",
            "{concurrency: 10000, handlers: {get: [{wait: 1s}]}}");
  f.fleet.host(2).crash();
  for (int i = 0; i < 9000; ++i) f.send(0ms);
  f.run(1ms);
  const auto counts = outstanding(f);
  CHECK(counts[2] == 0);
  for (const std::size_t i : {0U, 1U, 3U})
    CHECK(static_cast<double>(counts[i]) == doctest::Approx(3000).epsilon(0.06));  // deviation 45
}

TEST_CASE("hosts: without a running host requests are refused at once") {
  for (const std::string routing : {"round_robin", "random", "least_outstanding"}) {
    CAPTURE(routing);
    Fixture f("{count: 2, application: app, routing: " + routing + "}");
    f.fleet.host(0).crash();
    f.fleet.host(1).crash();
    const Answer& answer = f.send(3ms);
    f.run(1s);
    CHECK(f.error(answer) == "NoRunningHost");
    CHECK(answer.at == Time{} + 3ms);
    CHECK(f.metric("errors.rate") == 1);
  }
}

TEST_CASE("hosts: a host fails and is repaired on time, and a failure loses what is in progress") {
  Fixture f("{application: app, assume: {time_to_failure: 100ms, time_to_repair: 50ms}}");
  f.fleet.start();
  const Answer& served = f.send(80ms);
  const Answer& lost = f.send(95ms);
  const Answer& refused = f.send(120ms);
  const Answer& again = f.send(160ms);
  f.run(250ms);
  CHECK(served.at == Time{} + 90ms);
  CHECK(f.error(lost) == "ConnectionReset");
  CHECK(lost.at == Time{} + 100ms);
  CHECK(f.error(refused) == "NoRunningHost");
  CHECK(again.response.ok());
  // Up from 0 to 100 ms and from 150 to 250 ms.
  CHECK(f.metric("hosts.available") == doctest::Approx(200.0 / 250));
  CHECK(f.world.events.events().size() == 3);
}

TEST_CASE("hosts: a host's availability tends to MTTF / (MTTF + MTTR)") {
  Fixture f(
      "{count: 50, application: app, assume: {time_to_failure: {dist: exponential, mean: 9h},"
      " time_to_repair: {dist: exponential, mean: 1h}}}",
      "{handlers: {get: [{wait: 10ms}]}}", 2000h);
  f.fleet.start();
  f.run(2000h);
  // 9 / (9 + 1) = 0.9; about 10^4 cycles, so the mean deviates by about 0.9 x 0.1 x sqrt(2 / 10^4) = 0.0013.
  CHECK(f.metric("hosts.available") == doctest::Approx(0.9).epsilon(0.005));
}

TEST_CASE("hosts: utilisation is CPU time over the vCPU time of machines that are up") {
  Fixture f("{count: 2, vcpus: 2, application: app}", "{handlers: {get: [{compute: 400ms}]}}");
  f.send(0ms);
  f.send(0ms);
  f.run(1s);
  CHECK(f.metric("utilization") == doctest::Approx(0.8 / 4));
  CHECK(f.metric("throughput") == doctest::Approx(2));
}

TEST_CASE("hosts: workers, line and waits are measured") {
  Fixture f("{application: app}", "{concurrency: 1, backlog: 1, handlers: {get: [{wait: 100ms}]}}");
  for (int i = 0; i < 3; ++i) f.send(0ms);
  f.run(1s);
  CHECK(f.metric("workers.utilization") == doctest::Approx(0.2));  // 2 x 100 ms of 1 s
  CHECK(f.metric("queue.mean") == doctest::Approx(0.1));
  CHECK(f.metric("wait.mean") == doctest::Approx(0.05));  // 0 and 100 ms
  CHECK(f.metric("rejected.rate") == doctest::Approx(1.0 / 3));
}

TEST_CASE("hosts: every host-second of the run is billed, at the book's or the scenario's price") {
  Fixture own("{count: 3, application: app, assume: {price_per_hour: $0.10}}");
  UsageMeter meter;
  own.fleet.bill(meter);
  CHECK(meter.quantities().at({"web", "HostHours"}) == 3 * 3600);
  CHECK(meter.own_prices().at({"web", "HostHours"}).pico_usd == 100'000'000'000);
  Fixture book("{count: 3, application: app, priced_as: 'BoxUsage:m6i.large'}");
  UsageMeter booked;
  book.fleet.bill(booked);
  CHECK(booked.quantities().at({"web", "BoxUsage:m6i.large"}) == 3 * 3600);
}

TEST_CASE("hosts: audits balance while requests are inside and after a failure") {
  Fixture f("{count: 2, application: app, assume: {time_to_failure: 12ms, time_to_repair: 5ms}}");
  f.fleet.start();
  for (int i = 0; i < 100; ++i) f.send(i * 1ms);
  f.run(60ms);
  Audit audit;
  f.fleet.audit(audit);
  REQUIRE(audit.lines().size() == 2);
  for (const AuditLine& line : audit.lines()) {
    CAPTURE(line.detail);
    CHECK(line.ok);
  }
}

std::string diagnose(const std::string& yaml) {
  SourceSet sources;
  Diagnostics diagnostics;
  const Tree tree = parse_text(sources, "test", yaml, diagnostics);
  Context context(diagnostics);
  const auto config = HostsConfig::fields().read(tree.root(), context);
  Defined defined;
  defined.applications["shop"] = {"browse"};
  defined.versions["shop"] = {"v1", "v2"};
  defined.resources["db"] = "Nephoscope::Station";
  if (config) config->check(defined, diagnostics);
  return diagnostics.render(sources);
}

TEST_CASE("hosts: unknown applications and versions are reported with what was probably meant") {
  CHECK(diagnose("{application: shop, version: v2}") == "");
  const std::string application = diagnose("{application: shpo}");
  CHECK(application.find("no application is named 'shpo'") != std::string::npos);
  CHECK(application.find("did you mean 'shop'?") != std::string::npos);
  CHECK(diagnose("{application: db}").find("'db' is Nephoscope::Station; expected an application") !=
        std::string::npos);
  CHECK(diagnose("{application: shop, version: v3}").find("no version of 'shop' is named 'v3'") !=
        std::string::npos);
}

}  // namespace
}  // namespace nephoscope::hosts
