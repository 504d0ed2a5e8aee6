// Keys and capacity as a table and its indexes state them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine/config/field_table.hpp"
#include "models/dynamodb/units.hpp"

namespace nephoscope::dynamodb {

// The names of the key's attributes.
struct KeySchema {
  std::string partition_key;
  std::optional<std::string> sort_key;
  static const FieldTable<KeySchema>& fields();
};

struct ProvisionedThroughput {
  std::int64_t read_capacity_units = 1;
  std::int64_t write_capacity_units = 1;
  static const FieldTable<ProvisionedThroughput>& fields();
  Throughput rates() const;
};

// The limits that an owner sets on a table or index on demand; none = no limit.
struct OnDemandThroughput {
  std::optional<std::int64_t> max_read_request_units;
  std::optional<std::int64_t> max_write_request_units;
  static const FieldTable<OnDemandThroughput>& fields();
};

struct WarmThroughput {
  std::int64_t read_units_per_second = 12'000;
  std::int64_t write_units_per_second = 4'000;
  static const FieldTable<WarmThroughput>& fields();
  Throughput rates() const;
};

}  // namespace nephoscope::dynamodb
