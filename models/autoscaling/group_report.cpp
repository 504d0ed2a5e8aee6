// What a group publishes, reports and audits.
#include <fmt/format.h>

#include "models/autoscaling/group.hpp"
#include "models/common/audit.hpp"

namespace nephoscope::autoscaling {

Process Group::sample() {
  for (;;) {
    const WaitStatus status = co_await world_.simulation.delay(metrics_.step());
    if (status != WaitStatus::done) co_return;
    metrics_.sample(world_.now());
  }
}

// Group metrics come each minute, free of charge, once they are enabled.
Process Group::publish() {
  for (;;) {
    publish_now();
    const WaitStatus status = co_await world_.simulation.delay(60s);
    if (status != WaitStatus::done) co_return;
  }
}

void Group::publish_now() {
  using L = LifecycleState;
  const auto put = [&](const char* name, int value) {
    cloudwatch_->put(cloudwatch_->metric(group_metric(name)), world_.now(), StatisticSet::of(value));
  };
  const int pending = count(L::pending) + count(L::pending_wait) + count(L::pending_proceed);
  const int terminating = count(L::terminating) + count(L::terminating_wait) + count(L::terminating_proceed);
  put("GroupMinSize", min_);
  put("GroupMaxSize", max_);
  put("GroupDesiredCapacity", desired_);
  put("GroupInServiceInstances", count(L::in_service));
  put("GroupPendingInstances", pending);
  put("GroupStandbyInstances", count(L::standby));
  put("GroupTerminatingInstances", terminating);
  put("GroupTotalInstances", pending + terminating + count(L::in_service) + count(L::standby));
  if (!config_.warm_pool) return;
  put("WarmPoolWarmedCapacity", count(L::warmed_stopped) + count(L::warmed_running));
  put("WarmPoolTotalCapacity", pool_size());
}

void Group::begin_measurement() { metrics_.begin_measurement(world_.now()); }

void Group::report(Report& report) const {
  metrics_.report(report, id_, world_.now(), world_.now() - world_.warmup_end());
}

void Group::audit(Audit& audit) const {
  std::array<int, 18> seen{};
  for (const Member* each : live_) ++seen[static_cast<std::size_t>(each->state)];
  seen[static_cast<std::size_t>(LifecycleState::terminated)] = count(LifecycleState::terminated);
  seen[static_cast<std::size_t>(LifecycleState::warmed_terminated)] =
      count(LifecycleState::warmed_terminated);
  const bool within = min_ <= desired_ && desired_ <= max_;
  const bool levels = metrics_.in_service().value() == count(LifecycleState::in_service) &&
                      metrics_.desired().value() == desired_;
  const std::string moved =
      taken_over_ + given_up_ == 0 ? "" : fmt::format(", taken over {}, given up {}", taken_over_, given_up_);
  std::uint64_t known = 0;
  for (const int each : counts_) known += static_cast<std::uint64_t>(each);
  audit.add("capacity: resources." + id_,
            within && levels && seen == counts_ && known + given_up_ == members_so_far(),
            fmt::format("desired {} in {} to {}; launched {}{}, {} in service, {} gone", desired_, min_, max_,
                        launches_, moved, count(LifecycleState::in_service),
                        count(LifecycleState::terminated) + count(LifecycleState::warmed_terminated)));
}

}  // namespace nephoscope::autoscaling
