#include "models/dynamodb/stream_config.hpp"

namespace nephoscope::dynamodb {

StreamSpecification::StreamSpecification()
    : record_latency(duration_from("{dist: lognormal, p50: 60ms, p99: 300ms}")) {}

const FieldTable<StreamSpecification>& StreamSpecification::fields() {
  using S = StreamSpecification;
  static const auto table =
      FieldTable<S>("stream specification", "DynamoDB Streams of a table.")
          .required("stream_view_type", &S::stream_view_type,
                    {.doc = "what records carry beside the key",
                     .source = "DynamoDB Developer Guide, Change data capture for DynamoDB Streams"})
          .assume("shard_lifetime", &S::shard_lifetime,
                  {.doc = "after which an open shard is closed and followed by another",
                   .source = "assumption: AWS says that shards roll by themselves, users see about 4 hours",
                   .min = 1s})
          .assume("record_latency", &S::record_latency,
                  {.doc = "from a write until its record can be read",
                   .source = "assumption: most of the 213 ms (p50) and 552 ms (p99) from a stream to Lambda "
                             "is polling, four times a second"})
          .assume("reads_per_shard", &S::reads_per_shard,
                  {.doc = "GetRecords calls that a shard answers; more are throttled",
                   .source = "assumption: two readers of 5 calls a second, as Kinesis has it; the Developer "
                             "Guide allows two readers a shard",
                   .above = Rate(0)})
          .assume("key_size", &S::key_size,
                  {.doc = "of the key attributes and the record's own fields", .source = "assumption: 64 B"})
          .assume("unchanged", &S::unchanged,
                  {.doc = "share of updates that leave the item as it is: they write no record",
                   .source = "assumption: none"});
  return table;
}

}  // namespace nephoscope::dynamodb
