// A global table over real tables.
#include <memory>
#include <vector>

#include "models/dynamodb/table.hpp"
#include "tests/models/dynamodb/global_table_fixture.hpp"

namespace nephoscope::dynamodb {
namespace {

// Reads take 2 ms, writes 4 ms; 100 items of 1,000 B.
std::string yaml(const std::string& regions, const std::string& keys = "billing_mode: PAY_PER_REQUEST",
                 const std::string& assume = "") {
  return "{type: AWS::DynamoDB::GlobalTable, key_schema: {partition_key: id}, " + keys + ", replicas: {" +
         regions +
         "}, assume: {cross_region_lag: 1s, clock_skew: 0s, items: 100, item_size: 1000B, read_latency: 2ms, "
         "write_latency: 4ms, time_per_mebibyte: 0s, replication_lag: 0s" +
         (assume.empty() ? "" : ", " + assume) + "}}";
}

class TablesFixture {
 public:
  explicit TablesFixture(const std::string& text)
      : world({.warmup = {}, .duration = 1h, .start_epoch = 0, .windows = {}}, Seed{1}, 0),
        network(world),
        config(read_config<GlobalTableConfig>(text)),
        parts(config.expand("orders")),
        global(world, "orders", config) {
    std::vector<Replica*> replicas;
    for (const ExpandedResource& part : parts) {
      const auto& table = dynamic_cast<const TableConfig&>(*part.config);
      replicas.push_back(
          tables.emplace_back(std::make_unique<Table>(world, "orders/" + part.name, table)).get());
    }
    global.connect(replicas);
    for (auto& table : tables) table->start();
    global.start();
  }
  ~TablesFixture() { world.simulation.clear(); }

  struct Answer {
    Response response;
    Duration took{};
  };
  Answer ask(std::size_t at, const std::string& operation, std::uint64_t key, Bytes size = {}) {
    Answer answer;
    bool came = false;
    world.simulation.spawn(call(at, operation, key, size, answer, came));
    while (!came) REQUIRE(world.simulation.step());
    return answer;
  }
  void run_for(Duration span) { world.simulation.run_until(world.now() + span); }
  std::int64_t billed(std::size_t at, const std::string& usage) const {
    UsageMeter meter;
    tables[at]->bill(meter);
    const auto place = meter.quantities().find({"orders/" + parts[at].name, usage});
    return place == meter.quantities().end() ? 0 : place->second;
  }
  double metric(const std::string& name) const {
    Report report;
    global.report(report);
    const auto& ratio = std::get<RatioMeasure>(report.find({Scope::resource, "orders", name})->value);
    return ratio.numerator / ratio.denominator;
  }
  void check_audits() const {
    Audit audit;
    global.audit(audit);
    for (const auto& table : tables) table->audit(audit);
    for (const AuditLine& line : audit.lines()) {
      INFO(line.name << ": " << line.detail);
      CHECK(line.ok);
    }
  }

  World world;
  RegionNetwork network;
  GlobalTableConfig config;
  std::vector<ExpandedResource> parts;
  std::vector<std::unique_ptr<Table>> tables;
  GlobalTable global;

