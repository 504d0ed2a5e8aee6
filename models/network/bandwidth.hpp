// What a scenario believes about bandwidths (key `bandwidth` of the section `network:`). See network.md.
#pragma once

#include "engine/config/field_table.hpp"

namespace nephoscope::network {

struct BandwidthConfig {
  BytesPerSecond rack{100e9};     // between a rack and its zone, each direction, like the next three
  BytesPerSecond zone{1.25e12};   // between a zone and the other zones
  BytesPerSecond region{625e9};   // between the Region and others
  BytesPerSecond service{125e9};  // of AWS's services in one zone, or for the Region as a whole
  Duration burst_length = 15min;  // of a full bucket, at full burst
  Probability burst_resume{0.1};  // of the bucket, from which an instance bursts again
  static const FieldTable<BandwidthConfig>& fields();
};

}  // namespace nephoscope::network
