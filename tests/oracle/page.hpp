// The validation page: a table of exact, measured and interval for every figure of every case.
#pragma once

#include <string>
#include <vector>

#include "tests/oracle/coverage.hpp"

namespace nephoscope::oracle {

// What the long form found out about a figure, as the page shows it.
struct LongCells {
  int covered = 0;
  std::string mean;
  std::string deviation;
};

struct PageRow {
  Measured first;  // of seed 1
  LongCells all;
};

// Rows in the order of the cases' figures, one case after the other.
// REQUIRES: as many rows as figures.
std::string render_page(const std::vector<Case>& cases, const std::vector<PageRow>& rows);

LongCells long_cells(const Outcome& outcome);

// The last three cells of each row of a page, in its order. Lines that are no rows are passed over.
std::vector<LongCells> read_long_cells(const std::string& page);

}  // namespace nephoscope::oracle
