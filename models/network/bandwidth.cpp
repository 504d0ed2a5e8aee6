#include "models/network/bandwidth.hpp"

namespace nephoscope::network {

const FieldTable<BandwidthConfig>& BandwidthConfig::fields() {
  using B = BandwidthConfig;
  const char* unpublished = "assumption: AWS publishes none; wide enough for many instances at full speed";
  static const auto table =
      FieldTable<B>("network bandwidth", "What bulk transfers share, and how long instances burst.")
          .assume("rack", &B::rack,
                  {.doc = "between a rack and its zone, each direction",
                   .source = "assumption: half of 16 hosts with 100 Gbps; AWS publishes none"})
          .assume("zone", &B::zone,
                  {.doc = "between a zone and the others, each direction", .source = unpublished})
          .assume("region", &B::region,
                  {.doc = "between the Region and others, each direction", .source = unpublished})
          .assume("service", &B::service,
                  {.doc = "of AWS's services in one zone, each direction", .source = unpublished})
          .assume("burst_length", &B::burst_length,
                  {.doc = "for which a full bucket of network credits lasts at full burst",
                   .source = "EC2 User Guide, instance network bandwidth: typically 5 to 60 minutes"})
          .assume("burst_resume", &B::burst_resume,
                  {.doc = "share of the bucket from which an exhausted instance bursts again",
                   .source = "assumption: AWS only says that credits are earned below the baseline"});
  return table;
}

}  // namespace nephoscope::network
