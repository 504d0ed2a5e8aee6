// Tables of text for the sections of a page.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tools/report/html.hpp"

namespace nephoscope::report {

// A table that scrolls sideways where the page is narrow; "dense" for one of many columns.
void open_table(Html& html, std::string_view caption, std::string_view style_class = "");
void close_table(Html& html);

// A head of columns; those whose name starts with '#' are of numbers.
void write_columns(Html& html, const std::vector<std::string>& names);

}  // namespace nephoscope::report