 private:
  Process call(std::size_t at, std::string operation, std::uint64_t key, Bytes size, Answer& answer,
               bool& came) {
    Request request;
    request.number = mix64(++asked_);
    request.operation = world.operations.intern(operation);
    request.key = key;
    request.size = size;
    const Time begun = world.now();
    const ReplyId reply = world.replies.open();
    tables[at]->submit(request, reply);
    const Replies::Result result = co_await world.replies.wait(reply);
    answer = {.response = result.value, .took = world.now() - begun};
    came = true;
  }
  std::uint64_t asked_ = 0;
};

TEST_CASE("global table: each write is paid in replicated write units by every Region") {
  TablesFixture fixture(yaml(kTwo));
  fixture.ask(kUs, "PutItem", 1, Bytes(1500));
  fixture.ask(kUs, "PutItem", 2, Bytes(500));
  fixture.ask(kEu, "DeleteItem", 3);
  fixture.run_for(5s);
  // 2 + 1 (the larger image has 1,000 B) + 1 units.
  for (const std::size_t at : {kUs, kEu}) {
    CHECK(fixture.billed(at, "ReplWriteRequestUnits") == 4);
    CHECK(fixture.billed(at, "WriteRequestUnits") == 0);
    CHECK(fixture.tables[at]->bytes_of({1, 0}) == 1500);
    CHECK(fixture.tables[at]->bytes_of({3, 0}) == 0);
  }
  fixture.check_audits();
}

TEST_CASE("global table: items are the same at the start, and items carry 48 bytes more") {
  TablesFixture fixture(yaml(kTwo));
  for (std::uint64_t key = 1; key <= 100; ++key)
    CHECK(fixture.tables[kUs]->bytes_of({key, 0}) == fixture.tables[kEu]->bytes_of({key, 0}));
  // 100 items of 1,000 + 100 + 48 B.
  CHECK(fixture.tables[kUs]->core().storage.billed_bytes() == 114'800);
}

TEST_CASE("global table: a failover reads what had not been replicated yet as it was before") {
  TablesFixture fixture(yaml(kTwo));
  fixture.ask(kUs, "PutItem", 1, Bytes(2000));  // at 0 s
  fixture.run_for(500ms);
  CHECK(fixture.ask(kEu, "GetItem", 1).response.size.count == 1000);
  CHECK(fixture.global.recovery_point(kUs) > 500ms);
  fixture.run_for(1s);
  CHECK(fixture.ask(kEu, "GetItem", 1).response.size.count == 2000);
  CHECK(fixture.global.recovery_point(kUs) == 0s);
}

TEST_CASE("global table: a replica with too little write capacity falls behind") {
  // Ireland's table has 10 units a second and nothing saved; 20 writes a second come from Virginia for 10 s.
  TablesFixture fixture(yaml(kTwo,
                             "provisioned_throughput: {read_capacity_units: 10, write_capacity_units: 10}",
                             "throttled_delay: 50ms, partitions: {saved_at_start: 0s, burst_span: 1s}"));
  auto& us = fixture.tables[kUs]->core().partitions;
  us.set_provisioned({.read = 10, .write = 100});
  fixture.run_for(2s);
  for (int i = 0; i < 200; ++i) {
    CHECK(fixture.ask(kUs, "PutItem", 1 + i % 100, Bytes(500)).response.ok());
    fixture.run_for(46ms);
  }
  // 10 s after the first write 9 s worth have been sent, and about 9 x 10 + 10 were taken.
  CHECK(fixture.global.backlog() > 70);
  CHECK(fixture.global.recovery_point(kUs) > 3s);
  fixture.run_for(30s);
  CHECK(fixture.global.backlog() == 0);
  CHECK(fixture.billed(kUs, "ReplWriteCapacityUnit-Hrs") > 0);
  fixture.check_audits();
}

TEST_CASE("global table: an item that expires is deleted free of charge at home, and for a unit elsewhere") {
  TablesFixture fixture(yaml(kTwo,
                             "billing_mode: PAY_PER_REQUEST, time_to_live_specification: {assume: {ttl: 60s, "
                             "deletion_delay: 60s}}"));
  fixture.ask(kUs, "PutItem", 1, Bytes(500));
  fixture.run_for(10s);
  CHECK(fixture.billed(kUs, "ReplWriteRequestUnits") == 1);
  CHECK(fixture.billed(kEu, "ReplWriteRequestUnits") == 1);
  fixture.run_for(3min);
  CHECK(fixture.tables[kUs]->bytes_of({1, 0}) == 0);
  CHECK(fixture.tables[kEu]->bytes_of({1, 0}) == 0);
  CHECK(fixture.billed(kUs, "ReplWriteRequestUnits") == 1);
  CHECK(fixture.billed(kEu, "ReplWriteRequestUnits") == 2);
  fixture.check_audits();
}

TEST_CASE("global table: indexes pay ordinary write units in every Region") {
  TablesFixture fixture(yaml(kTwo,
                             "billing_mode: PAY_PER_REQUEST, global_secondary_indexes: {by-status: "
                             "{key_schema: {partition_key: status}}}"));
  fixture.ask(kUs, "PutItem", 1, Bytes(1500));
  fixture.run_for(5s);
  for (const std::size_t at : {kUs, kEu}) {
    CHECK(fixture.billed(at, "ReplWriteRequestUnits") == 2);
    CHECK(fixture.billed(at, "WriteRequestUnits") == 2);
  }
  fixture.check_audits();
}

TEST_CASE(
    "global table: with strong consistency writes and consistent reads take a round trip to the nearest "
    "peer") {
  TablesFixture fixture(yaml(kThree,
                             "billing_mode: PAY_PER_REQUEST, multi_region_consistency: STRONG, "
                             "access_patterns: {read-newest: {operation: GetItem, consistent_read: true}}"));
  // Round trips: Virginia - Ireland 80 ms, Virginia - Tokyo 160 ms, Ireland - Tokyo 220 ms.
  fixture.network.one_way = [](auto from, auto to) {
    return from + to == 1 ? 40ms : from + to == 2 ? 80ms : 110ms;
  };
  CHECK(fixture.ask(kUs, "PutItem", 1, Bytes(500)).took == 84ms);
  CHECK(fixture.ask(kAp, "PutItem", 2, Bytes(500)).took == 164ms);
  CHECK(fixture.ask(kUs, "GetItem", 1).took == 2ms);
  CHECK(fixture.ask(kEu, "read-newest", 1).took == 82ms);
  // Alone it serves eventually consistent reads only; the rest fails after the service's own limit.
  fixture.network.cut = [](auto from, auto to) { return from == 0 || to == 0; };
  const auto refused = fixture.ask(kUs, "PutItem", 1, Bytes(700));
  CHECK(refused.response.fault == Fault::transient);
  CHECK(fixture.world.errors.name(refused.response.error) == "InternalServerError");
  CHECK(refused.took == 5s);
  CHECK(fixture.ask(kUs, "GetItem", 1).response.ok());
  fixture.network.cut = nullptr;
  fixture.run_for(5s);
  for (const std::size_t at : {kUs, kEu, kAp}) CHECK(fixture.tables[at]->bytes_of({1, 0}) == 500);
  fixture.check_audits();
}

}  // namespace
}  // namespace nephoscope::dynamodb
