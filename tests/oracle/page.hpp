// The validation page: a table of exact, measured and interval for every figure of every case.
#pragma once

#include <fmt/format.h>

#include <charconv>
#include <sstream>
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

// Implementation.

namespace detail {

inline constexpr const char* kIntroduction = R"(# Validation against queueing theory

This page is written by the test program `test_oracle`, never by hand; a test fails when it does not match.

Each queue is a scenario beside this page, run by the command with 10 replications. *Exact* is theory's value.
*Measured* and *95 % interval* are what `nephoscope run FILE --seed 1` shows. *Covered* counts the runs, of those
with the seeds 1 to 1000, whose interval holds the exact value: about 950 should; a right figure is within
927 to 973 with probability 99.9 %. *Mean* is the mean of the 1000 measured values and *deviation* its distance from
the exact value in standard errors, of which 3.5 would be too many: so small a bias shows in no single interval.

Times are in seconds. Waits and responses are of those served, `latency.all.mean` of all. The short form of the test
runs the first seeds again, in every build, and compares the columns of seed 1 to the last digit shown; the long form
is `NEPHOSCOPE_LONG=1 test_oracle`, and with `NEPHOSCOPE_UPDATE=1` too it writes this page anew.
)";

inline constexpr const char* kHeader =
    "| figure | exact | measured | 95 % interval | covered | mean | deviation |\n"
    "|---|---:|---:|---:|---:|---:|---:|\n";

inline std::string shown(double value) { return fmt::format("{:.5g}", value); }

// "counter: wait.mean"; the summary needs no name.
inline std::string name_of(const Figure& figure) {
  const auto dot = figure.component.find('.');
  return dot == std::string::npos ? fmt::format("`{}`", figure.metric)
                                  : fmt::format("{}: `{}`", figure.component.substr(dot + 1), figure.metric);
}

inline std::string render_row(const Figure& figure, const PageRow& row) {
  const Measured& run = row.first;
  return fmt::format("| {} | {} | {} | {} … {} | {} | {} | {} |\n", name_of(figure), shown(figure.exact),
                     shown(run.value), shown(run.low), shown(run.high), row.all.covered, row.all.mean,
                     row.all.deviation);
}

inline std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells;
  std::istringstream text(line);
  for (std::string cell; std::getline(text, cell, '|');) {
    const auto from = cell.find_first_not_of(' ');
    cells.push_back(from == std::string::npos ? ""
                                              : cell.substr(from, cell.find_last_not_of(' ') - from + 1));
  }
  return cells;
}

}  // namespace detail

inline LongCells long_cells(const Outcome& outcome) {
  return {outcome.covered, detail::shown(outcome.mean), fmt::format("{:+.2f}", outcome.deviation)};
}

inline std::string render_page(const std::vector<Case>& cases, const std::vector<PageRow>& rows) {
  std::string page = detail::kIntroduction;
  auto row = rows.begin();
  for (const Case& each : cases) {
    page += fmt::format("\n## {}\n\nScenario [{}.yaml]({}.yaml). Theory: {}.\n\n{}", each.title, each.name,
                        each.name, each.theory, detail::kHeader);
    for (const Figure& figure : each.figures) page += detail::render_row(figure, *row++);
  }
  return page;
}

inline std::vector<LongCells> read_long_cells(const std::string& page) {
  std::vector<LongCells> rows;
  std::istringstream lines(page);
  for (std::string line; std::getline(lines, line);) {
    const std::vector<std::string> cells = detail::cells_of(line);
    if (cells.size() != 8) continue;
    LongCells row{.covered = 0, .mean = cells[6], .deviation = cells[7]};
    const std::string& covered = cells[5];
    const auto end = covered.data() + covered.size();
    if (std::from_chars(covered.data(), end, row.covered).ptr == end) rows.push_back(row);
  }
  return rows;
}

}  // namespace nephoscope::oracle
