// CloudWatch's names for statistics, comparisons and the treatment of missing data, as scenarios write them.
// Source: CloudWatch API reference, PutMetricAlarm.
#pragma once

#include <string_view>

#include "engine/config/field_type.hpp"
#include "models/common/cloudwatch.hpp"

namespace nephoscope {

template <>
inline constexpr auto kEnumNames<Statistic> = enum_names<Statistic>({{"SampleCount", Statistic::sample_count},
                                                                     {"Average", Statistic::average},
                                                                     {"Sum", Statistic::sum},
                                                                     {"Minimum", Statistic::minimum},
                                                                     {"Maximum", Statistic::maximum}});

template <>
inline constexpr auto kEnumNames<ComparisonOperator> = enum_names<ComparisonOperator>(
    {{"GreaterThanOrEqualToThreshold", ComparisonOperator::greater_than_or_equal},
     {"GreaterThanThreshold", ComparisonOperator::greater_than},
     {"LessThanThreshold", ComparisonOperator::less_than},
     {"LessThanOrEqualToThreshold", ComparisonOperator::less_than_or_equal}});

template <>
inline constexpr auto kEnumNames<MissingData> =
    enum_names<MissingData>({{"missing", MissingData::missing},
                             {"notBreaching", MissingData::not_breaching},
                             {"breaching", MissingData::breaching},
                             {"ignore", MissingData::ignore}});

// ">=", as reasons in the event log show it.
constexpr std::string_view symbol(ComparisonOperator comparison) {
  switch (comparison) {
    case ComparisonOperator::greater_than_or_equal:
      return ">=";
    case ComparisonOperator::greater_than:
      return ">";
    case ComparisonOperator::less_than:
      return "<";
    case ComparisonOperator::less_than_or_equal:
      break;
  }
  return "<=";
}

}  // namespace nephoscope
