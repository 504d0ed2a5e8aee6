#include "engine/stats/batch_means.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "engine/stats/mser.hpp"
#include "tests/engine/stats/test_random.hpp"

using namespace nephoscope;

TEST_CASE("stats: batches double in size before there are 32") {
  BatchMeans batches;
  for (int i = 0; i < 31; ++i) batches.add(i);
  CHECK(batches.batch_size() == 1);
  batches.add(31);
  CHECK(batches.batch_size() == 2);
  REQUIRE(batches.means().size() == 16);
  CHECK(batches.means()[0] == 0.5);    // (0 + 1) / 2
  CHECK(batches.means()[15] == 30.5);  // (30 + 31) / 2
}

TEST_CASE("stats: values of an incomplete batch do not count") {
  BatchMeans batches;
  for (int i = 0; i < 32; ++i) batches.add(1);
  batches.add(1000);
  CHECK(batches.interval().mean == 1);
}

TEST_CASE("stats: too few batches give no interval") {
  BatchMeans batches;
  for (int i = 0; i < 15; ++i) batches.add(i);
  CHECK(!batches.interval().bounded());
  batches.add(15);
  CHECK(batches.interval().bounded());
}

TEST_CASE("stats: the correlation of neighbouring batches is seen") {
  BatchMeans alternating;
  for (int i = 0; i < 20; ++i) alternating.add(i % 2 == 0 ? 1 : -1);
  // mean 0, products of neighbours -1 (19 of them), squares 1 (20 of them)
  CHECK(alternating.lag1_correlation() == doctest::Approx(-19.0 / 20));
  BatchMeans constant;
  for (int i = 0; i < 20; ++i) constant.add(1);
  CHECK(std::isnan(constant.lag1_correlation()));
}

TEST_CASE("stats: merged batch means join batches of one size") {
  BatchMeans fine, coarse;
  for (int i = 0; i < 16; ++i) fine.add(2);
  for (int i = 0; i < 32; ++i) coarse.add(8);
  fine.merge(coarse);
  // 8 batches of two 2s, 16 of two 8s: mean (16 * 2 + 32 * 8) / 48
  CHECK(fine.batch_size() == 2);
  CHECK(fine.means().size() == 24);
  CHECK(fine.interval().mean == doctest::Approx(6));
}

TEST_CASE("stats: batch means survive saving and loading and go on") {
  BatchMeans batches;
  for (int i = 0; i < 77; ++i) batches.add(0.1 * i);
  BatchMeans loaded = test::through_bytes(batches);
  loaded.add(1);
  batches.add(1);
  CHECK(test::bytes_of(loaded) == test::bytes_of(batches));
}

TEST_CASE("stats: MSER cuts a constructed transient where it ends") {
  // 100, 50, then 1 and -1 in turn: with d discarded the criterion is sum of squares / (n - d)^2, which for
  // the 18 last values is 18/18^2 = 1/18, larger for every shorter rest and far larger with 50 or 100 in it.
  std::vector<double> values{100, 50};
  for (int i = 0; i < 18; ++i) values.push_back(i % 2 == 0 ? 1 : -1);
  CHECK(mser_truncation(values) == 2);
}

TEST_CASE("stats: MSER keeps everything when there is no transient") {
  std::vector<double> values;
  for (int i = 0; i < 20; ++i) values.push_back(i % 2 == 0 ? 1 : -1);
  CHECK(mser_truncation(values) == 0);
}

TEST_CASE("stats: MSER refuses a run that is still drifting at its end, and one too short") {
  std::vector<double> drifting;
  for (int i = 0; i < 40; ++i) drifting.push_back(i < 35 ? 100 - i : 0);
  CHECK(!mser_truncation(drifting));
  CHECK(!mser_truncation(std::vector<double>{1, 2, 1, 2, 1, 2, 1, 2, 1}));
}

TEST_CASE("stats: MSER-5 works on averages of five and answers in observations") {
  std::vector<double> observations;
  for (int i = 0; i < 7; ++i) observations.push_back(100);
  for (int i = 0; i < 93; ++i) observations.push_back(i / 5 % 2 == 0 ? 1 : -1);
  // observations 5..9 still hold two 100s: two batches go
  CHECK(mser5_truncation(observations) == 10);
}
