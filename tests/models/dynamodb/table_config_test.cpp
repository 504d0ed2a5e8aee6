#include <doctest/doctest.h>

#include <string>

#include "models/dynamodb/dynamodb.hpp"

namespace nephoscope::dynamodb {

namespace {

// What is wrong with a table, as a user would see it; empty if nothing is.
std::string problems(const std::string& keys) {
  SourceSet sources;
  Diagnostics diagnostics;
  const Tree tree = parse_text(sources, "test", "{type: AWS::DynamoDB::Table, " + keys + "}", diagnostics);
  Context context(diagnostics, &sources);
  TableConfig::fields().read(tree.root(), context);
  return diagnostics.error_count() == 0 ? "" : diagnostics.render(sources);
}

bool contains(const std::string& text, const std::string& part) {
  INFO(text);
  CHECK(text.find(part) != std::string::npos);
  return text.find(part) != std::string::npos;
}

const std::string kKey = "key_schema: {partition_key: id}, ";
const std::string kKeys = "key_schema: {partition_key: id, sort_key: at}, billing_mode: PAY_PER_REQUEST, ";
const std::string kPlain = kKey + "billing_mode: PAY_PER_REQUEST, ";

}  // namespace

TEST_CASE("table config: a mode needs its own throughput and takes no other") {
  contains(problems(kKey), "mode PROVISIONED needs 'provisioned_throughput'");
  contains(problems(kPlain + "provisioned_throughput: {read_capacity_units: 5, write_capacity_units: 5}"),
           "no meaning in mode PAY_PER_REQUEST");
  const std::string throughput = "provisioned_throughput: {read_capacity_units: 5, write_capacity_units: 5}";
  CHECK(problems(kKey + throughput) == "");
  contains(problems(kKey + throughput + ", on_demand_throughput: {max_read_request_units: 5}"),
           "no meaning in mode PROVISIONED");
}

TEST_CASE("table config: the table's quota of 40,000 units holds unless AWS has granted more") {
  const std::string much =
      kKey + "provisioned_throughput: {read_capacity_units: 40001, write_capacity_units: 40000}";
  contains(problems(much), "40001 units exceed the table's quota of 40000");
  CHECK(problems(much + ", assume: {throughput_quota: 100000}") == "");
}

TEST_CASE("table config: what needs a sort key says so") {
  contains(problems(kPlain + "local_secondary_indexes: {by-x: {sort_key: x}}"),
           "need a table with a sort key");
  contains(problems(kPlain + "assume: {items_per_key: 5}"), "need a table with a sort key");
  contains(problems(kPlain + "access_patterns: {a: {operation: PutItem, sort: next}}"),
           "needs a table with a sort key");
  CHECK(problems(kKeys + "local_secondary_indexes: {by-x: {sort_key: x}}, assume: {items_per_key: 5}, "
                         "access_patterns: {a: {operation: Query, index: by-x}}") == "");
}

TEST_CASE("table config: access patterns have the keys of their operation only") {
  const auto pattern = [](const std::string& text) {
    return problems(kKeys + "access_patterns: {a: {" + text + "}}");
  };
  contains(pattern("operation: GetItem, segments: 4"), "'segments' has no meaning for GetItem");
  contains(pattern("operation: PutItem, consistent_read: true"),
           "'consistent_read' has no meaning for PutItem");
  contains(pattern("operation: BatchWriteItem, items: 26"), "BatchWriteItem takes at most 25 items");
  contains(pattern("operation: TransactWriteItems, updates: 60%, deletes: 50%"), "exceed 100%");
  contains(pattern("operation: Query, index: nowhere"), "the table has no index 'nowhere'");
  contains(problems(kKeys + "access_patterns: {GetItem: {operation: Query}}"),
           "an operation of the API itself");
  CHECK(pattern("operation: TransactWriteItems, items: 100, updates: 60%, deletes: 40%") == "");
  CHECK(pattern("operation: BatchWriteItem, items: 25") == "");
}

TEST_CASE("table config: it understands the API's operations and its own patterns") {
  TableConfig config;
  CHECK(config.operations({})->size() == 10);
  CHECK(config.operations({})->front() == "GetItem");
}

}  // namespace nephoscope::dynamodb
