// How an alarm's state follows from its datapoints: M of N, with whatever is missing.
//
// A pure function, so that the tables of the CloudWatch User Guide can be its test. Source: CloudWatch User
// Guide, "Using Amazon CloudWatch alarms": "How alarm state is evaluated when data is missing" and "Avoiding
// premature transitions to alarm state" (awsdocs, AlarmThatSendsEmail, 17 May 2023).
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "models/common/cloudwatch.hpp"

namespace nephoscope::cloudwatch {

enum class Datapoint : std::uint8_t { missing, within, breaching };

struct EvaluationRule {
  int evaluation_periods = 1;   // N
  int datapoints_to_alarm = 1;  // M, 1 to N
  MissingData missing_data = MissingData::missing;
};

// What decided.
enum class Grounds : std::uint8_t {
  real,       // N or more real datapoints: the newest N of them
  filled,     // fewer real ones: missing ones count as the rule says
  premature,  // breaching only, since M periods or longer: no need to wait for N
  retained,   // `ignore`, and the real datapoints do not decide
  no_data,    // none at all
};

struct Verdict {
  AlarmState state = AlarmState::insufficient_data;
  Grounds grounds = Grounds::no_data;
  bool operator==(const Verdict&) const = default;
};

// The state that `points` lead to: the evaluation range, oldest first, one point a period.
// REQUIRES: points.size() >= N >= M >= 1.
Verdict evaluate(std::span<const Datapoint> points, const EvaluationRule& rule, AlarmState before);

// Whether `value` violates the threshold.
bool breaches(double value, ComparisonOperator comparison, double threshold);

// The statistic of a set of values; none of an empty one.
std::optional<double> value_of(const StatisticSet& values, Statistic statistic);

}  // namespace nephoscope::cloudwatch
