// The running hosts of one Nephoscope::Hosts resource.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/queueing/level.hpp"
#include "engine/random/draws.hpp"
#include "engine/stats/windowed_series.hpp"
#include "models/common/resource.hpp"
#include "models/common/series.hpp"
#include "models/common/target_group.hpp"
#include "models/common/world.hpp"
#include "models/hosts/hosts.hpp"

namespace nephoscope::hosts {

// The error with which the fleet answers when no host runs: a transient fault, as a load balancer's 503.
inline constexpr std::string_view kNoHost = "NoRunningHost";

class HostFleet final : public Resource, public Endpoint, public Fleet {
 public:
  // REQUIRES: world and config outlive it.
  HostFleet(World& world, const std::string& id, const HostsConfig& config);

  Endpoint* endpoint() override { return this; }
  Fleet* fleet() override { return this; }
  void attach(TargetGroup& group) override { target_groups_.push_back(&group); }
  void connect(const Wiring& wiring) override;
  void start() override;
  void submit(const Request& request, ReplyId reply) override;
  void begin_measurement() override;
  void report(Report& report) const override;
  void bill(UsageMeter& meter) const override;
  void audit(Audit& audit) const override;

  std::size_t size() const { return hosts_.size(); }
  // REQUIRES: index < size().
  ApplicationServer& host(std::size_t index) { return *hosts_[index].server; }

 private:
  struct Host {
    std::unique_ptr<ApplicationServer> server;
    std::string name;
  };

  // A host whose server runs, or size() if there is none.
  std::size_t route(const Request& request);
  std::size_t next_running();
  std::size_t random_running(const Request& request) const;
  std::size_t least_outstanding();

  void register_hosts();
  Process fail_and_repair(std::size_t index);
  Duration draw(Purpose purpose, const DurationDistribution& time, std::size_t index,
                std::uint64_t count) const;
  Process sample();
  void take_sample();
  Duration cpu_time() const;
  void report_machines(Report& report) const;

  World& world_;
  const HostsConfig& config_;
  std::string id_;
  ResourceId self_;
  ErrorId no_host_;
  Purpose route_purpose_;
  Purpose failure_purpose_;
  Purpose repair_purpose_;
  std::vector<Host> hosts_;
  std::vector<TargetGroup*> target_groups_;
  std::size_t next_ = 0;
  Level up_;  // machines
  std::uint64_t failures_ = 0;
  std::uint64_t unrouted_ = 0;           // requests that found no host, since the start
  std::uint64_t measured_unrouted_ = 0;  // the same at the end of warm-up
  Duration measured_cpu_{};              // CPU time used by the end of warm-up
  WideInt up_before_ = 0;                // host-ns up before the last reset
  // Utilisation by steps.
  WindowedSeries utilization_;
  Duration step_;
  Time sampled_{};
  Duration sampled_cpu_{};
  WideInt sampled_up_ = 0;
};

}  // namespace nephoscope::hosts
