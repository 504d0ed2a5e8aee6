// A comparison as text for machines: results.json and long-form CSV, as results.hpp has them for one study.
#pragma once

#include <string>
#include <string_view>

#include "models/study/comparison.hpp"

namespace nephoscope {

// The baseline's results as results_json() has them, with `baseline` (its name), `variants` {NAME: what was
// found}, `differences` [{a, b, metric, mean, ci95, ci95_joint, unit, reason}] (b - a; ci95 holds by itself,
// ci95_joint together with those of the same metric), `rankings` {METRIC: [{variant, mean, rank}]} (equal
// ranks: cannot be told apart) and `pareto` [{variant, on_front, beaten_by, beaten_uncertainly, undecided}].
std::string results_json(const Comparison& comparison, std::string_view version);

// The rows of every study, named in column `point`; then one row a difference, whose point is "B - A" and
// whose interval is ci95.
std::string results_csv(const Comparison& comparison);

}  // namespace nephoscope
