// AWS::EC2::Instance in a running scenario: it launches one instance when the run starts.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/common/compute.hpp"
#include "models/common/resource.hpp"
#include "models/common/target_group.hpp"
#include "models/common/world.hpp"
#include "models/ec2/ec2.hpp"

namespace nephoscope::ec2 {

class InstanceResource final : public Resource, public Endpoint, public Fleet, public InstanceListener {
 public:
  // REQUIRES: world and config outlive it.
  InstanceResource(World& world, const std::string& id, const InstanceConfig& config)
      : world_(world), config_(config), id_(id) {}

  Endpoint* endpoint() override { return this; }
  Fleet* fleet() override { return this; }
  void attach(TargetGroup& group) override { groups_.push_back(&group); }
  void connect(const Wiring& wiring) override;
  void start() override { launch(); }
  // Goes to the instance's server; before there is one nobody answers.
  void submit(const Request& request, ReplyId reply) override;
  void audit(Audit& audit) const override;
  void instance_changed(Instance& instance, InstanceEvent event) override;

 private:
  struct Registration {
    TargetGroup* group;
    TargetId target;
  };
  void launch();
  ZoneId zone() const;
  void add_to_groups(Instance& instance);
  void leave_groups();
  void log_service(const Instance& instance);

  World& world_;
  const InstanceConfig& config_;
  std::string id_;
  Compute* compute_ = nullptr;
  Instance* instance_ = nullptr;
  std::vector<TargetGroup*> groups_;
  std::vector<Registration> registrations_;
  bool served_ = false;
  std::uint64_t unheard_ = 0;  // requests before there was an instance
};

}  // namespace nephoscope::ec2
