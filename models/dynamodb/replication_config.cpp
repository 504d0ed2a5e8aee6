#include "models/dynamodb/replication_config.hpp"

namespace nephoscope::dynamodb {

ReplicationAssumptions::ReplicationAssumptions()
    : cross_region_lag(duration_from("{dist: lognormal, p50: 700ms, p99: 2500ms}")),
      clock_skew(duration_from("{dist: uniform, low: 0ms, high: 1ms}")) {}

const FieldTable<ReplicationAssumptions>& ReplicationAssumptions::fields() {
  using R = ReplicationAssumptions;
  static const auto table =
      FieldTable<R>("replication between Regions", "How writes reach the other replicas of a global table.")
          .assume("cross_region_lag", &R::cross_region_lag,
                  {.doc = "from the commit of a write until another Region's replica applies it, the way "
                          "through the network aside; not with multi-Region strong consistency",
                   .source = "Developer Guide, Global tables: usually within a second; assumption: 0.5 to "
                             "2.5 s within a geography"})
          .assume("clock_skew", &R::clock_skew,
                  {.doc = "what each Region's clock is ahead of the true time; drawn once a replication",
                   .source = "assumption: Amazon Time Sync keeps clocks within a millisecond"})
          .assume("probe_interval", &R::probe_interval,
                  {.doc = "between attempts to reach a Region that is cut off",
                   .source = "assumption: a second",
                   .above = 0s})
          .assume(
              "throttled_delay", &R::throttled_delay,
              {.doc = "before a replicated write that was throttled is tried again; it doubles each time, "
                      "up to 64 times as long",
               .source = "assumption: 100 ms",
               .above = 0s});
  return table;
}

}  // namespace nephoscope::dynamodb
