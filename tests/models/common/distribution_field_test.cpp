#include "models/common/distribution_field.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace nephoscope;

namespace {

struct Reading {
  std::optional<DurationDistribution> value;
  std::string errors;
};

Reading read(const std::string& text) {
  SourceSet sources;
  Diagnostics diagnostics;
  const Tree tree = parse_text(sources, "test.yaml", "service: " + text + "\n", diagnostics);
  Context context(diagnostics);
  Reading reading;
  if (const Node* node = tree.root().find("service"))
    reading.value = FieldType<DurationDistribution>::read(*node, context, {});
  for (const Diagnostic& each : diagnostics.sorted())
    reading.errors += each.message + "\n" + each.help + "\n";
  return reading;
}

double mean_of(const std::string& text) {
  const Reading reading = read(text);
  INFO(text, reading.errors);
  REQUIRE(reading.value.has_value());
  return reading.value->mean();
}

}  // namespace

TEST_CASE("distribution: a bare duration is a constant") {
  const Reading reading = read("12ms");
  REQUIRE(reading.value.has_value());
  Draws draws = RandomSource(Seed{1}, 0).entity(Purpose("test"), 0, 0);
  CHECK(reading.value->sample(draws) == 12ms);
  CHECK(reading.value->text() == "12ms");
}

TEST_CASE("distribution: every form that the table lists is read, with the mean that its parameters say") {
  CHECK(mean_of("{dist: constant, value: 2s}") == 2);
  CHECK(mean_of("{dist: uniform, low: 1s, high: 3s}") == 2);
  CHECK(mean_of("{dist: exponential, mean: 2s}") == 2);
  CHECK(mean_of("{dist: erlang, mean: 2s, phases: 4}") == doctest::Approx(2));
  CHECK(mean_of("{dist: erlang, mean: 2s, cv: 0.5}") == doctest::Approx(2));
  CHECK(mean_of("{dist: gamma, mean: 2s, cv: 0.3}") == doctest::Approx(2));
  CHECK(mean_of("{dist: gamma, shape: 4, scale: 500ms}") == doctest::Approx(2));
  CHECK(mean_of("{dist: lognormal, mean: 2s, cv: 1.5}") == doctest::Approx(2));
  CHECK(mean_of("{dist: lognormal, p50: 10ms, p99: 10ms}") == doctest::Approx(0.010));
  CHECK(mean_of("{dist: weibull, mean: 2s, cv: 1}") == doctest::Approx(2));
  CHECK(mean_of("{dist: weibull, shape: 1, scale: 2s}") == doctest::Approx(2));
  CHECK(mean_of("{dist: pareto, shape: 2, scale: 1s}") == doctest::Approx(2));  // shape scale / (shape - 1)
  CHECK(mean_of("{dist: pareto, shape: 2, scale: 1s, maximum: 1000s}") < 2);
  CHECK(mean_of("{dist: normal, mean: 10s, cv: 0.1}") == doctest::Approx(10));
  CHECK(mean_of("{dist: normal, mean: 10s, sd: 1s}") == doctest::Approx(10));
  CHECK(mean_of("{dist: empirical, values: [1s, 2s, 6s]}") == doctest::Approx(3));
  CHECK(mean_of("{dist: empirical, values: [1s, 3s], interpolated: true}") == doctest::Approx(2));
}

TEST_CASE("distribution: parameters of another kind are an error that says what this kind takes") {
  const Reading reading = read("{dist: exponential, p50: 12ms}");
  CHECK_FALSE(reading.value.has_value());
  CHECK(reading.errors == "these are not the parameters of 'exponential'\nwrite {dist: exponential, mean}\n");
}

TEST_CASE("distribution: parameters that make no distribution are errors at their place") {
  CHECK(read("{dist: lognormal, p50: 80ms, p99: 12ms}").errors == "'p99' is below 'p50'\n\n");
  CHECK(read("{dist: exponential, mean: 0s}").errors == "'mean' must be above 0 here\n\n");
  CHECK(read("{dist: erlang, mean: 1s, cv: 0.6}").errors ==
        "no whole number of phases has this cv\na gamma distribution takes any cv\n");
  CHECK_FALSE(read("{dist: empirical, values: []}").value.has_value());
}

TEST_CASE("distribution: a Pareto sample beyond a hundred years is cut, so that time cannot overflow") {
  const Reading reading = read("{dist: pareto, shape: 0.01, scale: 1000h}");
  REQUIRE(reading.value.has_value());
  const RandomSource random(Seed{1}, 0);
  Duration longest{};
  for (std::uint64_t i = 0; i < 100; ++i) {
    Draws draws = random.entity(Purpose("test"), 0, i);
    longest = std::max(longest, reading.value->sample(draws));
  }
  CHECK(longest == kMaxDuration);
}
