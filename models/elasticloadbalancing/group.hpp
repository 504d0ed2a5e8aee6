// A target group: its targets, their states, health checks and draining.
//
// Each node of an application load balancer checks each target in its scope and routes by what it found
// itself. The state that DescribeTargetHealth shows, and listeners hear of, sums this up: healthy while any
// node finds the target healthy, unhealthy when none does, initial until all have made up their minds. Nodes
// of a network load balancer agree on one check.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/queueing/level.hpp"
#include "models/common/target_group.hpp"
#include "models/common/world.hpp"
#include "models/elasticloadbalancing/elasticloadbalancing.hpp"
#include "models/elasticloadbalancing/view.hpp"

namespace nephoscope::elasticloadbalancing {

// What a group tells the load balancers whose nodes use it.
class GroupUser {
 public:
  virtual ~GroupUser() = default;
  // A view's health or registrations have changed.
  virtual void group_changed() = 0;
};

class Group final : public TargetGroup {
 public:
  // REQUIRES: world and attributes outlive it.
  Group(World& world, const std::string& id, const TargetGroupAttributes& attributes);

  // Before any target is added: a node of a load balancer uses this group. REQUIRES: both outlive it.
  void join(View& view, GroupUser& user);
  struct NetworkOptions {
    Duration registration_time{};
  };
  // Its load balancer is a network one.
  void set_network(const NetworkOptions& options) { network_ = options; }

  TargetId add(const Target& target, TargetListener* listener) override;
  void remove(TargetId target) override;
  TargetState state(TargetId target) const override { return members_[target.value].state; }
  bool released(TargetId target) const override { return members_[target.value].released; }
  MetricName request_count_per_target() const override;

  // The data plane's side. `target` counts from 0, as in views.
  ApplicationServer& server(std::uint32_t target) { return *members_[target].target.server; }
  ZoneId zone(std::uint32_t target) const { return members_[target].target.zone; }
  PlaceId place(std::uint32_t target) const { return members_[target].target.place; }
  // Requests in progress at a target: interrupted when it is time to end them.
  ProcessGroup& requests(std::uint32_t target) { return members_[target].requests; }
  void request_begins(std::uint32_t target) { ++members_[target].in_flight; }
  void request_ends(std::uint32_t target) {
    Member& member = members_[target];
    if (--member.in_flight == 0 && member.state == TargetState::draining) [[unlikely]]
      drained(target);
  }

  const std::string& id() const { return id_; }
  const TargetGroupAttributes& attributes() const { return attributes_; }
  // Targets by state, as DescribeTargetHealth shows them; `unavailable` ones count as healthy.
  const Level& healthy() const { return healthy_; }
  const Level& unhealthy() const { return unhealthy_; }
  void begin_measurement();

 private:
  // What a prober knows: the health it has settled on, and how many results in a row say otherwise.
  struct Check {
    Health health = Health::initial;
    std::int64_t streak = 0;
  };
  struct Member {
    Target target;
    TargetListener* listener = nullptr;
    TargetState state = TargetState::unused;
    bool released = false;  // the listener knows that it is unused
    std::uint64_t in_flight = 0;
    Time slow_until{};
    std::vector<Check> checks;  // by prober
    ProcessGroup requests;
    ProcessGroup probes;
  };

  // Probers: a node each, or one for all nodes of a network load balancer.
  std::size_t probers() const { return network_ ? 1 : views_.size(); }
  bool probes(std::uint32_t prober, const Member& member) const;
  void begin_checks(std::uint32_t target);
  Process probe(std::uint32_t target, std::uint32_t prober);
  Duration first_check(std::uint32_t target, std::uint32_t prober) const;
  Request check_request(std::uint32_t target, std::uint32_t prober, std::uint64_t count) const;
  std::optional<Way> way_of(const Request& check, std::uint32_t target, std::uint32_t prober) const;
  void send_check(const Request& check, std::uint32_t target, ReplyId reply);
  void checked(std::uint32_t target, std::uint32_t prober, bool success);
  void settle(std::uint32_t target, std::uint32_t prober, Health health);
  void set_views(std::uint32_t target, std::uint32_t prober, Health health);
  void sum_up(std::uint32_t target, const std::string& reason);
  void start_slowly(std::uint32_t target);
  bool has_other_healthy(std::uint32_t target) const;

  void change(std::uint32_t target, TargetState now, const std::string& reason);
  void drained(std::uint32_t target);
  Process end_draining(std::uint32_t target);
  void tell_users();

  World& world_;
  std::string id_;
  const TargetGroupAttributes& attributes_;
  std::optional<NetworkOptions> network_;
  OperationId health_check_;
  Purpose phase_purpose_;
  std::uint64_t check_number_;
  TimeoutClass check_timeout_;
  std::vector<View*> views_;
  std::vector<GroupUser*> users_;
  std::deque<Member> members_;
  Level healthy_;
  Level unhealthy_;
};

}  // namespace nephoscope::elasticloadbalancing
