#include "models/dynamodb/dynamodb.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "models/common/references.hpp"
#include "models/dynamodb/table.hpp"
#include "models/dynamodb/validation.hpp"

namespace nephoscope::dynamodb {

const FieldTable<LocalSecondaryIndex>& LocalSecondaryIndex::fields() {
  using T = LocalSecondaryIndex;
  static const auto table =
      FieldTable<T>("local secondary index", "Another order of the items of each partition key.")
          .required("sort_key", &T::sort_key, {.doc = "attribute that orders the index; all items have it"})
          .field("projection", &T::projection,
                 {.doc = "what is copied into the index: whole items, or their keys"});
  return table;
}

TableConfig::TableConfig()
    : read_latency(duration_from("{dist: lognormal, p50: 2.5ms, p99: 10ms}")),
      write_latency(duration_from("{dist: lognormal, p50: 4.5ms, p99: 15ms}")),
      transact_read_latency(duration_from("{dist: lognormal, p50: 6ms, p99: 25ms}")),
      transact_write_latency(duration_from("{dist: lognormal, p50: 13ms, p99: 45ms}")),
      replication_lag(duration_from("{dist: lognormal, p50: 10ms, p99: 1s}")),
      update_time(duration_from("{dist: uniform, low: 1m, high: 5m}")) {}

namespace {

FieldTable<TableConfig> properties() {
  using T = TableConfig;
  return FieldTable<T>("AWS::DynamoDB::Table", "A DynamoDB table.")
      .typed()
      .required("key_schema", &T::key_schema, {.doc = "the table's key"})
      .field("billing_mode", &T::billing_mode,
             {.doc = "pay for capacity that is provisioned, or for requests",
              .source = "default: CloudFormation User Guide, AWS::DynamoDB::Table: PROVISIONED"})
      .field("provisioned_throughput", &T::provisioned_throughput, {.doc = "needed in mode PROVISIONED"})
      .field("on_demand_throughput", &T::on_demand_throughput, {.doc = "limits in mode PAY_PER_REQUEST"})
      .field("warm_throughput", &T::warm_throughput,
             {.doc = "what the table can take from the start; none = AWS's own"})
      .field("local_secondary_indexes", &T::local_secondary_indexes,
             {.doc = "other orders of each key's items, paid by the table's own capacity",
              .source = "Developer Guide, Service, account, and table quotas: 5",
              .max_items = kMaxLocalIndexes})
      .field("global_secondary_indexes", &T::global_secondary_indexes,
             {.doc = "with partitions and capacity of their own",
              .source = "Developer Guide, Service, account, and table quotas: 20",
              .max_items = kMaxGlobalIndexes})
      .field("stream_specification", &T::stream_specification,
             {.doc = "a record of each change; none = no stream"})
      .field("time_to_live_specification", &T::time_to_live_specification,
             {.doc = "items are deleted some time after they have expired; none = never"})
      .field("point_in_time_recovery_enabled", &T::point_in_time_recovery_enabled,
             {.doc = "continuous backups, billed by the table's size",
              .source = "default: CloudFormation User Guide, PointInTimeRecoverySpecification: disabled"})
      .field("backups", &T::backups,
             {.doc = "on-demand backups of the table as it is at the start, kept", .min = 0, .max = 10'000})
      .field("region", &T::region,
             {.doc = "where it stands, for latencies and data transfer; none = nowhere, and messages to it "
                     "take no time",
              .refers_to = "Region"})
      .field("access_patterns", &T::access_patterns,
             {.doc = "operations that callers may name beside the API's own"});
}

FieldTable<TableConfig> with_contents(FieldTable<TableConfig>&& table) {
  using T = TableConfig;
  return std::move(table)
      .assume("items", &T::items,
              {.doc = "that there are at the start",
               .source = "assumption: 100,000",
               .min = 0,
               .max = 1'000'000'000'000})
      .assume("items_per_key", &T::items_per_key,
              {.doc = "items of one partition key at the start, in a table with a sort key",
               .source = "assumption: 1",
               .min = 1,
               .max = 1'000'000'000})
      .assume("item_size", &T::item_size,
              {.doc = "of an item, names of attributes included, drawn by its key; cut to 1 byte to 400 KB",
               .source = "assumption: 1 KiB",
               .above = Bytes(0)})
      .assume("keys", &T::keys,
              {.doc = "partition keys of requests that name none; none = all keys of the start alike",
               .source = "assumption: alike"})
      .assume("throughput_quota", &T::throughput_quota,
              {.doc = "units a second of each kind that AWS grants this table with its indexes",
               .source = "default: Developer Guide, Service, account, and table quotas: 40,000",
               .min = 1,
               .max = 100'000'000});
}

FieldTable<TableConfig> with_latencies(FieldTable<TableConfig>&& table) {
  using T = TableConfig;
  return std::move(table)
      .assume(
          "read_latency", &T::read_latency,
          {.doc = "of a read at the service, each item of a batch drawn by itself",
           .source = "assumption: single-digit milliseconds (Elhemali et al., USENIX ATC 2022, figure 5)"})
      .assume(
          "write_latency", &T::write_latency,
          {.doc = "of a write at the service, two of three replicas",
           .source = "assumption: single-digit milliseconds (Elhemali et al., USENIX ATC 2022, figure 5)"})
      .assume("transact_read_latency", &T::transact_read_latency,
              {.doc = "of TransactGetItems: two rounds of reads", .source = "assumption: 2.5 x a read"})
      .assume("transact_write_latency", &T::transact_write_latency,
              {.doc = "of TransactWriteItems: prepare and commit, half of it each",
               .source = "assumption: 3 x a write"})
      .assume("time_per_mebibyte", &T::time_per_mebibyte,
              {.doc = "that reading adds to a page of a query or scan, and to large items",
               .source = "assumption: 50 MiB/s of one partition"})
      .assume("replication_lag", &T::replication_lag,
              {.doc = "between a commit and its arrival at each of the two replicas that eventually "
                      "consistent reads may meet",
               .source = "assumption: usually within one second (DynamoDB FAQ, consistency model)"})
      .assume(
          "attempt_limit", &T::attempt_limit,
          {.doc = "how long the service waits for a partition's leader before it answers InternalServerError",
           .source = "AWS re:Post, DynamoDB maximum latency: server-side attempt limit, 5,000 ms",
           .above = 0s})
      .assume(
          "applied_after_error", &T::applied_after_error,
          {.doc = "share of writes answered by InternalServerError that were applied all the same",
           .source = "Developer Guide, Error handling: it may or may not have succeeded; assumption: half"})
      .assume(
          "update_time", &T::update_time,
          {.doc = "until an UpdateTable of capacity takes effect", .source = "assumption: 1 to 5 minutes"})
      .assume("continuation_attempts", &T::continuation_attempts,
              {.doc = "requests for one further page, or for what a batch left unprocessed, before the "
                      "caller gives up",
               .source = "botocore, retries of the DynamoDB client, legacy mode: 10",
               .min = 1,
               .max = 100})
      .assume("continuation_delay", &T::continuation_delay,
              {.doc = "before the first repetition of such a request; it doubles each time, up to 20 s",
               .source = "botocore, retries of the DynamoDB client, legacy mode: 50 ms"})
      .assume("partitions", &T::partitions,
              {.doc = "beliefs about DynamoDB's inside", .source = "see their own"});
}

}  // namespace

const FieldTable<TableConfig>& TableConfig::fields() {
  static const auto table = with_latencies(with_contents(properties())).validate(validate_table);
  return table;
}

std::optional<std::vector<std::string>> TableConfig::operations(const Defined&) const {
  std::vector<std::string> names;
  for (const auto& [name, action] : kEnumNames<DynamoDbAction>) names.emplace_back(name);
  for (const auto& pattern : access_patterns) names.push_back(pattern.id);
  return names;
}

// As Table::scalable_dimension() finds them.
std::vector<ScalablePart> TableConfig::scalable_parts() const {
  if (billing_mode != BillingMode::provisioned) return {};
  std::vector<ScalablePart> parts = {{"", "dynamodb:table:ReadCapacityUnits"},
                                     {"", "dynamodb:table:WriteCapacityUnits"}};
  for (const auto& index : global_secondary_indexes) {
    parts.push_back({"index/" + index.id, "dynamodb:index:ReadCapacityUnits"});
    parts.push_back({"index/" + index.id, "dynamodb:index:WriteCapacityUnits"});
  }
  return parts;
}

void TableConfig::check(const Defined& defined, Diagnostics& diagnostics) const {
  if (region) check_regions(*region, defined.region, defined, diagnostics);
}

PartitionSettings TableConfig::partition_settings() const {
  PartitionSettings settings;
  settings.mode = billing_mode;
  if (provisioned_throughput) settings.provisioned = provisioned_throughput->rates();
  const auto limit = [](const std::optional<std::int64_t>& units) {
    return units ? std::optional(static_cast<double>(*units)) : std::nullopt;
  };
  if (on_demand_throughput) {
    settings.max_read_request_units = limit(on_demand_throughput->max_read_request_units);
    settings.max_write_request_units = limit(on_demand_throughput->max_write_request_units);
  }
  if (warm_throughput) settings.warm = warm_throughput->rates();
  settings.divides_keys = local_secondary_indexes.empty();
  settings.isolates_items = billing_mode != BillingMode::provisioned || !stream_specification;
  return settings;
}

std::unique_ptr<Resource> TableConfig::build(World& world, const std::string& id) const {
  return std::make_unique<Table>(world, id, *this);
}

}  // namespace nephoscope::dynamodb
