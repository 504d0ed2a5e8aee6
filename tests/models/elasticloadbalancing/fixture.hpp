// A world with one load balancer in front of servers of one application, and a CloudWatch that only records.
#pragma once

#include <doctest/doctest.h>

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/config/tree.hpp"
#include "models/application/application.hpp"
#include "models/common/report.hpp"
#include "models/elasticloadbalancing/load_balancer.hpp"
#include "models/network/service.hpp"
#include "tests/support/read_config.hpp"

namespace nephoscope::elasticloadbalancing {

// Reads a config in flow style; fails the test on a diagnostic.
class FakeCloudWatch final : public CloudWatch {
 public:
  struct Point {
    Time stamp{};
    StatisticSet values;
  };
  MetricId metric(const MetricName& name) override {
    std::string key = name.space + ":" + name.name;
    for (const auto& [dimension, value] : name.dimensions) key += "," + dimension + "=" + value;
    const auto [place, added] = ids_.emplace(key, static_cast<std::uint32_t>(points_.size()));
    if (added) points_.emplace_back();
    return MetricId(place->second);
  }
  void put(MetricId metric, Time stamp, const StatisticSet& values) override {
    points_[metric.value].push_back({stamp, values});
  }
  AlarmId put_alarm(const AlarmSpec&, AlarmListener*) override { fail_check("test", "no alarms"); }
  void delete_alarm(AlarmId) override {}
  AlarmState state(AlarmId) const override { return AlarmState::ok; }
  void keep(MetricId, Duration) override {}
  std::optional<double> statistic(MetricId, Statistic, Time, Time) const override { return std::nullopt; }

  const std::vector<Point>& points(const std::string& key) const {
    INFO(key);
    REQUIRE(ids_.contains(key));
    return points_[ids_.at(key)];
  }
  double sum(const std::string& key) const {
    double total = 0;
    for (const Point& point : points(key)) total += point.values.sum;
    return total;
  }

 private:
  std::map<std::string, std::uint32_t> ids_;
  std::vector<std::vector<Point>> points_;
};

// Hears of targets.
struct Recorder final : TargetListener {
  explicit Recorder(World& world_) : world(world_) {}
  void target_changed(TargetId target, TargetState before, TargetState now) override {
    events.push_back({world.now(), target, before, now});
  }
  struct Event {
    Time at{};
    TargetId target;
    TargetState before;
    TargetState now;
  };
  World& world;
  std::vector<Event> events;
};

struct Answer {
  int count = 0;  // answers; none if nobody answered
  Time at{};
  Response response;
};

struct Setup {
  std::string balancer = "{targets: web}";
  std::string application = "{concurrency: 1000, handlers: {get: [{wait: 10ms}]}}";
  std::vector<std::string> zones = {"us-east-1a"};
  Duration duration = 1h;
  std::map<std::string, std::string> groups = {};  // target groups of their own
  std::uint64_t seed = 1;
  std::string network = "";  // the section; none: nothing has a place
};

class Fixture : public Wiring, public Fleet {
 public:
  explicit Fixture(const Setup& setup = {})
      : world({.warmup = {},
               .duration = setup.duration,
               .start_epoch = 0,
               .windows = {},
               .region = "us-east-1",
               .zones = setup.zones},
              Seed{setup.seed}, 0),
        network_config(read_config<network::NetworkConfig>(setup.network.empty() ? "{}" : setup.network)),
        network(setup.network.empty() ? nullptr : std::make_unique<network::Service>(world, network_config)),
        application_config(read_config<application::ApplicationConfig>(setup.application)),
        config(read_config<LoadBalancerConfig>(setup.balancer)),
        model(application_config.build(world, "app")),
        recorder(world),
        balancer(world, "front", config) {
    model->connect(*this);
    for (const auto& [id, yaml] : setup.groups) {
      group_configs.emplace(id, read_config<TargetGroupConfig>(yaml));
      groups.emplace(id, std::make_unique<TargetGroupResource>(world, id, group_configs.at(id)));
      groups.at(id)->connect(*this);
    }
    balancer.connect(*this);
  }
  ~Fixture() override { world.simulation.clear(); }

  Endpoint& endpoint(std::string_view) const override { fail_check("test", "nothing is called"); }
  Application& application(std::string_view) const override { return *model; }
  CloudWatch& cloudwatch() const override { return const_cast<FakeCloudWatch&>(metrics); }
  TargetGroup& target_group(std::string_view id) const override {
    return *groups.at(std::string(id))->target_group();
  }
  Fleet& fleet(std::string_view) const override { return const_cast<Fixture&>(*this); }
  void attach(TargetGroup&) override {}

