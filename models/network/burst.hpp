// The network credits of one instance in one direction: it bursts while it has any, and earns them below its
// baseline (EC2 User Guide, "Amazon EC2 instance network bandwidth": credit buckets for in- and outbound
// traffic apart, full at launch, nothing earned while stopped).
//
// Credits are bytes above the baseline. A full bucket lasts `length` at full burst. An empty one leaves the
// baseline, until it has filled up to the share `resume` again.
#pragma once

#include <optional>

#include "engine/base/time.hpp"
#include "engine/base/units.hpp"

namespace nephoscope::network {

struct BurstRules {
  BytesPerSecond baseline;
  BytesPerSecond burst;  // equal to the baseline where there is none
  Duration length{};
  Probability resume;
};

class BurstBucket final {
 public:
  explicit BurstBucket(const BurstRules& rules)
      : rules_(rules), credits_(capacity_of_bucket()), bursts_(can_burst()) {}

  bool can_burst() const { return rules_.burst > rules_.baseline; }
  bool bursts() const { return bursts_; }
  BytesPerSecond allowed() const { return bursts_ ? rules_.burst : rules_.baseline; }
  BytesPerSecond rate() const { return rate_; }
  double credits() const { return credits_; }

  // From `now` on so much flows; while the instance is down, nothing, and nothing is earned.
  void set_rate(Time now, BytesPerSecond rate);
  void set_up(Time now, bool up);
  // When what is allowed changes if the rate stays; none: never.
  std::optional<Time> next_change() const;
  // It changes. REQUIRES: `now` is next_change().
  void change(Time now);

 private:
  double capacity_of_bucket() const {
    return (rules_.burst.value - rules_.baseline.value) * to_seconds(rules_.length);
  }
  double threshold() const { return rules_.resume.value * capacity_of_bucket(); }
  void settle(Time now);

  BurstRules rules_;
  double credits_;
  bool bursts_;
  bool up_ = false;
  Time settled_{};
  BytesPerSecond rate_;
};

}  // namespace nephoscope::network
