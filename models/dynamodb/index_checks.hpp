// What can be wrong between a table and its global secondary indexes.
#pragma once

#include <string_view>

#include "models/dynamodb/dynamodb.hpp"

namespace nephoscope::dynamodb {

bool is_global_index(const TableConfig& table, std::string_view name);
void check_global_indexes(const TableConfig& table, const Node& node, Context& context);

}  // namespace nephoscope::dynamodb
