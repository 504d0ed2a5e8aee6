#include "models/station/station.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "models/common/audit.hpp"
#include "models/common/removable.hpp"
#include "models/common/report.hpp"
#include "models/common/world.hpp"

using namespace nephoscope;

namespace {

// A station in a world of its own, fed with requests at chosen instants.
class Bench {
 public:
  explicit Bench(const std::string& yaml) {
    SourceSet sources;
    Diagnostics diagnostics;
    const Tree tree = parse_text(sources, "station.yaml", "type: Nephoscope::Station\n" + yaml, diagnostics);
    Context context(diagnostics);
    auto config = station::StationConfig::fields().read(tree.root(), context);
    REQUIRE_MESSAGE(config.has_value(), diagnostics.render(sources));
    config_ = std::move(*config);
    station_ = config_.build(world, "s");
  }

  // The answers in the order in which requests were sent, once nothing is left to do.
  struct Answer {
    std::string outcome;
    Time at{};
  };
  void send(Time at, std::int32_t priority = 0) {
    answers.emplace_back();
    world.simulation.spawn(ask(at, priority, answers.size() - 1));
  }
  void run() {
    while (world.simulation.step()) {
    }
  }
  std::vector<std::string> broken_audits() {
    Audit audit;
    station_->audit(audit);
    std::vector<std::string> broken;
    for (const AuditLine& line : audit.lines())
      if (!line.ok) broken.push_back(line.name + ": " + line.detail);
    return broken;
  }

  World world{{.warmup = 0s, .duration = 100s, .start_epoch = 0, .windows = {}}, Seed{1}, 0};
  std::vector<Answer> answers;
  Resource& station() { return *station_; }
  // Removes the station at that instant.
  void remove(Time at) {
    const auto remove = [](void* station) {
      static_cast<Resource*>(station)->removable()->remove("the end");
    };
    world.simulation.at(at, remove, station_.get());
  }

 private:
  Process ask(Time at, std::int32_t priority, std::size_t index) {
    co_await world.simulation.delay(at - Time{});
    Request request;
    request.number = index;
    request.priority = priority;
    const ReplyId reply = world.replies.open();
    station_->endpoint()->submit(request, reply);
    const Replies::Result result = co_await world.replies.wait(reply);
    const Response& response = result.value;
    answers[index] = {response.ok() ? "ok" : world.errors.name(response.error), world.now()};
  }
  station::StationConfig config_;
  std::unique_ptr<Resource> station_;
};

}  // namespace

TEST_CASE("station: requests are served in turn, and one that finds no waiting place is refused at once") {
  Bench bench("servers: 1\nqueue_limit: 1\nservice: 10s\n");
  for (int i = 0; i < 3; ++i) bench.send(Time{} + 1s * i);
  bench.run();
  CHECK(bench.answers[0].at == Time{} + 10s);
  CHECK(bench.answers[1].at == Time{} + 20s);  // waited from 1 to 10
  CHECK(bench.answers[2].outcome == "QueueFull");
  CHECK(bench.answers[2].at == Time{} + 2s);
  CHECK(bench.broken_audits().empty());
}

TEST_CASE("station: a request leaves the line when its patience ends, but never once it is being served") {
  Bench bench("servers: 1\nservice: 10s\npatience: 4s\n");
  bench.send(Time{});
  bench.send(Time{} + 1s);
  bench.run();
  CHECK(bench.answers[0].outcome == "ok");  // served for 10 s, longer than its patience
  CHECK(bench.answers[1].outcome == "QueueTimeout");
  CHECK(bench.answers[1].at == Time{} + 5s);
  CHECK(bench.broken_audits().empty());
}

TEST_CASE("station: the lowest priority number goes first, without interrupting a service") {
  Bench bench("servers: 1\ndiscipline: priority\nservice: 10s\n");
  bench.send(Time{}, 5);
  bench.send(Time{} + 1s, 5);
  bench.send(Time{} + 2s, 1);
  bench.run();
  CHECK(bench.answers[0].at == Time{} + 10s);
  CHECK(bench.answers[2].at == Time{} + 20s);
  CHECK(bench.answers[1].at == Time{} + 30s);
}

