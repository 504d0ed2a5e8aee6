#include "models/dynamodb/throughput_config.hpp"

namespace nephoscope::dynamodb {

const FieldTable<KeySchema>& KeySchema::fields() {
  static const auto table =
      FieldTable<KeySchema>("key schema", "The names of a table's or index's key attributes.")
          .required("partition_key", &KeySchema::partition_key,
                    {.doc = "attribute whose hash decides the partition (KeyType HASH)"})
          .field("sort_key", &KeySchema::sort_key,
                 {.doc = "attribute that orders the items of a partition key (KeyType RANGE); none = one "
                         "item a key"});
  return table;
}

const FieldTable<ProvisionedThroughput>& ProvisionedThroughput::fields() {
  using T = ProvisionedThroughput;
  static const auto table =
      FieldTable<T>("provisioned throughput", "Capacity of a table or index in mode PROVISIONED.")
          .required("read_capacity_units", &T::read_capacity_units,
                    {.doc = "units a second", .min = 1, .max = 100'000'000})
          .required("write_capacity_units", &T::write_capacity_units,
                    {.doc = "units a second", .min = 1, .max = 100'000'000});
  return table;
}
Throughput ProvisionedThroughput::rates() const {
  return {.read = static_cast<double>(read_capacity_units),
          .write = static_cast<double>(write_capacity_units)};
}

const FieldTable<OnDemandThroughput>& OnDemandThroughput::fields() {
  using T = OnDemandThroughput;
  static const auto table = FieldTable<T>("on-demand throughput",
                                          "The most that a table or index in mode PAY_PER_REQUEST may take.")
                                .field("max_read_request_units", &T::max_read_request_units,
                                       {.doc = "units a second; none = no limit", .min = 1})
                                .field("max_write_request_units", &T::max_write_request_units,
                                       {.doc = "units a second; none = no limit", .min = 1});
  return table;
}

const FieldTable<WarmThroughput>& WarmThroughput::fields() {
  using T = WarmThroughput;
  static const auto table =
      FieldTable<T>("warm throughput", "What a table or index can take at once, asked for in advance.")
          .field("read_units_per_second", &T::read_units_per_second,
                 {.doc = "units a second",
                  .source = "Developer Guide, Understanding DynamoDB warm throughput: 12,000 of a new table",
                  .min = 12'000})
          .field("write_units_per_second", &T::write_units_per_second,
                 {.doc = "units a second",
                  .source = "Developer Guide, Understanding DynamoDB warm throughput: 4,000 of a new table",
                  .min = 4'000});
  return table;
}
Throughput WarmThroughput::rates() const {
  return {.read = static_cast<double>(read_units_per_second),
          .write = static_cast<double>(write_units_per_second)};
}

}  // namespace nephoscope::dynamodb
