// The rule of a composite alarm: ALARM(high-cpu) AND NOT (OK(errors) OR INSUFFICIENT_DATA(errors)).
//
// Source: CloudWatch API reference, PutCompositeAlarm, AlarmRule. Not modelled: AT_LEAST(), suppressor
// alarms.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/common/cloudwatch.hpp"

namespace nephoscope::cloudwatch {

class AlarmRule final {
 public:
  struct Parsed;
  // Its problem, if it has one, reads as a sentence part. Names of alarms may stand in double quotes.
  static Parsed parse(std::string_view text);

  // The alarms that it names, each once, in order of appearance.
  const std::vector<std::string>& alarms() const { return alarms_; }
  // Whether the rule holds, given the states of alarms() in that order.
  bool holds(const std::vector<AlarmState>& states) const { return holds(root_, states); }

 private:
  friend class AlarmRuleParser;
  enum class Op : std::uint8_t { state_is, both, either, negate, constant };
  struct Node {
    Op op = Op::constant;
    bool constant = false;
    AlarmState state = AlarmState::ok;
    std::uint32_t alarm = 0;  // an index into alarms_
    std::uint32_t left = 0, right = 0;
  };
  bool holds(std::uint32_t node, const std::vector<AlarmState>& states) const;

  std::vector<std::string> alarms_;
  std::vector<Node> nodes_;
  std::uint32_t root_ = 0;
};

struct AlarmRule::Parsed {
  std::optional<AlarmRule> value;
  std::string problem;
};

}  // namespace nephoscope::cloudwatch
