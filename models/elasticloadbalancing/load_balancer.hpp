// The running load balancer and target group resources of a scenario. See elasticloadbalancing.md.
//
// Clients' requests travel to a node first where both have a place; the node picks the target when it has the
// request. A request is answered once: by its target's answer, by an error of the load balancer's own
// (`HTTPCode_ELB_502`, its source the load balancer), or not at all when its client has given up first.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "models/common/load_balancer.hpp"
#include "models/common/resource.hpp"
#include "models/elasticloadbalancing/admission.hpp"
#include "models/elasticloadbalancing/dns.hpp"
#include "models/elasticloadbalancing/group.hpp"
#include "models/elasticloadbalancing/metering.hpp"

namespace nephoscope::elasticloadbalancing {

class TargetGroupResource final : public Resource {
 public:
  // REQUIRES: world and config outlive it.
  TargetGroupResource(World& world, const std::string& id, const TargetGroupConfig& config);

  TargetGroup* target_group() override { return &group_; }
  void connect(const Wiring& wiring) override;
  void begin_measurement() override { group_.begin_measurement(); }
  void report(Report& report) const override;

 private:
  World& world_;
  const TargetGroupConfig& config_;
  Group group_;
};

class LoadBalancer final : public Resource,
                           public Endpoint,
                           public LoadBalancerControl,
                           private GroupUser,
                           private ZoneListener {
 public:
  // REQUIRES: world and config outlive it.
  LoadBalancer(World& world, const std::string& id, const LoadBalancerConfig& config);

  Endpoint* endpoint() override { return this; }
  TargetGroup* target_group() override { return own_group_.get(); }
  LoadBalancerControl* load_balancer() override { return this; }
  void connect(const Wiring& wiring) override;
  void start() override;
  void submit(const Request& request, ReplyId reply) override;
  void begin_measurement() override;
  void report(Report& report) const override;
  void bill(UsageMeter& meter) const override;
  void audit(Audit& audit) const override;
  void set_weight(const std::string& target_group, std::int64_t weight) override;
  void set_provisioned(bool provisioned) override;

  // The zones that clients find in DNS, as indices of the run's zones.
  const std::vector<std::uint32_t>& zones_in_dns() const { return dns_.zones(); }

 private:
  // One that requests are forwarded to.
  struct Forward {
    Group* group = nullptr;
    std::uint64_t weight = 0;
    std::unique_ptr<StickySessions> sessions;
    std::vector<View*> views;  // by zone
  };
  // As clients with a place reach it.
  struct Node final : Endpoint {
    Node(LoadBalancer& balancer_, std::uint32_t zone_) : balancer(balancer_), zone(zone_) {}
    void submit(const Request& request, ReplyId reply) override { balancer.arrive(request, reply, zone); }
    LoadBalancer& balancer;
    std::uint32_t zone;
    PlaceId place;
  };
  // What ends the wait for a target.
  enum class Limit : std::uint8_t { idle, connect, client };
  // A request on its way: what is known of it until its answer.
  struct Exchange {
    View* view;
    Group* group;
    std::uint32_t target;
    Limit limit;
    bool constant;  // `timeout` is set, else `patience`
    TimeoutClass timeout;
    Duration patience;
    Time sent;
  };
  struct Errors {
    explicit Errors(Interner<ErrorTag>& names);
    ErrorId bad_gateway, unavailable, timeout, rejected, elb_reset, no_port, refused, reset;
  };

  void group_changed() override;
  void zone_power_changed(ZoneId zone, bool on) override;
  void update_dns();
  void log_routing();
  void log_weights();
  void add_group(Group& group, std::int64_t weight);

  void place_nodes();
  Forward& choose_group(const Request& request);
  void arrive(const Request& request, ReplyId reply, std::uint32_t zone);
  void forward(const Request& request, ReplyId reply, Exchange exchange);
  bool crosses_zones(const Exchange& exchange) const;
  void count_bytes(const Exchange& exchange, Bytes size);
  void set_limit(Exchange& exchange, const Request& request, bool connects);
  Process await_target(ReplyId from_target, ReplyId reply, Exchange exchange);
  Process reach_target(Request request, ReplyId reply, Exchange exchange, Way way, bool connects);
  ReplyId send(const Request& request, const Exchange& exchange, Way way, bool connects);
  Replies::ReplyWait answer_of(ReplyId from_target, const Exchange& exchange);
  void finish(ReplyId reply, const Exchange& exchange, const Replies::Result& result);
  void pass_on(ReplyId reply, const Exchange& exchange, const Response& response);
  bool broke_off(ReplyId reply, const Exchange& exchange, const Response& response);
  void time_out(ReplyId reply, const Exchange& exchange);
  void fail(ReplyId reply, ErrorId error) const;

  World& world_;
  const LoadBalancerConfig& config_;
  std::string id_;
  ResourceId self_;
  Errors errors_;
  Purpose group_purpose_;
  Purpose target_purpose_;
  TimeoutClass idle_;
  TimeoutClass connect_;
  Duration idle_timeout_;
  Duration last_patience_{};  // of the client before
  struct Learned {
    Duration length{};
    TimeoutClass timeout{};
  };
  std::array<Learned, 8> learned_;  // clients' usual time-outs
  std::size_t learned_count_ = 0;
  std::unique_ptr<Group> own_group_;
  std::vector<Node> nodes_;  // by zone
  std::deque<View> views_;
  std::vector<Forward> forwards_;
  std::uint64_t total_weight_ = 0;
  bool weights_changed_ = false;   // and not yet logged
  std::vector<bool> powered_;      // by zone
  std::vector<Time> power_known_;  // when DNS knows of the last change, by zone
  Dns dns_;
  bool dns_due_ = false;
  std::vector<bool> failing_open_;  // by group and zone
  Admission admission_;
  Metering metering_;
  std::uint64_t in_flight_ = 0;
};

}  // namespace nephoscope::elasticloadbalancing
