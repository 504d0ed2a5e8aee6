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
inline constexpr auto kEnumNames<Comparison> =
    enum_names<Comparison>({{"GreaterThanOrEqualToThreshold", Comparison::greater_than_or_equal},
                            {"GreaterThanThreshold", Comparison::greater_than},
                            {"LessThanThreshold", Comparison::less_than},
                            {"LessThanOrEqualToThreshold", Comparison::less_than_or_equal}});

template <>
inline constexpr auto kEnumNames<MissingData> =
    enum_names<MissingData>({{"missing", MissingData::missing},
                             {"notBreaching", MissingData::not_breaching},
                             {"breaching", MissingData::breaching},
                             {"ignore", MissingData::ignore}});

// ">=", as reasons in the event log show it.
constexpr std::string_view symbol(Comparison comparison) {
  switch (comparison) {
    case Comparison::greater_than_or_equal:
      return ">=";
    case Comparison::greater_than:
      return ">";
    case Comparison::less_than:
      return "<";
    case Comparison::less_than_or_equal:
      break;
  }
  return "<=";
}

}  // namespace nephoscope