  TargetGroup& group(const std::string& id = "") {
    return id.empty() ? *balancer.target_group() : *groups.at(id)->target_group();
  }
  // A server of its own in that zone, registered now.
  TargetId add(std::uint32_t zone = 0, const std::string& group_id = "") {
    ServerOptions options;
    options.name = "web/" + std::to_string(servers.size());
    options.self = world.resources.intern("resources.web");
    options.entity = servers.size();
    if (network != nullptr) options.place = place_in(zone, options.name);
    places.push_back(options.place);
    servers.push_back(model->launch(options));
    return group(group_id).add(
        {.server = servers.back().get(), .zone = ZoneId(zone), .name = options.name, .place = options.place},
        &recorder);
  }
  // Of an instance of "web" there.
  PlaceId place_in(std::uint32_t zone, const std::string& name) {
    return network->add_host({.owner = "web",
                              .name = name,
                              .site = {.zone = ZoneId(zone)},
                              .cluster = {},
                              .baseline = BytesPerSecond(1e9),
                              .burst = BytesPerSecond(1e9)});
  }
  void add_many(std::size_t count, std::uint32_t zone = 0) {
    for (std::size_t i = 0; i < count; ++i) add(zone);
  }

  Request request(std::uint64_t key = 0, Duration timeout = 24h) {
    Request result;
    result.number = mix64(++number_);
    result.operation = world.operations.intern("get");
    result.key = key;
    result.deadline = Time{} + timeout;  // counted from when it is sent
    return result;
  }
  Answer& send(Duration instant, const Request& request) {
    answers.emplace_back();
    world.simulation.spawn(client(instant, request, answers.back()));
    return answers.back();
  }
  Answer& send(Duration instant) { return send(instant, request()); }
  void run(Duration until) { world.simulation.run_until(Time{} + until); }
  template <typename Action>
  void at(Duration instant, Action action) {
    actions_.emplace_back(action);
    const auto call = [](void* context) { (*static_cast<std::function<void()>*>(context))(); };
    world.simulation.at(Time{} + instant, call, &actions_.back());
  }

  std::string error(const Answer& answer) const {
    return answer.response.error ? world.errors.name(answer.response.error) : "";
  }
  std::string source(const Answer& answer) const { return world.resources.name(answer.response.source); }
  std::uint64_t outstanding(std::size_t server) const { return servers[server]->outstanding(); }
  double metric(const char* name) const {
    Report report;
    balancer.report(report);
    const Measure* measure = report.find({Scope::resource, "front", name});
    INFO(name);
    REQUIRE(measure != nullptr);
    const auto& ratio = std::get<RatioMeasure>(measure->value);
    return ratio.denominator == 0 ? 0 : ratio.numerator / ratio.denominator;
  }
  std::int64_t billed(const std::string& usage_type) const {
    UsageMeter meter;
    balancer.bill(meter);
    const auto found = meter.quantities().find({"front", usage_type});
    return found == meter.quantities().end() ? 0 : found->second;
  }
  void check_balance() const {
    Audit audit;
    balancer.audit(audit);
    for (const AuditLine& line : audit.lines()) {
      INFO(line.detail);
      CHECK(line.ok);
    }
  }
  bool logged(const std::string& text) const {
    for (const LoggedEvent& event : world.events.events())
      if (event.text.find(text) != std::string::npos) return true;
    return false;
  }

  World world;
  network::NetworkConfig network_config;
  std::unique_ptr<network::Service> network;
  application::ApplicationConfig application_config;
  LoadBalancerConfig config;
  std::unique_ptr<Application> model;
  FakeCloudWatch metrics;
  Recorder recorder;
  std::map<std::string, TargetGroupConfig> group_configs;
  std::map<std::string, std::unique_ptr<TargetGroupResource>> groups;
  std::vector<std::unique_ptr<ApplicationServer>> servers;
  std::vector<PlaceId> places;  // of the servers
  LoadBalancer balancer;
  std::deque<Answer> answers;

 private:
  Process client(Duration instant, Request request, Answer& answer) {
    co_await world.simulation.delay(instant - world.now().time_since_epoch());
    request.deadline += world.now().time_since_epoch();
    const ReplyId reply = world.replies.open();
    balancer.submit(request, reply);
    const Replies::Result result = co_await world.replies.wait(reply);
    ++answer.count;
    answer.at = world.now();
    answer.response = result.value;
  }
  std::uint64_t number_ = 0;
  std::deque<std::function<void()>> actions_;
};

inline Time at(Duration instant) { return Time{} + instant; }

}  // namespace nephoscope::elasticloadbalancing

namespace doctest {
template <>
struct StringMaker<nephoscope::Time> {
  static String convert(nephoscope::Time instant) {
    return (std::to_string(nephoscope::to_seconds(instant)) + " s").c_str();
  }
};
template <>
struct StringMaker<nephoscope::TargetState> {
  static String convert(nephoscope::TargetState state) {
    return std::to_string(static_cast<int>(state)).c_str();
  }
};
}  // namespace doctest
