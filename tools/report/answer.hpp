// What a comparison found, in one sentence.
#pragma once

#include <string>

#include "models/study/comparison.hpp"

namespace nephoscope {

// By the first headline metric: "rolling and immutable cannot be told apart in requests lost (0 each); worse
// is base with 553 [520, 585]." Of one study by itself: its headline metrics.
std::string answer_of(const Comparison& comparison);

// "a", "a and b", "a, b and c".
std::string enumerated(const std::vector<std::string>& names);

// "553 [520, 585]"; the value alone where it has no interval.
std::string value_and_interval(const StudyResult& study, const MetricKey& key);

}  // namespace nephoscope
