// A study's results as text for machines: results.json (format_version 1) and long-form CSV.
#pragma once

#include <string>
#include <string_view>

#include "models/study/study_result.hpp"

namespace nephoscope {

// The number of results.json's format. Fields may be added under one number; known ones keep their meaning.
inline constexpr int kResultsFormat = 1;

// The same study gives the same bytes, except in `wall_seconds`. Seconds, bytes and dollars are plain
// numbers; what has no value is null.
std::string results_json(const StudyResult& result, std::string_view version);

// One row a metric and replication, and one for the pooled value (replication empty, with its interval):
// run_id,scenario,point,replication,seed,component,metric,window,unit,value,ci95_low,ci95_high
std::string results_csv(const StudyResult& result);

// Names a run by what decides its results: 12 hexadecimal digits.
std::string run_id(const StudyResult& result);

}  // namespace nephoscope
