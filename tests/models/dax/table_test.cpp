// A cluster in front of a real table.
#include <doctest/doctest.h>

#include <string>

#include "models/common/report.hpp"
#include "models/dynamodb/table.hpp"
#include "tests/models/dax/fixture.hpp"

namespace nephoscope::dax {
namespace {

class Bench final : public Wiring {
 public:
  explicit Bench(const std::string& table_keys = "key_schema: {partition_key: id}")
      : world({.warmup = {}, .duration = 100h, .start_epoch = 0, .windows = {}}, Seed{1}, 0),
        table_config(read_config<dynamodb::TableConfig>(
            "{type: AWS::DynamoDB::Table, billing_mode: PAY_PER_REQUEST, " + table_keys +
            ", assume: {items: 1000, item_size: 1000B, replication_lag: 0s}}")),
        table(world, "orders", table_config),
        config(read_config<ClusterConfig>(
            cluster_yaml("node_type: dax.r5.large, parameter_group: {query_ttl: 60s}", ""))),
        cluster(world, "cache", config) {
    table.connect(*this);
    cluster.connect(*this);
    table.start();
    cluster.start();
  }
  ~Bench() override {
    Audit audit;
    table.audit(audit);
    cluster.audit(audit);
    for (const AuditLine& line : audit.lines()) CHECK_MESSAGE(line.ok, line.name, ": ", line.detail);
    world.simulation.clear();
  }
  Endpoint& endpoint(std::string_view) const override { return *table.endpoint(); }
  Application& application(std::string_view) const override { fail_check("test", "nothing runs"); }
  CloudWatch& cloudwatch() const override { return watch; }
  DynamoDbTable& dynamodb_table(std::string_view) const override { return *table.dynamodb_table(); }

  // Asks the cluster, or the table past it, and runs on for a second.
  Response ask(const std::string& operation, std::uint64_t key, bool past = false) {
    Response response;
    response.fault = Fault::timeout;
    world.simulation.spawn(call(operation, key, past, response));
    world.simulation.run_until(world.now() + 1s);
    return response;
  }
  double units(dynamodb::Access access) { return table.core().partitions.counts(access).consumed.value(); }
  double metric(const char* name) const {
    Report report;
    cluster.report(report);
    const Measure* measure = report.find({Scope::resource, "cache", name});
    REQUIRE(measure != nullptr);
    const auto& ratio = std::get<RatioMeasure>(measure->value);
    return ratio.numerator / ratio.denominator;
  }

  World world;
  mutable CloudWatchSink watch;
  dynamodb::TableConfig table_config;
  mutable dynamodb::Table table;
  ClusterConfig config;
  Cluster cluster;

 private:
  Process call(std::string operation, std::uint64_t key, bool past, Response& response) {
    Request request;
    request.number = mix64(++asked_);
    request.operation = world.operations.intern(operation);
    request.key = key;
    const ReplyId reply = world.replies.open();
    past ? table.endpoint()->submit(request, reply) : cluster.submit(request, reply);
    const Replies::Result result = co_await world.replies.wait(reply);
    if (result.status == WaitStatus::done) response = result.value;
  }
  std::uint64_t asked_ = 0;
};

}  // namespace

TEST_CASE("dax: hits cost a real table nothing, a miss half a unit, a strong read a whole one") {
  Bench bench;
  CHECK(bench.ask("GetItem", 7).ok());
  CHECK(bench.units(dynamodb::Access::read) == 0.5);
  CHECK(bench.ask("GetItem", 7).size == bench.ask("GetItem", 7).size);
  CHECK(bench.units(dynamodb::Access::read) == 0.5);
  CHECK(bench.metric("item_cache.hit_ratio") == doctest::Approx(2.0 / 3));
  CHECK(bench.ask("BatchGetItem", 7).ok());  // ten items, of which one is cached, read as a whole
  CHECK(bench.units(dynamodb::Access::read) == 5.5);
  CHECK(bench.metric("ItemCacheMisses") == 10);
}

TEST_CASE("dax: a real table's versions tell fresh entries from stale ones") {
  Bench bench;
  CHECK(bench.ask("GetItem", 7).ok());
  CHECK(bench.ask("PutItem", 7).ok());
  CHECK(bench.ask("GetItem", 7).ok());
  CHECK(bench.metric("reads.stale") == 0);
  CHECK(bench.ask("PutItem", 7, true).ok());  // past the cache
  CHECK(bench.ask("GetItem", 7).ok());
  CHECK(bench.metric("reads.stale") == doctest::Approx(1.0 / 3));
  CHECK(bench.ask("DeleteItem", 7).ok());
  CHECK(bench.ask("GetItem", 7).size == Bytes(0));
  CHECK(bench.metric("reads.stale") == doctest::Approx(1.0 / 4));
}

TEST_CASE("dax: a query of a real table is stale after a write through the cache, for the query TTL") {
  Bench bench("key_schema: {partition_key: id, sort_key: at}");
  CHECK(bench.ask("Query", 7).ok());
  CHECK(bench.ask("Query", 7).ok());
  CHECK(bench.metric("QueryCacheHits") == 1);
  CHECK(bench.metric("reads.stale") == 0);
  CHECK(bench.ask("UpdateItem", 7).ok());
  CHECK(bench.ask("Query", 7).ok());
  CHECK(bench.metric("reads.stale") == doctest::Approx(1.0 / 3));
  bench.world.simulation.run_until(Time{} + 61s);
  CHECK(bench.ask("Query", 7).ok());
  CHECK(bench.metric("reads.stale") == doctest::Approx(1.0 / 4));
}

}  // namespace nephoscope::dax
