#include "models/client/arrivals_config.hpp"

#include <string>
#include <vector>

#include "tests/models/client/fixture.hpp"

namespace nephoscope::client {
namespace {

// The arrivals of a workload with these `arrivals`, in the first hour or two.
std::vector<Duration> arrivals_of(const std::string& arrivals, std::int64_t start_epoch = 0,
                                  Duration until = 2h) {
  const ReadResult read = read_workload("{target: front, arrivals: " + arrivals + "}");
  REQUIRE_MESSAGE(read.config, read.diagnostics);
  const RandomSource random(Seed{3}, 0);
  ArrivalProcess process(Purpose("test"), read.config->arrivals.pattern(Time{}, start_epoch));
  std::vector<Duration> result;
  for (;;) {
    const auto next = process.next(random);
    if (!next || *next >= Time{} + until) return result;
    result.push_back(*next - Time{});
  }
}

std::size_t count_between(const std::vector<Duration>& times, Duration from, Duration to) {
  std::size_t count = 0;
  for (const Duration time : times) count += time >= from && time < to ? 1U : 0U;
  return count;
}

TEST_CASE("arrivals: a bare rate is Poisson") {
  // 7200 s at 1/s: 7200 expected, standard deviation 85.
  const auto times = arrivals_of("1/s");
  CHECK(times.size() > 7200 - 340);
  CHECK(times.size() < 7200 + 340);
}

TEST_CASE("arrivals: scale multiplies the rate") {
  CHECK(arrivals_of("{rate: 1/s, spacing: even, scale: 2}", 0, 10001ms).size() == 20);
}

TEST_CASE("arrivals: stages ramp from where the stage before ended, and then nothing comes") {
  const auto times = arrivals_of("{stages: [{for: 10s, target: 1000/s}, {duration: 10s, rate: 1000/s}]}");
  // Half of the ramp's 1000/s * 10 s; the ramp's second half holds three quarters of it.
  const auto ramp = static_cast<double>(count_between(times, 0s, 10s));
  CHECK(ramp == doctest::Approx(5000).epsilon(0.05));
  CHECK(static_cast<double>(count_between(times, 5s, 10s)) == doctest::Approx(3750).epsilon(0.06));
  CHECK(static_cast<double>(count_between(times, 10s, 20s)) == doctest::Approx(10000).epsilon(0.04));
  CHECK(times.back() < 20s);
}

TEST_CASE("arrivals: the day's curve is entered at the run's time of day") {
  std::string factors = "[";
  for (int hour = 0; hour < 24; ++hour) factors += hour == 17 ? "1, " : "0, ";
  factors.resize(factors.size() - 2);
  const std::string daily = "{daily: {peak: 1/s, factors: " + factors + "]}}";
  // From 17:30 on, half an hour of calls is left; from 16:00 on they begin after an hour.
  const auto from_1730 = arrivals_of(daily, 17 * 3600 + 1800);
  CHECK(from_1730.back() < 30min);
  CHECK(static_cast<double>(from_1730.size()) == doctest::Approx(1800).epsilon(0.1));
  CHECK(arrivals_of(daily, 16 * 3600).front() >= 1h);
}

TEST_CASE("arrivals: a profile's last step ends the arrivals unless it repeats") {
  CHECK(arrivals_of("{profile: {step: 1m, rates: [10/s, 0/s]}}").back() < 1min);
  const auto repeated = arrivals_of("{profile: {step: 1m, rates: [10/s, 0/s], repeat: true}}");
  CHECK(count_between(repeated, 1min, 2min) == 0);
  CHECK(count_between(repeated, 2min, 3min) > 0);
}

TEST_CASE("arrivals: a linear profile leads straight from one rate to the next") {
  const auto times = arrivals_of("{profile: {step: 100s, rates: [0/s, 100/s], interpolation: linear}}");
  // From 0 to 100/s: 5000; then 100/s: 10000.
  CHECK(static_cast<double>(count_between(times, 0s, 100s)) == doctest::Approx(5000).epsilon(0.06));
  CHECK(static_cast<double>(count_between(times, 100s, 200s)) == doctest::Approx(10000).epsilon(0.04));
}

TEST_CASE("arrivals: bursts have the mean rate of their states weighted by the stays") {
  const auto times = arrivals_of("{mmpp: {states: [{rate: 0/s, stay: 3s}, {rate: 40/s, stay: 1s}]}}");
  // 40/s in a quarter of 7200 s.
  CHECK(static_cast<double>(times.size()) == doctest::Approx(72000).epsilon(0.1));
}

TEST_CASE("arrivals: constant gaps come evenly, and scale shortens them") {
  CHECK(arrivals_of("{gaps: 2s, scale: 4}", 0, 2s) == std::vector<Duration>{500ms, 1s, 1500ms});
}

TEST_CASE("arrivals: exactly one kind must be stated") {
  const ReadResult none = read_workload("{target: front, arrivals: {scale: 2}}");
  CHECK_FALSE(none.config);
  const ReadResult both = read_workload("{target: front, arrivals: {rate: 1/s, users: 5}}");
  CHECK_FALSE(both.config);
}

TEST_CASE("arrivals: keys of another kind are reported") {
  const ReadResult read = read_workload("{target: front, arrivals: {rate: 1/s, think_time: 1s}}");
  CHECK(read.diagnostics.find("'think_time' has no meaning here") != std::string::npos);
}

}  // namespace
}  // namespace nephoscope::client
