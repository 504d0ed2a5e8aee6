#include <doctest/doctest.h>

#include "models/common/compute.hpp"

namespace nephoscope {
namespace {

TEST_CASE("launch: the default times to a serving application are those that the sources tell") {
  const LaunchConfig config;
  // A lognormal's mean is its median x exp(sigma^2 / 2), with sigma = ln(p99 / p50) / 2.326:
  // ln(15 / 7.5) / 2.326 = 0.298 and ln(27 / 12) / 2.326 = 0.3486. Together 20.6 s, of the measured 23 to 26
  // s until SSH answers.
  CHECK(config.launch_time.mean() == doctest::Approx(7.5 * 1.0454).epsilon(0.001));
  CHECK(config.boot_time.mean() == doctest::Approx(12 * 1.0626).epsilon(0.001));
  CHECK(config.bootstrap_time.mean() == doctest::Approx(60));
  const LaunchSpec spec{
      .config = config, .owner = "web", .zone = ZoneId(0), .instance_type = "", .version = ""};
  CHECK(spec.market == Market::on_demand);
}

}  // namespace
}  // namespace nephoscope
