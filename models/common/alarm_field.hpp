// CloudWatch's names for statistics, comparisons and the treatment of missing data, as scenarios write them.
// Source: CloudWatch API reference, PutMetricAlarm.
#pragma once

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

}  // namespace nephoscope
