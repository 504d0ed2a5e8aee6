// The account's EC2 in one replication: it launches instances, lets time pass for them, and lets faults
// befall them. See ec2.md.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/queueing/token_bucket.hpp"
#include "models/common/compute.hpp"
#include "models/common/resource.hpp"
#include "models/ec2/instance.hpp"
#include "models/ec2/owner.hpp"
#include "models/ec2/placement.hpp"
#include "models/ec2/placement_group.hpp"
#include "models/ec2/publisher.hpp"
#include "models/ec2/region.hpp"
#include "models/ec2/spot.hpp"

namespace nephoscope::ec2 {

class Service final : public Resource, public Compute, private SpotPool::Source {
 public:
  // REQUIRES: world and config outlive it. A scenario that launches nothing has no event of it.
  Service(World& world, const Ec2Config& config);
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  void connect(const Wiring& wiring) override { wiring_ = &wiring; }
  void start() override;
  void begin_measurement() override;
  void report(Report& report) const override;
  void bill(UsageMeter& meter) const override;
  void audit(Audit& audit) const override;

  void add_owner(std::string_view owner, const LaunchConfig& config) override;
  void add_placement_group(std::string_view id, const PlacementGroupSettings& settings) override;
  LaunchResult launch(const LaunchSpec& spec, InstanceListener& listener) override;
  std::vector<Instance*> instances(std::string_view owner) override;
  std::optional<int> vcpus(std::string_view instance_type) const override;
  void set_zone_power(ZoneId zone, bool on) override;
  void set_capacity(ZoneId zone, bool available) override;
  void watch(std::string_view owner, InstanceListener& listener) override;
  void set_rack_power(RackId rack, bool on) override;
  void set_host_power(const HostSite& host, bool on) override;
  ZoneShape zone_shape() const override { return region_.config; }
  void interrupt_spot(Instance& instance) override;

 private:
  Owner& owner(std::string_view id);
  // A launch that is asked for.
  struct Order {
    Owner& owner;
    const LaunchSpec& spec;
    const std::string& type_name;
    const InstanceType& type;
    Tenant tenant;
  };
  Tenant tenant_of(const LaunchSpec& spec, Owner& owner, const std::string& type_name,
                   const InstanceType& type);
  std::optional<LaunchFailure> refusal(Order& order);
  Ec2Instance& make(const Order& order, InstanceListener& listener);
  void watch_pool(const std::string& type, ZoneId zone);
  void begin_ticking();
  Process each_minute();
  void minute(Owner& owner, std::int64_t number);
  Process sample();
  Process have_shortages(ZoneId zone);
  Duration draw_shortage(const DurationDistribution& time, ZoneId zone, std::uint64_t count) const;
  std::vector<Ec2Instance*> reclaimable(const std::string& type, ZoneId zone) override;
  std::vector<Ec2Instance*> reclaimable_of(std::string_view owner) const;
  PlaceId add_place(const Order& order, const std::string& name);
  void audit_hosts(Audit& audit) const;
  // Applies a change of power to the instances for which `concerns(site)` holds.
  template <typename Concerns>
  void power_changed(Concerns concerns, bool on);

  World& world_;
  Region region_;
  Placement placement_;
  std::vector<std::unique_ptr<PlacementGroup>> groups_;
  const Wiring* wiring_ = nullptr;
  TokenBucket run_instances_;
  std::vector<std::unique_ptr<Owner>> owners_;  // in the order in which they were first heard of
  std::map<std::string, Owner*, std::less<>> owner_index_;
  std::vector<std::unique_ptr<Ec2Instance>> instances_;
  std::map<std::pair<std::string, ZoneId>, std::unique_ptr<SpotPool>> pools_;
  std::optional<Publisher> publisher_;  // from the first launch on
};

}  // namespace nephoscope::ec2
