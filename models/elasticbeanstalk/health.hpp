// Enhanced health: what an environment makes of its instances, from what agents and the load balancer report.
//
// Sources: Elastic Beanstalk Developer Guide, "Enhanced health reporting and monitoring", "Health colors and
// statuses", "Enhanced health rules". Which share of failed requests makes which status is not published, nor
// how many ill instances make an ill environment: both are a model. Not modelled: 4xx answers (applications
// give none), latencies, load averages and file systems as inputs.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "engine/base/units.hpp"
#include "models/elasticbeanstalk/settings.hpp"

namespace nephoscope::elasticbeanstalk {

// "Ok", "Severe": as the console shows it.
std::string_view name_of(Health health);

// Shares of failed requests (5xx) from which on an instance or environment has that status.
struct ErrorThresholds {
  Probability warning{0.01};
  Probability degraded{0.05};
  Probability severe{0.10};
};

// One instance over the last 10 seconds.
struct Observation {
  bool reports = true;              // its agent does: it runs and has started its application once
  bool application_running = true;  // now
  bool healthy_target = true;       // as the load balancer sees it; true where there is none
  bool right_version = true;        // the one that the environment expects
  std::uint64_t requests = 0;       // answered
  std::uint64_t failed = 0;         // ... with 5xx
};

struct Finding {
  Health health = Health::ok;
  std::string cause = {};  // "12.5 % of the requests fail"; empty if all is well
};

// The status of one instance.
Finding assess(const Observation& instance, const ErrorThresholds& thresholds);

// The status of the environment from its instances' (those without data left out) and all their requests.
// `instances`: active ones; fewer than `min_size` are Degraded (Developer Guide, "Enhanced health rules").
Finding assess_environment(std::span<const Finding> instances, const Observation& together, int min_size,
                           const ErrorThresholds& thresholds);

}  // namespace nephoscope::elasticbeanstalk
