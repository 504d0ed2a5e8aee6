// A world with EC2, one application and a CloudWatch that only remembers.
#pragma once

#include <doctest/doctest.h>

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "models/application/application.hpp"
#include "models/common/pricing.hpp"
#include "models/common/report.hpp"
#include "models/ec2/service.hpp"
#include "tests/support/read_config.hpp"

namespace nephoscope::ec2 {

class FakeCloudWatch final : public CloudWatch {
 public:
  struct Datum {
    Time stamp{};
    StatisticSet values;
  };

  // "CPUUtilization InstanceId=web/i-0".
  MetricId metric(const MetricName& name) override {
    CHECK(name.space == "AWS/EC2");
    std::string text = name.name;
    for (const auto& [dimension, value] : name.dimensions)
      text.append(" ").append(dimension).append("=" + value);
    return ids_.intern(text);
  }
  void put(MetricId metric, Time stamp, const StatisticSet& values) override {
    data[ids_.name(metric)].push_back({stamp, values});
  }
  AlarmId put_alarm(const AlarmSpec&, AlarmListener*) override { return {}; }
  void delete_alarm(AlarmId) override {}
  AlarmState state(AlarmId) const override { return AlarmState::insufficient_data; }
  void keep(MetricId, Duration) override {}
  std::optional<double> statistic(MetricId, Statistic, Time, Time) const override { return std::nullopt; }

  std::map<std::string, std::vector<Datum>> data;

 private:
  Interner<MetricTag> ids_;
};

struct Answer {
  int count = 0;
  Time at{};
  Response response;
};

struct Heard {
  Time at{};
  InstanceEvent event{};
  bool operator==(const Heard&) const = default;
};

// Immediate phases: a serving application at the instant of the launch.
inline const std::string kAtOnce = "launch_time: 0s, boot_time: 0s, bootstrap_time: 0s, restart_time: 0s";
inline const std::string kBurn =
    "{concurrency: 64, handlers: {burn: [{compute: 90000h}], get: [{wait: 10ms}]}, "
    "versions: {v1: {}, v2: {}, broken: {crashes_at_boot: true}}}";

class Fixture : public Wiring, public InstanceListener {
 public:
  // `launch` holds the keys of a launch ("instance_type: t2.micro"), `ec2` the section.
  explicit Fixture(const std::string& launch = "assume: {" + kAtOnce + "}", const std::string& ec2 = "{}",
                   Duration duration = 1h, Duration warmup = {}, const std::string& application = kBurn,
                   std::uint32_t replication = 0)
      : world({.warmup = warmup, .duration = duration, .start_epoch = 0, .windows = {}}, Seed{1},
              replication),
        application_config(read_config<application::ApplicationConfig>(application)),
        config(read_config<InstanceConfig>("{application: app, " + launch + "}")),
        ec2_config(read_config<Ec2Config>(ec2)),
        model(application_config.build(world, "app")),
        service(world, ec2_config) {
    model->connect(*this);
    service.connect(*this);
    service.start();
  }
  ~Fixture() override { world.simulation.clear(); }
  Endpoint& endpoint(std::string_view) const override { fail_check("test", "nothing is called"); }
  Application& application(std::string_view) const override { return *model; }
  CloudWatch& cloudwatch() const override { return cloud; }
  Compute& compute() const override { return service; }

