// What AWS would refuse in a table's configuration, and what contradicts itself.
#pragma once

#include "models/dynamodb/dynamodb.hpp"

namespace nephoscope::dynamodb {

// For the field table: `node` is the table's map.
void validate_table(const TableConfig& table, const Node& node, Context& context);

}  // namespace nephoscope::dynamodb
