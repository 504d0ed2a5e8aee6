// Textbook queues, written as scenarios and run through the command, against their exact figures.
//
// Short form: some seeds of each case. Long form, NEPHOSCOPE_LONG=1: seeds 1 to 1000. NEPHOSCOPE_UPDATE=1
// with the long form: writes the page.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "tests/oracle/page.hpp"

using namespace nephoscope::oracle;

namespace {

const char* const kPage = NEPHOSCOPE_SOURCE_DIR "/tests/oracle/validation.md";

bool is_set(const char* variable) {
  const char* const value = std::getenv(variable);
  return value != nullptr && std::string(value) == "1";
}

// Seed 1 alone already shows whether a slow build computes what the page says.
int seeds_to_run() {
  if (is_set("NEPHOSCOPE_LONG")) return kLongSeeds;
#if defined(__SANITIZE_ADDRESS__) || !defined(__OPTIMIZE__)
  return 1;
#else
  return 32;
#endif
}

std::vector<Outcome> outcomes_of(const Case& queue) {
  const int seeds = seeds_to_run();
  const auto runs =
      measure_seeds(queue, seeds, seeds == kLongSeeds ? Replications::in_process : Replications::forked);
  std::vector<Outcome> outcomes;
  for (std::size_t i = 0; i < queue.figures.size(); ++i) {
    std::vector<Measured> of_figure;
    for (const auto& run : runs) of_figure.push_back(run[i]);
    outcomes.push_back(outcome_of(queue.figures[i].exact, of_figure));
  }
  return outcomes;
}

// All cases' outcomes, each run once in the program's life, in the order of the figures.
const std::vector<Outcome>& all_outcomes() {
  static const std::vector<Outcome> outcomes = [] {
    std::vector<Outcome> all;
    for (const Case& queue : all_cases())
      for (Outcome& outcome : outcomes_of(queue)) all.push_back(std::move(outcome));
    return all;
  }();
  return outcomes;
}

std::string read_page() {
  std::ifstream file(kPage);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

void write_page(const std::vector<PageRow>& rows) {
  std::ofstream file(kPage);
  file << render_page(all_cases(), rows);
}

std::vector<Figure> all_figures() {
  std::vector<Figure> figures;
  for (const Case& queue : all_cases())
    figures.insert(figures.end(), queue.figures.begin(), queue.figures.end());
  return figures;
}

}  // namespace

TEST_CASE("oracle: the band of covering intervals is the exact binomial one") {
  // Four intervals of 95 %: P(X = 0) = 0.05^4 = 0.00000625, P(X <= 1) = 0.00000625 + 4 * 0.95 * 0.05^3 =
  // 0.00048.
  CHECK(coverage_band(4, 1e-4).low == 1);
  CHECK(coverage_band(4, 1e-6).low == 0);
  // P(all 180) = 0.95^180 = 0.000098, P(all 179) = 0.000103; P(X >= 179 of 180) = 0.000098 + 0.00093.
  CHECK(coverage_band(180, 1e-4).high == 179);
  CHECK(coverage_band(179, 1e-4).high == 179);
}

TEST_CASE("oracle: the intervals of every figure cover the exact value as often as they promise") {
  const std::vector<Figure> figures = all_figures();
  REQUIRE(all_outcomes().size() == figures.size());
  for (std::size_t i = 0; i < figures.size(); ++i) CHECK(objection(figures[i], all_outcomes()[i]) == "");
}

TEST_CASE("oracle: an exact value that is 10 % wrong is found out") {
  // The canary. M/M/1's mean wait: half an interval is some 2 %, so none of five covers, and at least two
  // must.
  const Case queue = all_cases().front();
  Figure wrong = queue.figures.front();
  wrong.exact *= 1.1;
  std::vector<Measured> runs;
  for (const auto& run : measure_seeds(queue, 5, Replications::in_process)) runs.push_back(run.front());
  CHECK(objection(wrong, outcome_of(wrong.exact, runs)) != "");
}

TEST_CASE("oracle: the validation page is what this program measures") {
  const bool all_seeds = seeds_to_run() == kLongSeeds;
  std::vector<LongCells> cells = read_long_cells(read_page());
  if (all_seeds) {
    cells.clear();
    for (const Outcome& outcome : all_outcomes()) cells.push_back(long_cells(outcome));
  }
  REQUIRE(cells.size() == all_outcomes().size());
  std::vector<PageRow> rows;
  for (std::size_t i = 0; i < cells.size(); ++i) rows.push_back({all_outcomes()[i].first, cells[i]});
  if (all_seeds && is_set("NEPHOSCOPE_UPDATE")) write_page(rows);
  CHECK(read_page() == render_page(all_cases(), rows));
}

TEST_CASE("oracle: the validation page shows no figure outside the bands") {
  const std::vector<LongCells> cells = read_long_cells(read_page());
  REQUIRE(cells.size() == all_figures().size());
  for (const LongCells& row : cells) {
    CHECK(row.covered >= kLongBand.low);
    CHECK(row.covered <= kLongBand.high);
    CHECK(std::abs(std::stod(row.deviation)) <= kLongDeviation);
  }
}
