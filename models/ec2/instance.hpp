// One EC2 instance: its life cycle, its CPU, its health.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "models/common/cloudwatch.hpp"
#include "models/common/compute.hpp"
#include "models/common/instance_type.hpp"
#include "models/ec2/credits.hpp"
#include "models/ec2/machine.hpp"
#include "models/ec2/owner.hpp"
#include "models/ec2/placement.hpp"
#include "models/ec2/region.hpp"

namespace nephoscope::ec2 {

// Where an instance may go (EC2 User Guide, "Instance lifecycle"; TerminateInstances is accepted in every
// state that is not an end).
inline constexpr auto kTransitions = std::to_array<std::pair<InstanceState, InstanceState>>({
    {InstanceState::pending, InstanceState::running},
    {InstanceState::pending, InstanceState::shutting_down},
    {InstanceState::pending, InstanceState::terminated},  // the launch fails at once
    {InstanceState::running, InstanceState::stopping},
    {InstanceState::running, InstanceState::shutting_down},
    {InstanceState::stopping, InstanceState::stopped},
    {InstanceState::stopping, InstanceState::shutting_down},
    {InstanceState::stopped, InstanceState::pending},
    {InstanceState::stopped, InstanceState::shutting_down},
    {InstanceState::shutting_down, InstanceState::terminated},
});

// CloudWatch's ids of an instance's metrics, once it has published any.
struct InstanceMetrics {
  MetricId cpu, network_out, check, check_instance, check_system, usage, balance, surplus, charged;
};

class Ec2Instance final : public Instance {
 public:
  struct Identity {
    const LaunchSpec& spec;  // as launched
    std::string name;
    std::string type_name;
    const InstanceType& type;
    std::uint64_t entity;  // addresses its draws
    Tenant tenant;         // REQUIRES: placed
    PlaceId place;
  };
  // REQUIRES: owner, placement, listener and the spec's config outlive it.
  Ec2Instance(Owner& owner, Placement& placement, const Identity& identity,
              std::unique_ptr<ApplicationServer> server, InstanceListener& listener);
  Ec2Instance(const Ec2Instance&) = delete;
  Ec2Instance& operator=(const Ec2Instance&) = delete;

  // From the RunInstances call on.
  void begin();

  const std::string& name() const override { return name_; }
  const std::string& type() const override { return type_name_; }
  ZoneId zone() const override { return tenant_.site.zone; }
  HostSite site() const override { return tenant_.site; }
  std::optional<std::uint32_t> partition() const override { return tenant_.partition; }
  PlaceId place() const override { return place_; }
  bool alive() const override { return is_running() && powered() && !system_down_since_; }
  Market market() const override { return market_; }
  InstanceState state() const override { return state_; }
  StatusCheck status_check() const override { return status_; }
  Time launched_at() const override { return launched_at_; }
  std::optional<Time> running_since() const override { return running_since_; }
  ApplicationServer& server() override { return machine_; }
  bool application_running() const override { return machine_.running(); }
  std::string start_failure() const override { return start_failure_; }
  void set_in_group_metrics(bool counts) override { in_group_metrics_ = counts; }

  void terminate() override;
  void stop() override;
  void start() override;
  void reboot() override;
  void restart_application(std::string_view version, Duration restart_time) override;

  Task<bool> fetch(Bytes size) override;

  // What befalls it. ------------------------------------------------------------------------------------
  void set_degradation(double cpu_speed) override;
  double cpu_speed() const override { return speed_ * degradation_; }
  void set_disk_speed(double share) override { disk_speed_ = share; }
  double disk_speed() const override { return disk_speed_; }
  void lose_power();
  void regain_power();
  void fail_host();
  void fail_system() override;  // the operating system
  // EC2 reclaims a Spot instance: recommendation after `wait`, notice after `lead`, end 2 minutes later.
  void reclaim(Duration wait, Duration lead, bool noticed);
  bool being_reclaimed() const { return being_reclaimed_; }

  // Time goes by. ---------------------------------------------------------------------------------------
  // Accounts CPU and credits up to now and sets the CPU's speed.
  void settle();
  void check_status();
  void end_credit_hour();

