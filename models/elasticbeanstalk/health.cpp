#include "models/elasticbeanstalk/health.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nephoscope::elasticbeanstalk {

namespace {

Health by_share(double share, const ErrorThresholds& thresholds) {
  if (share >= thresholds.severe.value) return Health::severe;
  if (share >= thresholds.degraded.value) return Health::degraded;
  return share >= thresholds.warning.value ? Health::warning : Health::ok;
}

Finding by_requests(const Observation& seen, const ErrorThresholds& thresholds) {
  if (seen.requests == 0) return {};
  const double share = static_cast<double>(seen.failed) / static_cast<double>(seen.requests);
  const Health health = by_share(share, thresholds);
  if (health == Health::ok) return {};
  return {health, fmt::format("{:.3g} % of the requests fail", 100 * share)};
}

}  // namespace

std::string_view name_of(Health health) {
  switch (health) {
    case Health::ok:
      return "Ok";
    case Health::info:
      return "Info";
    case Health::unknown:
      return "Unknown";
    case Health::no_data:
      return "No data";
    case Health::warning:
      return "Warning";
    case Health::degraded:
      return "Degraded";
    case Health::severe:
      break;
  }
  return "Severe";
}

Finding assess(const Observation& instance, const ErrorThresholds& thresholds) {
  if (!instance.reports) return {Health::no_data, "no data from its agent"};
  if (!instance.application_running) return {Health::severe, "its application does not run"};
  if (!instance.healthy_target) return {Health::severe, "the load balancer's health checks fail"};
  Finding finding = by_requests(instance, thresholds);
  if (!instance.right_version && finding.health < Health::degraded)
    finding = {Health::degraded, "incorrect application version"};
  return finding;
}

// A model: half of the instances or more in a status, or a quarter in one worse by a step, make it the
// environment's; a single ill one is a Warning.
Finding assess_environment(std::span<const Finding> instances, const Observation& together, int min_size,
                           const ErrorThresholds& thresholds) {
  const auto at_least = [&](Health health) {
    return static_cast<std::size_t>(std::count_if(
        instances.begin(), instances.end(), [&](const Finding& each) { return each.health >= health; }));
  };
  const std::size_t all = instances.size();
  const std::size_t ill = at_least(Health::warning);
  const auto cause = [&] { return fmt::format("{} of {} instances are ill", ill, all); };
  Finding finding = by_requests(together, thresholds);
  const auto worsen = [&](Health health, std::string why) {
    if (finding.health < health) finding = {health, std::move(why)};
  };
  if (all == 0) return {Health::severe, "no instance sends data"};
  if (2 * at_least(Health::severe) >= all) worsen(Health::severe, cause());
  if (4 * at_least(Health::degraded) >= all) worsen(Health::degraded, cause());
  if (ill > 0) worsen(Health::warning, cause());
  if (static_cast<int>(all) < min_size)
    worsen(Health::degraded, fmt::format("{} instances of at least {}", all, min_size));
  return finding;
}

}  // namespace nephoscope::elasticbeanstalk
