// The control-plane event log: every decision with its reason, in one line.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/time.hpp"

namespace nephoscope {

struct LoggedEvent {
  Time time{};
  std::string resource;  // its id in the scenario
  std::string kind;      // one word: "scaling", "breaker", "fault"
  std::string text;      // "4 -> 6: alarm TargetTracking-High in ALARM, CPU 83 % > 60 % for 3 of 3 min"
};

class EventLog {
 public:
  static constexpr std::size_t kLimit = 10'000;  // a replication keeps this many; the rest is counted

  void add(Time time, std::string resource, std::string kind, std::string text) {
    if (events_.size() < kLimit)
      events_.push_back({time, std::move(resource), std::move(kind), std::move(text)});
    else
      ++dropped_;
  }
  const std::vector<LoggedEvent>& events() const { return events_; }
  std::uint64_t dropped() const { return dropped_; }

 private:
  std::vector<LoggedEvent> events_;
  std::uint64_t dropped_ = 0;
};

}  // namespace nephoscope
