// When faults happen, as far as it shows before the run: what `during:` and `after:` mean.
#include <doctest/doctest.h>

#include "models/faults/faults.hpp"
#include "tests/support/read_config.hpp"

namespace nephoscope::faults {
namespace {

// The window of the first of these faults, named "a", "b" and so on.
FaultWindow window_of_first(const std::vector<std::string>& faults) {
  std::vector<Named<FaultConfig>> configs;
  for (const std::string& yaml : faults)
    configs.push_back({.id = std::string(1, static_cast<char>('a' + configs.size())),
                       .value = read_config<FaultConfig>(yaml)});
  return window_of(configs, configs.front().value);
}

const std::string kReboot = "action: aws:ec2:reboot-instances, target: web";
const std::string kZone = "action: sim:az-power-loss, zone: us-east-1a";

TEST_CASE("faults: a window lasts from the begin for the duration, or no time") {
  const FaultWindow lasts = window_of_first({"{at: 5m, duration: 10m, " + kZone + "}"});
  CHECK(lasts.from == 5min);
  CHECK(lasts.to == 15min);
  CHECK(lasts.once);
  CHECK_FALSE(lasts.open);
  const FaultWindow instant = window_of_first({"{at: 5m, " + kReboot + "}"});
  CHECK(instant.to == 5min);
}

TEST_CASE("faults: the window of a follower begins where its leader's ends") {
  const FaultWindow window =
      window_of_first({"{start_after: b, duration: 1m, " + kZone + "}", "{start_after: c, " + kReboot + "}",
                       "{at: 5m, duration: 10m, " + kZone + "}"});
  CHECK(window.from == 15min);
  CHECK(window.to == 16min);
}

TEST_CASE("faults: a random duration leaves the window open, and followers without one") {
  const std::string random = "{at: 5m, duration: {dist: exponential, mean: 1m}, " + kZone + "}";
  const FaultWindow open = window_of_first({random});
  CHECK(open.once);
  CHECK(open.open);
  CHECK(open.from == 5min);
  CHECK_FALSE(window_of_first({"{start_after: b, " + kReboot + "}", random}).once);
}

TEST_CASE("faults: what comes again or at random has no one window, nor has what waits for itself") {
  CHECK_FALSE(window_of_first({"{at: 5m, repeat: {every: 1h}, " + kReboot + "}"}).once);
  CHECK_FALSE(window_of_first({"{time_between: 1h, " + kReboot + "}"}).once);
  CHECK_FALSE(
      window_of_first({"{start_after: b, " + kReboot + "}", "{start_after: a, " + kReboot + "}"}).once);
}

}  // namespace
}  // namespace nephoscope::faults
