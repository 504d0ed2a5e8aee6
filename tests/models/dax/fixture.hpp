// A cluster in front of a table whose versions a test knows.
#pragma once

#include <doctest/doctest.h>

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "models/common/cloudwatch.hpp"
#include "models/common/report.hpp"
#include "models/dax/cluster.hpp"
#include "tests/support/quiet_network.hpp"
#include "tests/support/read_config.hpp"

namespace nephoscope::dax {

// Operations by name: "get", "get-strong", "batch" (of three: key, key + 1, key + 2), "put", "delete",
// "query", "scan", "transact-get". Items are what has been written; `preset` makes some without a request.
class TableFake final : public Endpoint, public DynamoDbTable {
 public:
  explicit TableFake(World& world) : world_(world) {
    const auto add = [&](const char* name, const DynamoDbOperation& operation) {
      operations_[world.operations.intern(name).value] = operation;
    };
    add("get", {.action = DynamoDbAction::get_item});
    add("get-strong", {.action = DynamoDbAction::get_item, .consistent_read = true});
    add("batch", {.action = DynamoDbAction::batch_get_item, .items = 3});
    add("put", {.action = DynamoDbAction::put_item});
    add("delete", {.action = DynamoDbAction::delete_item});
    add("query", {.action = DynamoDbAction::query, .pattern = 1});
    add("other-query", {.action = DynamoDbAction::query, .pattern = 2});
    add("scan", {.action = DynamoDbAction::scan, .pattern = 3});
    add("transact-get", {.action = DynamoDbAction::transact_get_items, .items = 2});
  }
  void preset(std::uint64_t key) { ++versions[key]; }

  DynamoDbOperation describe(OperationId operation) const override { return operations_.at(operation.value); }
  ItemKey item_of(const Request& request, std::uint32_t index) const override {
    return {.key = request.key + index, .sort = 0};
  }
  std::uint64_t version_of(ItemKey item) const override {
    const auto found = versions.find(item.key);
    return found == versions.end() ? 0 : found->second;
  }
  void submit(const Request& request, ReplyId reply) override {
    ++requests;
    asked.push_back(world_.now() - Time{});
    world_.simulation.spawn(serve(request, reply));
  }

  Duration service{};
  bool throttles = false;
  Bytes size{1000};  // of an item
  std::map<std::uint64_t, std::uint64_t> versions;
  std::uint64_t requests = 0;
  std::vector<Duration> asked;

 private:
  Process serve(Request request, ReplyId reply) {
    const DynamoDbOperation operation = describe(request.operation);
    const WaitStatus status = co_await world_.simulation.delay(service);
    if (status != WaitStatus::done) co_return;
    Response response;
    if (throttles) {
      response.fault = Fault::throttling;
      response.error = world_.errors.intern("ProvisionedThroughputExceededException");
    } else if (operation.action == DynamoDbAction::delete_item) {
      versions.erase(request.key);
    } else if (is_write(operation.action)) {
      ++versions[request.key];
    } else {
      response.size = size * static_cast<std::int64_t>(operation.items);
    }
    world_.replies.answer(reply, response);
  }
  World& world_;
  std::map<std::uint32_t, DynamoDbOperation> operations_;
};

class CloudWatchSink final : public CloudWatch {
 public:
  MetricId metric(const MetricName& name) override {
    names.push_back(name.name);
    return MetricId(static_cast<std::uint32_t>(names.size() - 1));
  }
  void put(MetricId metric, Time, const StatisticSet& values) override {
    sums[names[metric.value]] += values.sum;
  }
  AlarmId put_alarm(const AlarmSpec&, AlarmListener*) override { return {}; }
  void delete_alarm(AlarmId) override {}
  AlarmState state(AlarmId) const override { return AlarmState::ok; }
  void keep(MetricId, Duration) override {}
  std::optional<double> statistic(MetricId, Statistic, Time, Time) const override { return {}; }
  std::vector<std::string> names;
  std::map<std::string, double> sums;
};

// Places are numbered from 1; what `far` says is so far from all others, each way.
class NetworkFake final : public QuietNetwork {
 public:
  PlaceId add_node(const NetworkNode& node) override {
    zones.push_back(node.zone);
    return PlaceId(static_cast<std::uint32_t>(zones.size()));
  }
  Way way(PlaceId from, PlaceId to, std::uint64_t, std::uint32_t) override {
    const Duration each = from == to ? Duration{} : distance;
    return {.there = each, .back = each};
  }
  std::vector<ZoneId> zones;
  Duration distance{};
};

inline std::string cluster_yaml(const std::string& keys, const std::string& assume) {
  return "{type: AWS::DAX::Cluster, table: orders, " + keys + ", assume: {hit_latency: 0s" +
         (assume.empty() ? "" : ", " + assume) + "}}";
}

// Hits take no time but the CPU's unless the test says so.
class Fixture final : public Wiring {
 public:
  explicit Fixture(const std::string& keys = "node_type: dax.r5.large", const std::string& assume = "",
                   std::uint64_t seed = 1)
      : world({.warmup = {}, .duration = 1000h, .start_epoch = 0, .windows = {}}, Seed{seed}, 0),
        table(world),
        config(read_config<ClusterConfig>(cluster_yaml(keys, assume))) {
    world.network = &network;
    cluster = std::make_unique<Cluster>(world, "cache", config);
    cluster->connect(*this);
  }
  ~Fixture() override {
    Audit audit;
    cluster->audit(audit);
    for (const AuditLine& line : audit.lines()) CHECK_MESSAGE(line.ok, line.name, ": ", line.detail);
    world.simulation.clear();
  }
  Endpoint& endpoint(std::string_view) const override { return table; }
  Application& application(std::string_view) const override { fail_check("test", "nothing runs"); }
  CloudWatch& cloudwatch() const override { return watch; }
  DynamoDbTable& dynamodb_table(std::string_view) const override { return table; }

