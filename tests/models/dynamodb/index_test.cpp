#include <vector>

#include "tests/models/dynamodb/table_fixture.hpp"

namespace nephoscope::dynamodb {
namespace {

// A table without items, and one index of which the test says how it is.
std::string indexed(const std::string& index, const std::string& table = kOnDemand,
                    const std::string& assume = "items: 0") {
  return table_yaml(table + ", global_secondary_indexes: {by-status: {key_schema: {partition_key: status}" +
                        (index.empty() ? "" : ", ") + index + "}}",
                    assume);
}

class IndexFixture : public TableFixture {
 public:
  using TableFixture::TableFixture;
  SecondaryIndex& index() { return (*table.indexes())[0]; }
  double index_units(Access access = Access::write) {
    return index().partitions().counts(access).consumed.value();
  }
  double index_metric(const std::string& name) const {
    Report report;
    table.report(report);
    const Measure* found = report.find({Scope::resource, "table/index/by-status", name});
    REQUIRE(found != nullptr);
    const auto& ratio = std::get<RatioMeasure>(found->value);
    return ratio.numerator / ratio.denominator;
  }
  // Write units of the index for one request.
  double cost(const std::string& operation, std::uint64_t key, Bytes size = {}) {
    const double before = index_units();
    ask(operation, key, size);
    return index_units() - before;
  }
};

TEST_CASE("index: an item that enters or leaves costs one write, each KB of its entry a unit") {
  IndexFixture fixture(indexed("assume: {changes_projected: 0%}"));
  CHECK(fixture.cost("PutItem", 1, Bytes(1024)) == 1);
  CHECK(fixture.cost("PutItem", 2, Bytes(1025)) == 2);
  CHECK(fixture.cost("DeleteItem", 2) == 2);
  CHECK(fixture.cost("DeleteItem", 2) == 0);  // there is nothing left
  CHECK(fixture.index().partitions().bytes() == 1024);
  fixture.check_audits();
}

TEST_CASE("index: an update costs nothing, one or two writes by what it changes") {
  IndexFixture untouched(indexed("assume: {changes_projected: 0%}"));
  untouched.ask("PutItem", 1, Bytes(500));
  CHECK(untouched.cost("UpdateItem", 1) == 0);

  IndexFixture projected(indexed(""));
  projected.ask("PutItem", 1, Bytes(500));
  CHECK(projected.cost("UpdateItem", 1) == 1);
  // From 500 B to 2,500 B: the larger image, 3 KB.
  CHECK(projected.cost("PutItem", 1, Bytes(2500)) == 3);

  IndexFixture moved(indexed("assume: {changes_key: 100%}"));
  moved.ask("PutItem", 1, Bytes(500));
  const std::uint64_t before = moved.index().value_of({1, 0});
  CHECK(moved.cost("UpdateItem", 1) == 2);
  CHECK(moved.index().value_of({1, 0}) != before);
  // The entry of 500 B is deleted, one of 2,500 B is put: 1 + 3.
  CHECK(moved.cost("PutItem", 1, Bytes(2500)) == 4);
  CHECK(moved.index().partitions().bytes() == 2500);
  moved.check_audits();
}

TEST_CASE("index: with KEYS_ONLY entries are small, and only a change of the key touches them") {
  IndexFixture fixture(indexed("projection: KEYS_ONLY"));
  CHECK(fixture.cost("PutItem", 1, Bytes(300'000)) == 1);
  CHECK(fixture.cost("UpdateItem", 1) == 0);
  CHECK(fixture.index().partitions().bytes() == 100);
}

TEST_CASE("index: items without the indexed attribute are not in it") {
  IndexFixture none(indexed("assume: {share_indexed: 0%}"));
  CHECK(none.cost("PutItem", 1) == 0);
  CHECK(none.index().partitions().bytes() == 0);
  // Half of the items are: of 2,000 puts 1,000 cost a unit, within 5 standard deviations of sqrt(500) = 22.
  IndexFixture half(indexed("assume: {share_indexed: 50%}"));
  for (std::uint64_t key = 1; key <= 2000; ++key) half.ask("PutItem", key, Bytes(100));
  CHECK(half.index_units() > 1000 - 112);
  CHECK(half.index_units() < 1000 + 112);
  CHECK(half.index().partitions().bytes() == static_cast<std::int64_t>(half.index_units()) * 100);
}

TEST_CASE("index: a change of a sparse attribute may enter, leave, move or do nothing") {
  IndexFixture fixture(indexed("assume: {share_indexed: 50%, changes_key: 100%}"));
  for (std::uint64_t key = 1; key <= 1000; ++key) fixture.ask("PutItem", key, Bytes(100));
  const double before = fixture.index_units();
  for (std::uint64_t key = 1; key <= 1000; ++key) fixture.ask("UpdateItem", key);
  // Old and new value are indexed or not with 1/2 each: 0, 1, 1 or 2 writes, a mean of 1 and a variance of
  // 1/2; 5 standard deviations of the sum are 5 x sqrt(500) = 112.
  CHECK(fixture.index_units() - before > 1000 - 112);
  CHECK(fixture.index_units() - before < 1000 + 112);
  fixture.check_audits();
}

// Buckets hold one second, nothing is saved at the start, and one router has the whole bucket.
const std::string kPlain = "partitions: {saved_at_start: 0s, burst_span: 1s, routers: 1, lease: 1s}";

TEST_CASE("index: a write that the index cannot take fails as a whole, and is counted where it was refused") {
  const std::string throughput =
      "provisioned_throughput: {read_capacity_units: 10, write_capacity_units: 10}";
  IndexFixture fixture(indexed(throughput, provisioned_yaml(100, 100), "items: 0, " + kPlain));
  fixture.table.start();
  std::vector<TableFixture::Answer> answers(50);
  for (std::size_t i = 0; i < answers.size(); ++i) fixture.send("PutItem", i + 1, answers[i], Bytes(1000));
  fixture.run_for(1s - 1ns);
  std::uint64_t ok = 0;
  for (const auto& answer : answers) {
    ok += answer.response.ok() ? 1 : 0;
    if (!answer.response.ok()) CHECK(fixture.error_of(answer) == "ProvisionedThroughputExceededException");
  }
  // The index has 10 units, the table 100: 10 writes succeed, 40 fail.
  CHECK(ok == 10);
  const AdmissionCounts& base = fixture.table.core().partitions.counts(Access::write);
  const AdmissionCounts& index = fixture.index().partitions().counts(Access::write);
  CHECK(base.consumed == CapacityUnits::of(10));
  CHECK(index.consumed == CapacityUnits::of(10));
  CHECK(index.throttled == CapacityUnits::of(40));
  CHECK(index.offered == index.consumed + index.throttled);
  CHECK(base.offered == base.consumed + base.throttled);
  CHECK(fixture.index_metric("throttled_table_writes") == 40);
  CHECK(fixture.index_metric("throttled.IndexWriteProvisionedThroughputExceeded") == 40);
  fixture.check_audits();
}

TEST_CASE("index: a hot value is one partition of the index and limits the writes of the whole table") {
  // On demand the table takes 4,000 writes a second over 4 partitions; all items have one status.
  IndexFixture fixture(indexed("assume: {keys: {count: 1}}", kOnDemand,
                               "items: 0, partitions: {saved_at_start: 0s, burst_ceiling: 1}"));
  fixture.table.start();
  std::vector<TableFixture::Answer> answers(10'000);
  for (std::size_t i = 0; i < answers.size(); ++i) {
    fixture.send("PutItem", i + 1, answers[i], Bytes(1000));
    fixture.run_for(500us);  // 2,000 a second for 5 s
  }
  // The index's partition takes 1,000 a second: 5,000 in 5 s, and the second that its bucket holds.
  const double taken = fixture.index_units();
  CHECK(taken >= 5000);
  CHECK(taken <= 6000);
  CHECK(fixture.index_metric("throttled.IndexWriteKeyRangeThroughputExceeded") == 10'000 - taken);
  CHECK(fixture.consumed(Access::write).value() == taken);
  CHECK(fixture.table.core().partitions.counts(Access::write).throttled == CapacityUnits{});
  CHECK(fixture.index_metric("throttled_table_writes") == 10'000 - taken);
  fixture.run_for(1s);
  fixture.check_audits();
}

TEST_CASE("index: a query reads the index's own capacity") {
  IndexFixture fixture(
      indexed("assume: {keys: {count: 10}, propagation_lag: 0s}",
              kOnDemand + ", access_patterns: {of-status: {operation: Query, index: by-status}}",
              "items: 1000, item_size: 1000B"));
  const auto answer = fixture.ask("of-status", 3);
  CHECK(answer.response.ok());
  // A tenth of 1,000 items of 1,000 B: 100,000 B, 25 blocks of 4 KB, half a unit each.
  CHECK(answer.response.size.count == 100'000);
  CHECK(fixture.index_units(Access::read) == 12.5);
  CHECK(fixture.consumed(Access::read) == CapacityUnits{});
}

TEST_CASE("index: readers see a change only after its lag") {
  IndexFixture fixture(indexed(
      "assume: {keys: {count: 1}, propagation_lag: 1s}",
      kOnDemand + ", access_patterns: {of-status: {operation: Query, index: by-status}}", "items: 10"));
  fixture.ask("PutItem", 1);
  fixture.run_to(500ms);
  fixture.ask("of-status", 1);
  fixture.run_to(2s);
  fixture.ask("of-status", 1);
  CHECK(fixture.index_metric("reads.stale") == 0.5);
}

TEST_CASE("index: Application Auto Scaling finds the capacity of a provisioned index") {
  IndexFixture fixture(indexed("", provisioned_yaml(100, 50)));
  ScalableDimension* found =
      fixture.table.scalable_dimension("index/by-status", "dynamodb:index:WriteCapacityUnits");
  REQUIRE(found != nullptr);
  CHECK(found->capacity() == 50);  // as the table's, unless it says otherwise
  CHECK(fixture.table.scalable_dimension("index/other", "dynamodb:index:WriteCapacityUnits") == nullptr);
  IndexFixture on_demand(indexed(""));
  CHECK(on_demand.table.scalable_dimension("index/by-status", "dynamodb:index:ReadCapacityUnits") == nullptr);
}

std::string problems_of(const std::string& yaml) {
  SourceSet sources;
  Diagnostics diagnostics;
  const Tree tree = parse_text(sources, "test", yaml, diagnostics);
  Context context(diagnostics, &sources);
  TableConfig::fields().read(tree.root(), context);
  std::string all;
  for (const Diagnostic& each : diagnostics.sorted()) all += each.message + "\n";
  return all;
}

TEST_CASE("index: a consistent read of a global secondary index is a mistake, and so is a lonely attribute") {
  CHECK(problems_of(indexed("", kOnDemand + ", access_patterns: {now: {operation: Query, index: by-status, "
                                            "consistent_read: true}}")) ==
        "'by-status' is a global secondary index, which has no consistent reads\n");
  CHECK(problems_of(indexed("projection: INCLUDE")) ==
        "a projection INCLUDE names the attributes to include\n");
  CHECK(problems_of(indexed("provisioned_throughput: {read_capacity_units: 1, write_capacity_units: 1}")) ==
        "'provisioned_throughput' has no meaning in mode PAY_PER_REQUEST\n");
}

}  // namespace
}  // namespace nephoscope::dynamodb