TEST_CASE("station: under processor sharing two requests on one server each progress at half speed") {
  Bench bench("servers: 1\ndiscipline: processor_sharing\nservice: 10s\n");
  bench.send(Time{});
  bench.send(Time{} + 5s);
  bench.run();
  // The first has 5 s left when the second comes, which takes 10 s at half speed; then the second runs alone.
  CHECK(bench.answers[0].at == Time{} + 15s);
  CHECK(bench.answers[1].at == Time{} + 20s);
  CHECK(bench.broken_audits().empty());
}

TEST_CASE("station: an error rate of one fails every request after it was served") {
  Bench bench("servers: 1\nservice: 10s\nassume: {error_rate: 100%}\n");
  bench.send(Time{});
  bench.run();
  CHECK(bench.answers[0].outcome == "InternalServerError");
  CHECK(bench.answers[0].at == Time{} + 10s);
  CHECK(bench.broken_audits().empty());
}

TEST_CASE("station: utilisation, queue and wait are those of the measured time, counted by hand") {
  Bench bench("servers: 2\nservice: 10s\n");
  for (int i = 0; i < 3; ++i) bench.send(Time{});
  bench.world.simulation.run_until(Time{} + 40s);
  Report report;
  bench.station().report(report);
  const auto value = [&](const char* name) {
    const auto& ratio = std::get<RatioMeasure>(report.find({Scope::resource, "s", name})->value);
    return ratio.numerator / ratio.denominator;
  };
  CHECK(value("utilization") == doctest::Approx(30.0 / 80));  // three services of 10 s on two servers in 40 s
  CHECK(value("queue.mean") == doctest::Approx(10.0 / 40));   // one waited 10 s
  CHECK(value("wait.mean") == doctest::Approx(10.0 / 3));
  CHECK(value("throughput") == doctest::Approx(3.0 / 40));
}

TEST_CASE("station: server-hours and requests are billed at the scenario's prices") {
  Bench bench("servers: 3\nservice: 1s\nprice_per_hour: $0.36\nprice_per_million_requests: $0.20\n");
  bench.send(Time{});
  bench.run();
  UsageMeter meter;
  bench.station().bill(meter);
  CHECK(meter.quantities().at({"s", "ServerHours"}) == 300);  // 3 servers x 100 s
  CHECK(meter.own_prices().at({"s", "ServerHours"}).pico_usd == 360'000'000'000);
  CHECK(meter.quantities().at({"s", "Requests"}) == 1);
  CHECK(meter.own_prices().at({"s", "Requests"}).block == 1'000'000);
}

TEST_CASE("station: one that is removed resets what is inside, refuses what comes, and is billed no more") {
  for (const std::string discipline : {"fifo", "processor_sharing"}) {
    CAPTURE(discipline);
    Bench bench("servers: 2\nservice: 10s\nprice_per_hour: $0.36\ndiscipline: " + discipline + "\n");
    for (int i = 0; i < 4; ++i) bench.send(Time{} + 5s * i);
    bench.remove(Time{} + 12s);  // fifo: the second is served, the third too; the first has ended
    bench.remove(Time{} + 14s);  // no effect
    bench.run();
    CHECK(bench.answers[1].outcome == "ConnectionReset");
    CHECK(bench.answers[1].at == Time{} + 12s);
    CHECK(bench.answers[2].outcome == "ConnectionReset");
    CHECK(bench.answers[3].outcome == "ConnectionRefused");
    CHECK(bench.answers[3].at == Time{} + 15s);
    CHECK(bench.answers[0].outcome == "ok");
    CHECK(bench.broken_audits().empty());
    UsageMeter meter;
    bench.station().bill(meter);
    CHECK(meter.quantities().at({"s", "ServerHours"}) == 24);  // 2 servers x 12 s
    REQUIRE(bench.world.events.events().size() == 1);
    CHECK(bench.world.events.events()[0].text == "removed, later requests are refused: the end");
  }
}
