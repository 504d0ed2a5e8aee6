#include "models/study/find.hpp"

#include <doctest/doctest.h>

#include <fmt/format.h>

using namespace nephoscope;

namespace {

// Verdicts by index: p passes, f fails, i is inconclusive, 1 to 9 passes with that many times ten
// replications.
FindOutcome find_in(const std::string& verdicts) {
  const FindEvaluator evaluate = [&](std::size_t index, std::uint32_t replications) {
    const char each = verdicts.at(index);
    if (each == 'p') return std::optional(Verdict::kPass);
    if (each == 'f') return std::optional(Verdict::kFail);
    if (each == 'n') return std::optional(Verdict::kNoData);
    const bool settled = each != 'i' && replications >= static_cast<std::uint32_t>(each - '0') * 10;
    return std::optional(settled ? Verdict::kPass : Verdict::kInconclusive);
  };
  return find_smallest({.values = verdicts.size(), .replications = 10, .max_replications = 40}, evaluate);
}

// "0x10 7x10 ...": index and replications of each run.
std::string runs(const FindOutcome& outcome) {
  std::string text;
  for (const FindTrial& trial : outcome.trials)
    text += fmt::format("{}{}x{}", text.empty() ? "" : " ", trial.index, trial.replications);
  return text;
}

}  // namespace

TEST_CASE("find: the smallest value that passes is found by bisection, and its neighbours have run") {
  const FindOutcome outcome = find_in("fffffppp");
  CHECK(outcome.end == FindEnd::found);
  CHECK(outcome.index == 5);
  CHECK_FALSE(outcome.fails_above.has_value());
  // The ends; the middles 3, 5, 4 of 0..7, 4..7, 4..5; and 6, the neighbour above.
  CHECK(runs(outcome) == "0x10 7x10 3x10 5x10 4x10 6x10");
}

TEST_CASE("find: the result is right wherever the first pass stands") {
  for (std::size_t first = 0; first < 30; ++first) {
    const FindOutcome outcome = find_in(std::string(first, 'f') + std::string(30 - first, 'p'));
    CHECK(outcome.end == FindEnd::found);
    CHECK(outcome.index == first);
  }
}

TEST_CASE("find: where the largest value fails there is none") {
  CHECK(find_in("ffff").end == FindEnd::none);
  CHECK(find_in("f").end == FindEnd::none);
  CHECK(find_in("fffn").end == FindEnd::none);
}

TEST_CASE("find: an inconclusive value runs with twice as many replications until it is settled") {
  const FindOutcome outcome = find_in("ff4p");
  CHECK(outcome.end == FindEnd::found);
  CHECK(outcome.index == 2);
  CHECK(runs(outcome) == "0x10 3x10 1x10 2x10 2x20 2x40");
}

TEST_CASE("find: values that stay inconclusive are named, not guessed") {
  const FindOutcome outcome = find_in("fffiiipp");
  CHECK(outcome.end == FindEnd::inconclusive);
  CHECK(outcome.low == 3);   // 2 fails
  CHECK(outcome.high == 6);  // passes
  CHECK(outcome.high_passes);
}

TEST_CASE("find: without any value that is sure to pass the answer is inconclusive to the end") {
  const FindOutcome outcome = find_in("ffii");
  CHECK(outcome.end == FindEnd::inconclusive);
  CHECK(outcome.low == 2);
  CHECK(outcome.high == 3);
  CHECK_FALSE(outcome.high_passes);
  CHECK(find_in("i").end == FindEnd::inconclusive);
}

TEST_CASE("find: a larger value that fails is told") {
  const FindOutcome outcome = find_in("pppf");
  CHECK(outcome.end == FindEnd::found);
  CHECK(outcome.index == 0);
  CHECK(outcome.fails_above == 3);
  CHECK(find_in("fffffpfp").fails_above == 6);
}

TEST_CASE("find: a value that cannot be run stops the search") {
  std::size_t runs_left = 2;
  const FindEvaluator evaluate = [&](std::size_t index, std::uint32_t) {
    const auto verdict = index == 7 ? Verdict::kPass : Verdict::kFail;
    return runs_left-- == 0 ? std::nullopt : std::optional(verdict);
  };
  const FindOutcome outcome = find_smallest({.values = 8}, evaluate);
  CHECK(outcome.end == FindEnd::stopped);
  CHECK(outcome.trials.size() == 2);
}
