// What befalls an instance, what its status checks show of it, and recovery.
#include <fmt/format.h>

#include <algorithm>

#include "models/ec2/instance.hpp"

namespace nephoscope::ec2 {

// --- faults ------------------------------------------------------------------------------------------------

void Ec2Instance::went_down(std::optional<Time>& since) {
  if (since) return;
  since = world_.now();
  impairment_ = draw(region_.purposes.impairment, region_.config.impairment_time, faults_++);
}

void Ec2Instance::plan_failures() {
  const Ec2Config& config = region_.config;
  if (config.time_to_system_failure && host_failure_.step == nullptr)
    set(host_failure_, draw(region_.purposes.system_failure, *config.time_to_system_failure, faults_),
        &Ec2Instance::fail_host);
  if (config.time_to_instance_failure && system_failure_.step == nullptr)
    set(system_failure_, draw(region_.purposes.instance_failure, *config.time_to_instance_failure, faults_),
        &Ec2Instance::fail_system);
}

void Ec2Instance::lose_power() {
  if (!is_running()) return;
  halt();
  machine_.set_reachable(false);
  went_down(host_down_since_);
  went_down(system_down_since_);
  show_life();
}

void Ec2Instance::regain_power() {
  if (!is_running() || host_failed_) return;
  cancel(recovery_);
  host_down_since_.reset();
  boot();
}

void Ec2Instance::fail_host() {
  if (!is_running() || host_failed_) return;
  world_.log(name_, "failure", "its host fails");
  host_failed_ = true;
  lose_power();
}

void Ec2Instance::fail_system() {
  if (!is_running() || system_failed_ || system_down_since_) return;
  world_.log(name_, "failure", "its operating system fails");
  system_failed_ = true;
  halt();
  machine_.set_reachable(false);
  went_down(system_down_since_);
  show_life();
}

// --- status checks -----------------------------------------------------------------------------------------

void Ec2Instance::check_status() {
  if (!is_running() || world_.now() < initialized_) return;
  const auto lasts = [&](const std::optional<Time>& since) {
    return since && world_.now() - *since >= impairment_;
  };
  const bool system = lasts(host_down_since_);
  const bool boots = status_ == StatusCheck::initializing && powered() && !system_failed_;
  if (boots && system_down_since_) return;
  show_checks(system, system || lasts(system_down_since_));
}

void Ec2Instance::show_checks(bool system, bool instance) {
  const StatusCheck before = status_;
  const bool system_before = system_impaired_;
  system_impaired_ = system;
  status_ = instance ? StatusCheck::impaired : StatusCheck::ok;
  if (system) plan_recovery();
  if (system && !system_before) world_.log(name_, "status", "system status check failed");
  if (before == status_) return;
  if (instance) {
    if (!system) world_.log(name_, "status", "instance status check failed");
    return notify(InstanceEvent::impaired);
  }
  if (before == StatusCheck::initializing) return;
  world_.log(name_, "status", "status checks pass again");
  notify(InstanceEvent::recovered);
}

// --- simplified automatic recovery (EC2 User Guide, "Recover your instance")
// ---------------------------------

bool Ec2Instance::may_recover() const {
  const bool spent = attempts_[0] && world_.now() - *attempts_[0] < 24h;
  return auto_recovery_ && !member_ && market_ == Market::on_demand && !type_.instance_store && !spent;
}

void Ec2Instance::plan_recovery() {
  if (recovery_.step != nullptr || !may_recover()) return;
  set(recovery_, draw(region_.purposes.recovery, region_.config.auto_recovery_time, faults_++),
      &Ec2Instance::recover);
}

// The instance keeps its id, addresses and disks, and boots on another host, if there is one.
void Ec2Instance::recover() {
  std::rotate(attempts_.begin(), attempts_.begin() + 1, attempts_.end());
  attempts_.back() = world_.now();
  const bool closed = !region_.at(zone()).has_capacity();
  if (closed || placement_.move(tenant_))
    return world_.log(name_, "recovery", "fails: no spare host in " + region_.zone_name(zone()));
  show_site();
  world_.log(name_, "recovery", "automatic recovery on another host: " + world_.show(site()));
  host_failed_ = false;
  host_down_since_.reset();
  halt();
  boot();
}

}  // namespace nephoscope::ec2
