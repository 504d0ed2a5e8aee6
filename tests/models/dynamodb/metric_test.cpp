#include <doctest/doctest.h>

#include <map>
#include <vector>

#include "tests/models/dynamodb/table_fixture.hpp"

namespace nephoscope::dynamodb {

namespace {

// Writes down what is published.
class Recorder final : public CloudWatch, public Wiring {
 public:
  struct Point {
    Time stamp{};
    StatisticSet values;
  };
  MetricId metric(const MetricName& name) override {
    std::string key = name.name;
    for (const auto& [dimension, value] : name.dimensions) key += "," + dimension + "=" + value;
    CHECK(name.space == "AWS/DynamoDB");
    const auto [place, added] = ids_.emplace(key, static_cast<std::uint32_t>(ids_.size()));
    points_.resize(ids_.size());
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

  Endpoint& endpoint(std::string_view) const override { fail_check("test", "no endpoints"); }
  Application& application(std::string_view) const override { fail_check("test", "no applications"); }
  CloudWatch& cloudwatch() const override { return const_cast<Recorder&>(*this); }

  const std::vector<Point>& points(const std::string& key) const {
    INFO(key);
    REQUIRE(ids_.contains(key));
    return points_[ids_.at(key)];
  }

 private:
  std::map<std::string, std::uint32_t> ids_;
  std::vector<std::vector<Point>> points_;
};

}  // namespace

TEST_CASE("metrics: a minute's consumption and latencies become datapoints, a minute without traffic none") {
  TableFixture fixture(table_yaml(
      provisioned_yaml(100, 50) + ", access_patterns: {claim: {operation: PutItem, condition: 100%}}",
      "items: 10, item_size: 5000B"));
  Recorder recorder;
  fixture.table.connect(recorder);
  fixture.table.start();
  fixture.run_to(10s);
  for (int i = 0; i < 3; ++i) fixture.ask("GetItem", 1);
  fixture.ask("PutItem", 1);
  fixture.ask("claim", 2);
  fixture.run_to(3min);
  // Three reads of two blocks, half a unit each; two writes of 5,000 B = 5 KB.
  const auto& reads = recorder.points("ConsumedReadCapacityUnits,TableName=table");
  REQUIRE(reads.size() == 1);
  CHECK(reads[0].stamp == Time{});
  CHECK(reads[0].values.sum == 3);
  CHECK(reads[0].values.samples == 3);
  CHECK(recorder.points("ConsumedWriteCapacityUnits,TableName=table")[0].values.sum == 10);
  const auto& latency = recorder.points("SuccessfulRequestLatency,TableName=table,Operation=GetItem");
  REQUIRE(latency.size() == 1);
  CHECK(latency[0].values.samples == 3);
  CHECK(latency[0].values.sum == doctest::Approx(6));  // ms
  CHECK(latency[0].values.maximum == doctest::Approx(2));
  // The put that failed is no success.
  CHECK(recorder.points("SuccessfulRequestLatency,TableName=table,Operation=PutItem")[0].values.samples == 1);
  CHECK(recorder.points("ConditionalCheckFailedRequests,TableName=table")[0].values.sum == 1);
  CHECK(recorder.points("ThrottledRequests,TableName=table,Operation=GetItem").empty());
  CHECK(recorder.points("UserErrors").empty());
}

TEST_CASE("metrics: provisioned capacity is published every five minutes, on demand not at all") {
  TableFixture fixture(table_yaml(provisioned_yaml(100, 50)));
  Recorder recorder;
  fixture.table.connect(recorder);
  fixture.table.start();
  fixture.run_to(12min);
  const auto& provisioned_reads = recorder.points("ProvisionedReadCapacityUnits,TableName=table");
  REQUIRE(provisioned_reads.size() == 3);
  CHECK(provisioned_reads[1].stamp - provisioned_reads[0].stamp == 5min);
  CHECK(provisioned_reads[1].values.sum == 100);

  TableFixture on_demand(table_yaml(kOnDemand));
  Recorder other;
  on_demand.table.connect(other);
  on_demand.table.start();
  on_demand.run_to(12min);
  CHECK(other.points("ProvisionedReadCapacityUnits,TableName=table").empty());
}

TEST_CASE("metrics: results count from the end of warm-up on") {
  TableFixture fixture(table_yaml(kOnDemand, "items: 10"));
  for (int i = 0; i < 4; ++i) fixture.ask("GetItem", 1);
  fixture.table.begin_measurement();
  fixture.ask("GetItem", 1);
  CHECK(fixture.metric("ConsumedReadCapacityUnits") == 0.5);
  CHECK(fixture.metric("SuccessfulRequestLatency") == doctest::Approx(0.002));
  CHECK(fixture.metric("errors.rate") == 0);
}

}  // namespace nephoscope::dynamodb
