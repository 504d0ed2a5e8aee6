#include "models/autoscaling/group_metrics.hpp"

namespace nephoscope::autoscaling {

GroupMetrics::GroupMetrics(const World& world) : desired_series_(world.run), in_service_series_(world.run) {}

void GroupMetrics::begin_measurement(Time now) {
  sample(now);
  for (Level* level : {&desired_, &in_service_, &total_}) level->reset(now);
  desired_series_.level_was_reset();
  in_service_series_.level_was_reset();
  counts = {};
}

void GroupMetrics::sample(Time now) {
  desired_series_.sample(now, desired_);
  in_service_series_.sample(now, in_service_);
}

void GroupMetrics::report(Report& report, const std::string& id, Time now, Duration span) const {
  const auto mean = [&](const char* name, const Level& level) {
    report.ratio({Scope::resource, id, name}, "1", static_cast<double>(level.integral(now)) * 1e-9,
                 to_seconds(span));
  };
  mean("GroupDesiredCapacity", desired_);
  mean("GroupInServiceInstances", in_service_);
  mean("GroupTotalInstances", total_);
  const auto number = [&](const char* name, std::uint64_t value) {
    report.ratio({Scope::resource, id, name}, "1", static_cast<double>(value), 1);
  };
  number("scale_outs", counts.scale_outs);
  number("scale_ins", counts.scale_ins);
  number("entered_service", counts.entered_service);
  number("terminations", counts.terminations);
  number("replacements", counts.replacements);
  number("failed_launches", counts.failed_launches);
  number("unhealthy", counts.unhealthy);
  report.series(id + ".in_service", "1", in_service_series_.series());
  report.series(id + ".desired", "1", desired_series_.series());
}

}  // namespace nephoscope::autoscaling
