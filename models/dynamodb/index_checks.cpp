#include "models/dynamodb/index_checks.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nephoscope::dynamodb {
namespace {

void check_index(const TableConfig& table, const Named<GlobalIndexConfig>& index, const Node& node,
                 Context& context) {
  const bool provisioned = table.billing_mode == BillingMode::provisioned;
  if (!provisioned && index.value.provisioned_throughput)
    context.report_key(Code::inconsistent, *node.find("provisioned_throughput"),
                       "'provisioned_throughput' has no meaning in mode PAY_PER_REQUEST");
  if (provisioned && index.value.on_demand_throughput)
    context.report_key(Code::inconsistent, *node.find("on_demand_throughput"),
                       "'on_demand_throughput' has no meaning in mode PROVISIONED");
  const auto same = [&](const auto& other) { return other.id == index.id; };
  if (std::any_of(table.local_secondary_indexes.begin(), table.local_secondary_indexes.end(), same))
    context.report_key(Code::inconsistent, node, fmt::format("there are two indexes '{}'", index.id));
}

// DynamoDB would answer ValidationException: consistent reads are not supported on global secondary indexes.
void check_reads(const TableConfig& table, const Node& node, Context& context) {
  const Node* patterns = node.find("access_patterns");
  for (const auto& pattern : table.access_patterns) {
    const auto& index = pattern.value.index;
    if (!index || !pattern.value.consistent_read || !is_global_index(table, *index)) continue;
    context.report_key(Code::inconsistent, *patterns->find(pattern.id)->find("consistent_read"),
                       fmt::format("'{}' is a global secondary index, which has no consistent reads", *index),
                       "DynamoDB answers ValidationException");
  }
}

}  // namespace

bool is_global_index(const TableConfig& table, std::string_view name) {
  return std::any_of(table.global_secondary_indexes.begin(), table.global_secondary_indexes.end(),
                     [&](const auto& index) { return index.id == name; });
}

void check_global_indexes(const TableConfig& table, const Node& node, Context& context) {
  const Node* indexes = node.find("global_secondary_indexes");
  for (const auto& index : table.global_secondary_indexes)
    check_index(table, index, *indexes->find(index.id), context);
  check_reads(table, node, context);
}

}  // namespace nephoscope::dynamodb
