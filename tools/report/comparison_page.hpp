// A comparison as one HTML file that needs nothing else: no scripts, no links to elsewhere.
#pragma once

#include <string>
#include <string_view>

#include "models/study/comparison.hpp"

namespace nephoscope {

// The same comparison gives the same bytes. A comparison of one study is a report of that study.
std::string comparison_page(const Comparison& comparison, std::string_view version);

}  // namespace nephoscope