  void run(Duration until) { world.simulation.run_until(Time{} + until); }
  // Sends a request at this instant, and does not wait.
  struct Answer {
    Response response;  // a success of no meaning until it came
    Duration took{};
    bool came = false;
  };
  const Answer& send(const std::string& operation, std::uint64_t key, PlaceId from = {}) {
    Answer& answer = answers_.emplace_back();
    world.simulation.spawn(call(world.operations.intern(operation), key, from, &answer));
    return answer;
  }
  // Sends one and runs on for a second; a time-out if no answer has come.
  Response ask(const std::string& operation, std::uint64_t key) {
    const Answer& answer = send(operation, key);
    run(world.now() - Time{} + 1s);
    Response response = answer.response;
    if (!answer.came) response.fault = Fault::timeout;
    return response;
  }
  double metric(const char* name) const {
    Report report;
    cluster->report(report);
    const Measure* measure = report.find({Scope::resource, "cache", name});
    REQUIRE(measure != nullptr);
    const auto& ratio = std::get<RatioMeasure>(measure->value);
    return ratio.numerator / ratio.denominator;
  }
  std::string error_of(const Response& response) const {
    return std::string(world.errors.name(response.error));
  }
  bool logged(const std::string& part) const {
    for (const LoggedEvent& event : world.events.events())
      if (event.text.find(part) != std::string::npos) return true;
    return false;
  }
  // Poisson arrivals of "get": ranks drawn by `keys` from 0 are keys from 1.
  template <typename Keys>
  void load(double rate, Keys keys) {
    world.simulation.spawn(arrivals(rate, std::move(keys)));
  }

  World world;
  NetworkFake network;
  mutable CloudWatchSink watch;
  mutable TableFake table;
  ClusterConfig config;
  std::unique_ptr<Cluster> cluster;

 private:
  Process call(OperationId operation, std::uint64_t key, PlaceId from, Answer* answer) {
    Request request;
    request.number = mix64(++sent_);
    request.operation = operation;
    request.key = key;
    request.place = from;
    const Time begun = world.now();
    const ReplyId reply = world.replies.open();
    cluster->submit(request, reply);
    const Replies::Result result = co_await world.replies.wait(reply);
    if (result.status != WaitStatus::done) co_return;
    answer->response = result.value;
    answer->took = world.now() - begun;
    answer->came = true;
  }
  template <typename Keys>
  Process arrivals(double rate, Keys keys) {
    Request request;
    request.operation = world.operations.intern("get");
    for (std::uint64_t i = 1;; ++i) {
      Draws draws = world.random.entity(Purpose("test.arrival"), 0, i);
      const double gap = draws.next_exponential() / rate;
      const WaitStatus status = co_await world.simulation.delay(from_seconds(gap));
      if (status != WaitStatus::done) co_return;
      request.number = mix64(1'000'000'000 + i);
      request.key = 1 + keys(draws);
      cluster->submit(request, ReplyId{});
    }
  }
  std::deque<Answer> answers_;
  std::uint64_t sent_ = 0;
};

}  // namespace nephoscope::dax