  // For metering. ---------------------------------------------------------------------------------------
  const InstanceType& instance_type() const { return type_; }
  std::string family() const { return type_name_.substr(0, type_name_.find('.')); }
  bool is_running() const { return state_ == InstanceState::running; }
  bool detailed() const { return config_.monitoring; }
  bool in_group_metrics() const { return in_group_metrics_; }
  bool auto_scaling_member() const { return member_; }
  bool powered() const { return region_.has_power(site()) && !host_failed_; }
  bool system_check_failed() const { return system_impaired_; }
  bool instance_check_failed() const { return status_ == StatusCheck::impaired; }
  std::uint64_t entity() const { return entity_; }
  bool on_hardware() const { return tenant_.placed; }
  const std::optional<CreditAccount>& credits() const { return credits_; }
  bool throttled() const { return throttled_; }
  // vCPU seconds used so far, at nominal speed.
  double consumed() const;
  Machine& machine() { return machine_; }
  const Machine& machine() const { return machine_; }
  // Mean CPU utilisation since the last call, in percent of all vCPUs in the state running; none if there was
  // no such time.
  std::optional<double> take_cpu_percent(Time from);
  Credits take_credits_spent();
  // Bytes sent since the last call.
  Bytes take_bytes_sent();
  std::optional<InstanceMetrics>& metrics() { return metrics_; }

 private:
  using Step = void (Ec2Instance::*)();

  // Life cycle.
  void enter(InstanceState next);
  void begin_running();
  void end_running();
  void end(InstanceEvent event);
  void launched();
  void boot();
  void booted();
  Process download();
  void bootstrap();
  void serve();
  void application_restarted();
  void halt();
  void stopped();
  void terminated();
  void end_by_reclaim();
  void notice();
  void recommend();
  void cancel_timers();
  void notify(InstanceEvent event);
  // Tells watchers whether it has begun or ceased to work.
  void show_life();
  Duration draw(Purpose purpose, const DurationDistribution& time, std::uint64_t count) const;
  std::optional<LaunchFailure> why_not_start();
  std::optional<LaunchFailure> place_again();
  void show_site();

  // CPU.
  void set_speed(double speed);
  void plan_speed();
  double throttled_speed() const;
  void plan_depletion();

  // Health.
  void plan_failures();
  void went_down(std::optional<Time>& since);
  void show_checks(bool system, bool instance);
  void plan_recovery();
  void recover();
  bool may_recover() const;

  // A timer that runs one step of this instance.
  struct Alarm {
    Ec2Instance* instance = nullptr;
    Step step = nullptr;
    Timer timer = {};
    static void ring(void* alarm);
  };
  void set(Alarm& alarm, Duration wait, Step step);
  void cancel(Alarm& alarm);

  Owner& owner_;
  Region& region_;
  World& world_;
  const LaunchConfig& config_;
  InstanceListener& listener_;
  std::string name_;
  std::string type_name_;
  const InstanceType& type_;
  std::uint64_t entity_;
  Placement& placement_;
  Tenant tenant_;
  PlaceId place_;
  Market market_;
  bool member_;
  bool auto_recovery_;
  Machine machine_;

  InstanceState state_ = InstanceState::pending;
  StatusCheck status_ = StatusCheck::initializing;
  Time launched_at_;
  std::optional<Time> running_since_;
  std::string start_failure_;
  std::uint64_t starts_ = 0;
  std::uint64_t boots_ = 0;
  bool bootstrapped_ = false;
  bool being_reclaimed_ = false;
  bool noticed_ = false;
  Duration rebalance_lead_{};
  Time stopped_at_{};
  Alarm phase_;  // what the life cycle waits for
  Alarm spot_;

  // CPU.
  std::optional<CreditAccount> credits_;
  Alarm depletion_;
  double speed_ = 1;
  bool throttled_ = false;
  double degradation_ = 1;  // of the CPU, by a gray failure
  std::optional<Time> throttle_logged_;
  Time settled_{};
  Duration cpu_settled_{};  // the server's cpu_time() then
  double consumed_ = 0;
  double busy_ = 0;  // mean busy vCPUs of the last step
  // What metrics have shown.
  double shown_consumed_ = 0;
  double shown_spent_ = 0;
  Bytes shown_sent_;
  bool in_group_metrics_ = false;
  std::optional<InstanceMetrics> metrics_;

  // Health.
  bool shown_alive_ = false;  // to watchers and the network
  double disk_speed_ = 1;
  bool host_failed_ = false;
  bool system_failed_ = false;  // the operating system
  std::optional<Time> host_down_since_;
  std::optional<Time> system_down_since_;
  bool system_impaired_ = false;
  Time initialized_{};  // when status checks begin
  Duration impairment_{};
  std::uint64_t faults_ = 0;
  Alarm host_failure_;
  Alarm system_failure_;
  Alarm recovery_;
  std::array<std::optional<Time>, 3> attempts_;  // of recovery, the newest last
};

}  // namespace nephoscope::ec2
