// How much an on-demand table takes: at once twice its previous peak, and more once it has grown.
//
// Sources: DynamoDB Developer Guide, "On-demand capacity mode": a new table takes 4,000 write and 12,000 read
// request units a second (read here as both together; an older text says "or any linear combination"), up to
// twice the previous peak at once, and may throttle if traffic more than doubles within 30 minutes;
// "Understanding warm throughput". A peak is the highest mean over a window (assumption); what it allows is
// there after `doubling_time`. A peak is never forgotten, since partitions are never merged.
#pragma once

#include <array>
#include <deque>
#include <optional>

#include "engine/base/time.hpp"
#include "models/dynamodb/units.hpp"

namespace nephoscope::dynamodb {

inline constexpr Throughput kNewOnDemandTable{.read = 12'000, .write = 4'000};
inline constexpr double kPeakMultiple = 2;

constexpr Throughput larger(Throughput a, Throughput b) {
  return {.read = a.read > b.read ? a.read : b.read, .write = a.write > b.write ? a.write : b.write};
}

class OnDemandCapacity final {
 public:
  // `doubling_time`: from the end of a window with a new peak until twice that peak is there.
  explicit OnDemandCapacity(Duration doubling_time) : doubling_time_(doubling_time) {}

  // The table takes at least this from now on.
  void raise(Throughput floor) { instant_ = larger(instant_, floor); }
  // A window has ended in which the table has served so much a second.
  void served(Time now, Throughput mean);
  // Whether instant() has grown.
  bool advance(Time now);
  // What the table takes at once, units/s.
  Throughput instant() const { return instant_; }
  // The highest mean of a window so far, units/s.
  Throughput peak() const { return peak_; }

 private:
  struct Growth {
    Time at{};
    double rate = 0;
  };

  Duration doubling_time_;
  Throughput instant_, peak_;
  std::array<std::deque<Growth>, kAccesses> growing_;
};

}  // namespace nephoscope::dynamodb
