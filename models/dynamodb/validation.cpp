#include "models/dynamodb/validation.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "models/dynamodb/index_checks.hpp"

namespace nephoscope::dynamodb {
namespace {

void check_mode(const TableConfig& table, const Node& node, Context& context) {
  const bool provisioned = table.billing_mode == BillingMode::provisioned;
  if (provisioned && !table.provisioned_throughput)
    context.report(Code::missing_key, node, "mode PROVISIONED needs 'provisioned_throughput'",
                   "give it, or write 'billing_mode: PAY_PER_REQUEST'");
  if (!provisioned && table.provisioned_throughput)
    context.report_key(Code::inconsistent, *node.find("provisioned_throughput"),
                       "'provisioned_throughput' has no meaning in mode PAY_PER_REQUEST");
  if (provisioned && table.on_demand_throughput)
    context.report_key(Code::inconsistent, *node.find("on_demand_throughput"),
                       "'on_demand_throughput' has no meaning in mode PROVISIONED");
}

// AWS would answer LimitExceededException.
void check_quota(const TableConfig& table, const Node& node, Context& context) {
  if (!table.provisioned_throughput) return;
  const auto& throughput = *table.provisioned_throughput;
  const Node& map = *node.find("provisioned_throughput");
  const auto within = [&](const char* key, std::int64_t units) {
    if (units > table.throughput_quota && map.find(key) != nullptr)
      context.report_key(
          Code::out_of_range, *map.find(key),
          fmt::format("{} units exceed the table's quota of {}", units, table.throughput_quota),
          "if AWS has granted more, say so: 'assume: {throughput_quota: ...}'");
  };
  within("read_capacity_units", throughput.read_capacity_units);
  within("write_capacity_units", throughput.write_capacity_units);
}

void check_sort_key(const TableConfig& table, const Node& node, Context& context) {
  if (table.sorted()) return;
  const auto needs = [&](const Node* at, std::string_view what) {
    if (at != nullptr)
      context.report_key(Code::inconsistent, *at, fmt::format("{} need a table with a sort key", what),
                         "add 'sort_key' to 'key_schema'");
  };
  needs(node.find("local_secondary_indexes"), "local secondary indexes");
  const Node* assume = node.find("assume");
  if (table.items_per_key > 1 && assume != nullptr)
    needs(assume->find("items_per_key"), "several items a key");
}

bool has_index(const TableConfig& table, const std::string& name) {
  const auto named = [&](const auto& index) { return index.id == name; };
  return std::any_of(table.local_secondary_indexes.begin(), table.local_secondary_indexes.end(), named) ||
         is_global_index(table, name);
}

void check_pattern(const TableConfig& table, const Named<AccessPattern>& pattern, const Node& node,
                   Context& context) {
  for (const auto& [name, action] : kEnumNames<DynamoDbAction>)
    if (name == pattern.id)
      context.report_key(Code::inconsistent, node,
                         fmt::format("'{}' is an operation of the API itself", name),
                         "call the pattern something else");
  if (pattern.value.sort != SortChoice::any && !table.sorted())
    context.report_key(Code::inconsistent, *node.find("sort"), "'sort' needs a table with a sort key",
                       "add 'sort_key' to 'key_schema'");
  if (pattern.value.index && !has_index(table, *pattern.value.index))
    context.report(Code::unknown_reference, *node.find("index"),
                   fmt::format("the table has no index '{}'", *pattern.value.index));
}

void check_patterns(const TableConfig& table, const Node& node, Context& context) {
  const Node* map = node.find("access_patterns");
  if (map == nullptr) return;
  for (const auto& pattern : table.access_patterns)
    check_pattern(table, pattern, *map->find(pattern.id), context);
}

}  // namespace

void validate_table(const TableConfig& table, const Node& node, Context& context) {
  check_mode(table, node, context);
  check_quota(table, node, context);
  check_sort_key(table, node, context);
  check_patterns(table, node, context);
  check_global_indexes(table, node, context);
}

}  // namespace nephoscope::dynamodb
