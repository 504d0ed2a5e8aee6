// A load balancer's figures: CloudWatch metrics each minute, capacity units each hour, the report, the bill.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "engine/stats/windowed_series.hpp"
#include "models/common/cloudwatch.hpp"
#include "models/common/series.hpp"
#include "models/common/world.hpp"
#include "models/elasticloadbalancing/capacity_units.hpp"
#include "models/elasticloadbalancing/group.hpp"

namespace nephoscope {
class Report;
class UsageMeter;
}  // namespace nephoscope

namespace nephoscope::elasticloadbalancing {

class Metering final {
 public:
  // REQUIRES: world and config outlive it.
  Metering(World& world, const std::string& id, const LoadBalancerConfig& config);

  // One group's views, by zone. Before start(). REQUIRES: both outlive it.
  void add(Group& group, const std::vector<View*>& views);
  // From start() on values go there each minute.
  void connect(CloudWatch& cloudwatch);
  void start();
  void begin_measurement();
  void report(Report& report) const;
  void bill(UsageMeter& meter) const;

  // While it is not provisioned it has no connections and is not billed.
  bool provisioned() const { return provisioned_since_.has_value(); }
  void set_provisioned(bool provisioned);

  // Those that reached no node's view: past the load balancer's capacity.
  void arrived() { ++arrived_; }
  std::uint64_t arrivals() const { return arrived_; }
  std::uint64_t rejected = 0;

  // Counts since the start, over all views.
  Counters total() const;

 private:
  // Metrics with the same dimensions: the load balancer's, a zone's or a group's.
  struct Scope {
    std::vector<View*> views;
    std::vector<MetricId> metrics;  // by row of the table of counts; none where the scope lacks it
    MetricId errors, response_time;
    Counters before;  // at the last minute's end
  };
  struct GroupScope {
    Group* group = nullptr;
    std::vector<View*> views;
    MetricId per_target, healthy, unhealthy;
    std::vector<MetricId> zone_healthy, zone_unhealthy;
    std::uint64_t requests_before = 0;
  };
  using Dimensions = std::vector<std::pair<std::string, std::string>>;

  std::string space() const;
  MetricId metric(const std::string& name, const Dimensions& dimensions);
  void add_scope(std::vector<View*> views, const Dimensions& dimensions, bool of_targets);
  void add_group_scope(GroupScope& scope);

  Process each_minute();
  Process each_step();
  void end_minute();
  void publish(Time stamp, const UnitUsage& minute);
  void publish_scope(Scope& scope, Time stamp);
  void publish_group(GroupScope& scope, Time stamp);
  UnitUsage take_minute();
  std::int64_t opened() const;
  std::int64_t active_connections() const;
  UnitUsage since_minute() const;
  MinuteTimes times() const;
  void take_sample();

  World& world_;
  const LoadBalancerConfig& config_;
  std::string id_;
  CloudWatch* cloudwatch_ = nullptr;
  std::deque<GroupScope> groups_;
  std::vector<View*> views_;
  std::vector<Scope> scopes_;
  MetricId units_metric_, new_metric_, active_metric_;
  std::uint64_t arrived_ = 0;
  std::optional<Time> provisioned_since_;
  std::int64_t ended_hours_ = 0;  // billed, of stretches before

  // Capacity units.
  struct Opened {
    Time at{};
    std::int64_t count = 0;
  };
  std::deque<Opened> history_;  // of connections opened, by minute, as far back as one lives
  Counters minute_before_;
  std::uint64_t minute_arrivals_ = 0;
  std::int64_t minute_opened_ = 0;
  UnitUsage hour_;
  std::int64_t minutes_ = 0;
  std::int64_t micro_unit_hours_ = 0;  // of whole hours
  double measured_units_ = 0;          // summed over minutes that ended since measurement began
  std::int64_t measured_minutes_ = 0;
  std::int64_t measured_active_ = 0;  // summed over those minutes

  // The measured window.
  Counters measured_;
  std::uint64_t measured_arrivals_ = 0;
  std::uint64_t measured_rejected_ = 0;
  std::int64_t measured_opened_ = 0;
  MinuteTimes times_;           // of responses, in minutes that have ended
  MinuteTimes measured_times_;  // of all responses when measurement began
  WindowedSeries requests_series_;
  WindowedSeries healthy_series_;
  Duration step_;
  Time sampled_{};
  std::uint64_t sampled_requests_ = 0;
};

}  // namespace nephoscope::elasticloadbalancing