  LaunchSpec spec(Market market = Market::on_demand, std::uint32_t zone = 0) const {
    return {.config = config,
            .owner = "web",
            .zone = ZoneId(zone),
            .market = market,
            .instance_type = "",
            .version = ""};
  }
  Instance& launch(const LaunchSpec& spec) {
    const LaunchResult result = service.launch(spec, *this);
    REQUIRE(std::holds_alternative<Instance*>(result));
    return *std::get<Instance*>(result);
  }
  Instance& launch() { return launch(spec()); }
  std::string refusal(const LaunchSpec& spec) {
    const LaunchResult result = service.launch(spec, *this);
    const auto* failure = std::get_if<LaunchFailure>(&result);
    return failure == nullptr ? "" : failure->error;
  }
  void instance_changed(Instance& instance, InstanceEvent event) override {
    heard[instance.name()].push_back({world.now(), event});
    note(instance);
    if (on_event) on_event(instance, event);
  }
  // Remembers a change of state.
  void note(const Instance& instance) {
    const auto [place, is_new] = states_.try_emplace(&instance, InstanceState::pending);
    if (place->second != instance.state()) transitions.insert({place->second, instance.state()});
    place->second = instance.state();
  }
  std::vector<InstanceEvent> events(const Instance& instance) {
    std::vector<InstanceEvent> result;
    for (const Heard& each : heard[instance.name()]) result.push_back(each.event);
    return result;
  }
  std::vector<Time> times(const Instance& instance, InstanceEvent event) {
    std::vector<Time> result;
    for (const Heard& each : heard[instance.name()])
      if (each.event == event) result.push_back(each.at);
    return result;
  }

  // Sends `operation` to the instance now.
  Answer& send(Instance& instance, const std::string& operation = "get") {
    Request request;
    request.number = ++number_;
    request.operation = world.operations.intern(operation);
    answers.emplace_back();
    world.simulation.spawn(client(instance, request, answers.back()));
    return answers.back();
  }
  // Keeps that many vCPUs busy for ever, until the server crashes.
  void burn(Instance& instance, int vcpus) {
    for (int i = 0; i < vcpus; ++i) send(instance, "burn");
  }
  void run(Duration until) { world.simulation.run_until(Time{} + until); }
  std::string error(const Answer& answer) const { return world.errors.name(answer.response.error); }

  double metric(const char* name) const {
    Report report;
    service.report(report);
    const auto& ratio = std::get<RatioMeasure>(report.find({Scope::resource, "web", name})->value);
    return ratio.numerator / ratio.denominator;
  }
  UsageMeter usage() const {
    UsageMeter meter;
    service.bill(meter);
    return meter;
  }
  std::int64_t used(const std::string& usage_type) const {
    const UsageMeter meter = usage();
    const auto place = meter.quantities().find({"web", usage_type});
    return place == meter.quantities().end() ? 0 : place->second;
  }
  double cost() const {
    double sum = 0;
    for (const BillLine& line : make_bill(load_price_book("us-east-1"), usage(), Probability()))
      sum += to_dollars(line.cost);
    return sum;
  }
  void check_audits() const {
    Audit audit;
    service.audit(audit);
    for (const AuditLine& line : audit.lines()) {
      CAPTURE(line.name);
      CAPTURE(line.detail);
      CHECK(line.ok);
    }
  }
  std::vector<FakeCloudWatch::Datum>& data(const std::string& metric) const { return cloud.data[metric]; }
  const Ec2Instance& inside(const Instance& instance) const {
    return static_cast<const Ec2Instance&>(instance);
  }

  World world;
  application::ApplicationConfig application_config;
  InstanceConfig config;
  Ec2Config ec2_config;
  std::unique_ptr<Application> model;
  mutable FakeCloudWatch cloud;
  mutable Service service;
  std::deque<Answer> answers;
  std::map<std::string, std::vector<Heard>> heard;
  std::set<std::pair<InstanceState, InstanceState>> transitions;
  std::function<void(Instance&, InstanceEvent)> on_event;

 private:
  Process client(Instance& instance, Request request, Answer& answer) {
    const ReplyId reply = world.replies.open();
    instance.server().submit(request, reply);
    const Replies::Result result = co_await world.replies.wait(reply);
    ++answer.count;
    answer.at = world.now();
    answer.response = result.value;
  }
  std::map<const Instance*, InstanceState> states_;
  std::uint64_t number_ = 0;
};

}  // namespace nephoscope::ec2
