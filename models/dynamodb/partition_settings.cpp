#include "models/dynamodb/partition_settings.hpp"

namespace nephoscope::dynamodb {
namespace {

using P = PartitionAssumptions;

FieldTable<P> buckets() {
  return FieldTable<P>("DynamoDB partitions", "What is believed about how DynamoDB shares out throughput.")
      .field("admission", &P::admission,
             {.doc = "which generation of admission control",
              .source = "Elhemali et al., USENIX ATC 2022, section 4: global admission control is today's"})
      .field(
          "bucket_span", &P::bucket_span,
          {.doc = "of its rate that a bucket without burst holds",
           .source = "assumption: throughput is stated per second, and a steady load at the rate must pass",
           .above = 0s})
      .field("burst_span", &P::burst_span,
             {.doc = "of unused throughput that is kept",
              .source = "DynamoDB Developer Guide, \"Burst capacity\": up to 5 minutes (300 seconds)"})
      .field("saved_at_start", &P::saved_at_start,
             {.doc = "of unused throughput that is there when the run begins",
              .source = "assumption: full, as at a table whose load was under its rate for long"})
      .field(
          "burst_ceiling", &P::burst_ceiling,
          {.doc = "most that a partition serves with bursts, as a multiple of 3,000 reads and 1,000 writes",
           .source = "AWS Database Blog, \"Scaling DynamoDB\", part 2: one key began at about 4,500 units/s",
           .min = 1,
           .max = 100})
      .field("routers", &P::routers,
             {.doc = "request routers that share a table's requests evenly",
              .source = "assumption: AWS publishes none",
              .min = 1,
              .max = 1024})
      .field("lease", &P::lease,
             {.doc = "for which a router may use what global admission control has given it",
              .source =
                  "assumption: within the \"few seconds\" of Elhemali et al., USENIX ATC 2022, section 4.2",
              .above = 0s});
}

FieldTable<P> control(FieldTable<P>&& table) {
  return std::move(table)
      .field("control_period", &P::control_period,
             {.doc = "between two looks at the loads of partitions and nodes",
              .source =
                  "assumption: adaptive capacity and splits take minutes (Elhemali et al., USENIX ATC 2022)",
              .above = 0s})
      .field(
          "adaptive_gain", &P::adaptive_gain,
          {.doc =
               "share of the throttled rate by which adaptive capacity raises a partition's rate a period, "
               "and of what it has raised that it takes back while the table is over its rate",
           .source = "assumption: the controller is proportional (Elhemali et al., USENIX ATC 2022, section "
                     "4.1); its gain is not published",
           .above = Probability(0)})
      .field("heat_threshold", &P::heat_threshold,
             {.doc = "of a partition's or node's rate from which it counts as hot",
              .source = "assumption: AWS says \"near its limit\"",
              .above = Probability(0)})
      .field("heat_periods", &P::heat_periods,
             {.doc = "control periods in a row that a partition is hot before it is split",
              .source = "assumption: AWS says \"sustained\"",
              .min = 1,
              .max = 1000})
      .field("hot_item_share", &P::hot_item_share,
             {.doc = "of a partition's load from which one item takes it",
              .source = "assumption: two equal items stay under it, one item is over it",
              .above = Probability(0)})
      .field("sequence_share", &P::sequence_share,
             {.doc = "of accesses to a higher (or lower) key than the last from which keys come in sequence",
              .source = "assumption: AWS says that keys in sequence are not split",
              .above = Probability(0.5)})
      .field("split_time", &P::split_time,
             {.doc = "from the decision to split a partition until it is split",
              .source = "assumption: \"minutes\", Elhemali et al., USENIX ATC 2022, section 4.3"})
      .field("handover", &P::handover,
             {.doc = "for which no leader serves when a partition is split or its leader moves",
              .source = "assumption: a planned change of leader need not wait for a lease"});
}

FieldTable<P> replicas(FieldTable<P>&& table) {
  return std::move(table)
      .field("peak_window", &P::peak_window,
             {.doc = "over which the traffic of an on-demand table is averaged to find its peak",
              .source = "assumption: the period of DynamoDB's metrics",
              .above = 0s})
      .field("doubling_time", &P::doubling_time,
             {.doc = "from a new peak until an on-demand table takes twice that peak",
              .source =
                  "DynamoDB Developer Guide, \"On-demand capacity mode\": more than double the peak within "
                  "30 minutes may throttle"})
      .field("leader_failures_per_year", &P::leader_failures_per_year,
             {.doc = "of one partition's leader, at random",
              .source = "assumption: one failure or restart of a storage node a year",
              .min = 0,
              .max = 1e6})
      .field("leader_lease", &P::leader_lease,
             {.doc = "a new leader waits until the old one's lease has run out: at most so long",
              .source = "assumption: \"seconds\", Elhemali et al., USENIX ATC 2022, section 5.1"})
      .field("node_reads", &P::node_reads,
             {.doc = "read units that a storage node can do for this table beside its other customers",
              .source = "assumption: twice a partition's cap",
              .above = Rate(0)})
      .field("node_writes", &P::node_writes,
             {.doc = "write units that a storage node can do for this table beside its other customers",
              .source = "assumption: twice a partition's cap",
              .above = Rate(0)})
      .field("partitions_per_node", &P::partitions_per_node,
             {.doc = "partitions of a new table on one storage node",
              .source = "assumption: nodes are many, so partitions of one table rarely meet",
              .min = 1,
              .max = 1000})
      .field("move_time", &P::move_time,
             {.doc = "for which a replica is copied to another node",
              .source = "assumption: \"minutes\", Elhemali et al., USENIX ATC 2022, section 5.1"});
}

}  // namespace

const FieldTable<PartitionAssumptions>& PartitionAssumptions::fields() {
  static const auto table = replicas(control(buckets()));
  return table;
}

}  // namespace nephoscope::dynamodb
