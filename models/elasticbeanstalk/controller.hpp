// A running environment: its address, its health, and what is done to it.
//
// The resources that it expanded into do the work; the controller acts on them through the interfaces of
// models/common, one operation at a time, as Elastic Beanstalk does.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "engine/stats/windowed_series.hpp"
#include "models/common/cloudwatch.hpp"
#include "models/common/deployment.hpp"
#include "models/common/dns.hpp"
#include "models/common/removable.hpp"
#include "models/common/resource.hpp"
#include "models/common/target_group.hpp"
#include "models/elasticbeanstalk/agents.hpp"
#include "models/elasticbeanstalk/environment.hpp"
#include "models/elasticbeanstalk/rollout.hpp"

namespace nephoscope::elasticbeanstalk {

// The Elastic IP address of a single-instance environment. Nobody answers while no instance is InService.
class ElasticIp final : public Endpoint {
 public:
  // REQUIRES: both outlive it.
  void set_group(World& world, AutoScalingGroup& group) {
    world_ = &world;
    group_ = &group;
  }
  void submit(const Request& request, ReplyId reply) override;

 private:
  World* world_ = nullptr;
  AutoScalingGroup* group_ = nullptr;
};

class Controller final : public Resource,
                         public Endpoint,
                         public DnsName,
                         public DeploymentTarget,
                         public Fleet {
 public:
  // REQUIRES: world and config outlive it.
  Controller(World& world, const std::string& id, const EnvironmentConfig& config);

  Endpoint* endpoint() override { return this; }
  DeploymentTarget* deployment_target() override { return this; }
  Fleet* fleet() override { return this; }
  const DnsName* dns_name() const override { return config_.blue_green ? this : nullptr; }
  void connect(const Wiring& wiring) override;
  void start() override;
  void begin_measurement() override { measured_ = {}; }
  void report(Report& report) const override;

  void submit(const Request& request, ReplyId reply) override {
    fronts_[addresses_.back().site]->submit(request, reply);
  }
  Endpoint& address_at(Time asked) const override;
  Duration ttl() const override { return config_.cname_ttl; }
  Time last_change() const override { return addresses_.back().since; }

  void deploy(const std::string& deployment, const std::string& version,
              DeploymentListener& listener) override;
  void change_instance_type(const std::string& deployment, const std::string& instance_type,
                            DeploymentListener& listener) override;
  std::string deployed_version() const override;
  void attach(TargetGroup& group) override;

 private:
  // What is shipped now.
  struct Operation {
    std::string deployment;
    std::string version;
    std::string before;
    DeploymentListener* listener = nullptr;
  };
  // Since when the CNAME names a site.
  struct Address {
    Time since;
    std::size_t site = 0;
  };
  // Of the EnvironmentHealth that was published.
  struct Published {
    double sum = 0;
    double minutes = 0;
  };

  Site connect_site(const Wiring& wiring, const std::string& prefix);
  Site& live() { return sites_[addresses_.back().site]; }
  const Site& live() const { return sites_[addresses_.back().site]; }

  Process look_after();
  void publish();
  bool begin(const std::string& deployment, DeploymentListener& listener);
  Process run();
  Process run_update(std::string instance_type);
  Task<DeploymentOutcome> swap_environments();
  Task<bool> create(Site& green);
  void swap();
  Process retire(Site& old, Duration after);
  void terminate(Site& site);
  Process managed_actions();
  Time next_window(Time from) const;
  Task<> managed_action();

  World& world_;
  const EnvironmentConfig& config_;
  std::string id_;
  Settings settings_;
  Agents agents_;
  Rollout rollout_;
  std::array<Site, 2> sites_;  // blue and green
  std::array<ElasticIp, 2> elastic_ips_;
  std::array<Endpoint*, 2> fronts_{};
  std::vector<Address> addresses_ = {{}};
  Fleet* machines_ = nullptr;
  std::vector<TargetGroup*> attached_;  // before the wiring was complete
  Removable* database_ = nullptr;
  CloudWatch* cloudwatch_ = nullptr;
  MetricId metric_;
  std::string deployed_;
  bool busy_ = false;
  bool keeps_old_ = false;  // the environment of the other colour is still there
  Operation operation_;
  Finding health_ = {Health::unknown, ""};
  Published measured_;
  WindowedSeries series_;
  std::uint64_t ticks_ = 0;
  Time published_{};  // when the status was last published
  std::uint64_t managed_ = 0;
};

}  // namespace nephoscope::elasticbeanstalk
