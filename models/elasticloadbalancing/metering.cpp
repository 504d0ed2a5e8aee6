#include "models/elasticloadbalancing/metering.hpp"

#include <algorithm>
#include <span>

#include "models/common/report.hpp"

namespace nephoscope::elasticloadbalancing {

namespace {

constexpr std::int64_t kFreeRules = 10;  // Elastic Load Balancing pricing page: the first 10 rules are free

std::span<const CountMetric> metrics_of(const LoadBalancerConfig& config) {
  if (config.is_network()) return kNetworkMetrics;
  return kApplicationMetrics;
}

StatisticSet statistics_of(const MinuteTimes& times) {
  return {.samples = static_cast<double>(times.samples),
          .sum = to_seconds(times.sum),
          .minimum = to_seconds(times.least),
          .maximum = to_seconds(times.most)};
}

Counters counters_of(const std::vector<View*>& views) {
  Counters sum;
  for (const View* view : views) sum += view->counters;
  return sum;
}

// Connections to targets, which an application load balancer makes itself and counts too.
double to_targets(const Counters& counts) { return static_cast<double>(counts[Count::target_connections]); }

std::int64_t started_hours(Duration time) { return (time + 1h - Duration(1)) / Duration(1h); }

const UnitSize& unit_of(const LoadBalancerConfig& config) {
  return config.is_network() ? kNetworkUnit : kApplicationUnit;
}

}  // namespace

Metering::Metering(World& world, const std::string& id, const LoadBalancerConfig& config)
    : world_(world),
      config_(config),
      id_(id),
      requests_series_({.origin = Time{}, .width = series_step(world.run)}),
      healthy_series_({.origin = Time{}, .width = series_step(world.run)}),
      step_(series_step(world.run)) {
  history_.push_back({});
  if (config.begins_provisioned) provisioned_since_ = Time{};
}

void Metering::add(Group& group, const std::vector<View*>& views) {
  groups_.push_back({});
  groups_.back().group = &group;
  groups_.back().views = views;
  views_.insert(views_.end(), views.begin(), views.end());
}

Counters Metering::total() const { return counters_of(views_); }

void Metering::start() {
  world_.simulation.spawn(each_minute());
  world_.simulation.spawn(each_step());
}

// --- CloudWatch --------------------------------------------------------------------------------------------

std::string Metering::space() const { return config_.is_network() ? "AWS/NetworkELB" : "AWS/ApplicationELB"; }

MetricId Metering::metric(const std::string& name, const Dimensions& dimensions) {
  return cloudwatch_->metric({.space = space(), .name = name, .dimensions = dimensions});
}

void Metering::connect(CloudWatch& cloudwatch) {
  cloudwatch_ = &cloudwatch;
  const Dimensions own = {{"LoadBalancer", id_}};
  const bool network = config_.is_network();
  units_metric_ = metric("ConsumedLCUs", own);
  new_metric_ = metric(network ? "NewFlowCount" : "NewConnectionCount", own);
  active_metric_ = metric(network ? "ActiveFlowCount" : "ActiveConnectionCount", own);
  add_scope(views_, own, false);
  for (std::size_t zone = 0; zone < world_.run.zones.size(); ++zone) {
    std::vector<View*> views;
    for (const GroupScope& group : groups_) views.push_back(group.views[zone]);
    add_scope(views, {{"AvailabilityZone", world_.run.zones[zone]}, {"LoadBalancer", id_}}, false);
  }
  for (GroupScope& scope : groups_) {
    add_scope(scope.views, {{"LoadBalancer", id_}, {"TargetGroup", scope.group->id()}}, true);
    add_group_scope(scope);
  }
}

void Metering::add_scope(std::vector<View*> views, const Dimensions& dimensions, bool of_targets) {
  Scope& scope = scopes_.emplace_back();
  scope.views = std::move(views);
  for (const CountMetric& row : metrics_of(config_))
    scope.metrics.push_back(of_targets && !row.of_targets ? MetricId()
                                                          : metric(std::string(row.name), dimensions));
  if (config_.is_network()) return;
  scope.response_time = metric("TargetResponseTime", dimensions);
  if (!of_targets) scope.errors = metric("HTTPCode_ELB_5XX_Count", dimensions);
}

void Metering::add_group_scope(GroupScope& scope) {
  const Dimensions own = {{"LoadBalancer", id_}, {"TargetGroup", scope.group->id()}};
  scope.per_target = cloudwatch_->metric(scope.group->request_count_per_target());
  scope.healthy = metric("HealthyHostCount", own);
  scope.unhealthy = metric("UnHealthyHostCount", own);
  for (const std::string& zone : world_.run.zones) {
    Dimensions zonal = own;
    zonal.insert(zonal.begin(), {"AvailabilityZone", zone});
    scope.zone_healthy.push_back(metric("HealthyHostCount", zonal));
    scope.zone_unhealthy.push_back(metric("UnHealthyHostCount", zonal));
  }
}

Process Metering::each_minute() {
  for (;;) {
    const WaitStatus status = co_await world_.simulation.delay(60s);
    if (status != WaitStatus::done) co_return;
    end_minute();
  }
}

// Nothing is sent for minutes without requests (Application Load Balancer guide, "CloudWatch metrics").
void Metering::end_minute() {
  const bool requests = arrived_ != minute_arrivals_;
  const UnitUsage minute = take_minute();
  if (cloudwatch_ != nullptr && requests) publish(world_.now() - 60s, minute);
  for (View* view : views_) {
    times_ += view->times;
    view->times = {};
  }
}

void Metering::publish(Time stamp, const UnitUsage& minute) {
  cloudwatch_->put(units_metric_, stamp,
                   StatisticSet::of(static_cast<double>(micro_units(minute, unit_of(config_), 1)) * 1e-6));
  const Counters counts = total() - scopes_.front().before;
  const auto opened = static_cast<double>(minute.new_connections) + to_targets(counts);
  if (opened > 0) cloudwatch_->put(new_metric_, stamp, StatisticSet::of(opened));
  if (minute.active_connection_minutes > 0)
    cloudwatch_->put(active_metric_, stamp,
                     StatisticSet::of(static_cast<double>(minute.active_connection_minutes)));
  for (Scope& scope : scopes_) publish_scope(scope, stamp);
  for (GroupScope& scope : groups_) publish_group(scope, stamp);
}

void Metering::publish_scope(Scope& scope, Time stamp) {
  const Counters now = counters_of(scope.views);
  const Counters minute = now - scope.before;
  scope.before = now;
  const auto put = [&](MetricId metric, std::uint64_t count) {
    if (metric && count > 0) cloudwatch_->put(metric, stamp, StatisticSet::of(static_cast<double>(count)));
  };
  const std::span<const CountMetric> rows = metrics_of(config_);
  for (std::size_t i = 0; i < rows.size(); ++i) put(scope.metrics[i], minute[rows[i].count]);
  put(scope.errors, minute.elb_5xx());
  MinuteTimes times;
  for (const View* view : scope.views) times += view->times;
  if (scope.response_time && times.samples > 0)
    cloudwatch_->put(scope.response_time, stamp, statistics_of(times));
}

// Host counts differ between nodes: so do their minimum and maximum.
void Metering::publish_group(GroupScope& scope, Time stamp) {
  const std::uint64_t requests = counters_of(scope.views)[Count::requests];
  const auto targets = static_cast<double>(scope.group->healthy().value());
  const auto minute = static_cast<double>(requests - scope.requests_before);
  scope.requests_before = requests;
  if (targets > 0) cloudwatch_->put(scope.per_target, stamp, StatisticSet::of(minute / targets));
  StatisticSet healthy, unhealthy;
  for (std::size_t zone = 0; zone < scope.views.size(); ++zone) {
    const View& view = *scope.views[zone];
    const auto count = [&](Health health, bool own_zone) {
      return StatisticSet::of(static_cast<double>(view.count(health, own_zone)));
    };
    healthy += count(Health::healthy, false);
    unhealthy += count(Health::unhealthy, false);
    cloudwatch_->put(scope.zone_healthy[zone], stamp, count(Health::healthy, true));
    cloudwatch_->put(scope.zone_unhealthy[zone], stamp, count(Health::unhealthy, true));
  }
  cloudwatch_->put(scope.healthy, stamp, healthy);
  cloudwatch_->put(scope.unhealthy, stamp, unhealthy);
}

// --- capacity units ----------------------------------------------------------------------------------------

// Clients' connections: each carries so many requests.
std::int64_t Metering::opened() const {
  const auto each = static_cast<std::uint64_t>(config_.requests_per_connection);
  return static_cast<std::int64_t>((arrived_ + each - 1) / each);
}

// Those opened within the last `connection_time`, but not more than the keep-alive allows; the count of
// minutes past is interpolated.
std::int64_t Metering::active_connections() const {
  if (!provisioned()) return 0;
  const Duration life = std::min(config_.connection_time, config_.client_keep_alive_seconds * Duration(1s));
  const Time from = world_.now() - life;
  if (from <= Time{}) return opened();
  auto after = std::find_if(history_.begin(), history_.end(), [&](const Opened& o) { return o.at > from; });
  const Opened later = after == history_.end() ? Opened{world_.now(), opened()} : *after;
  const Opened earlier = after == history_.begin() ? later : *std::prev(after);
  const Duration span = later.at - earlier.at;
  if (span <= Duration{}) return opened() - earlier.count;
  const WideInt grown = WideInt{later.count - earlier.count} * (from - earlier.at).count() / span.count();
  return opened() - earlier.count - static_cast<std::int64_t>(grown);
}

UnitUsage Metering::since_minute() const {
  const Counters counters = total();
  const std::int64_t rules = std::max<std::int64_t>(config_.rules - kFreeRules, 0);
  return {.new_connections = opened() - minute_opened_,
          .active_connection_minutes = active_connections(),
          .bytes = static_cast<std::int64_t>((counters - minute_before_)[Count::processed_bytes]),
          .rule_evaluations = static_cast<std::int64_t>(arrived_ - minute_arrivals_) * rules};
}

UnitUsage Metering::take_minute() {
  const UnitUsage minute = since_minute();
  minute_before_ = total();
  minute_arrivals_ = arrived_;
  minute_opened_ = opened();
  history_.push_back({world_.now(), minute_opened_});
  const Time horizon = world_.now() - config_.connection_time;
  while (history_.size() > 1 && history_[1].at <= horizon) history_.pop_front();
  hour_ += minute;
  measured_units_ += static_cast<double>(micro_units(minute, unit_of(config_), 1)) * 1e-6;
  measured_active_ += minute.active_connection_minutes;
  ++measured_minutes_;
  if (++minutes_ % 60 == 0) {
    micro_unit_hours_ += micro_units(hour_, unit_of(config_), 60);
    hour_ = {};
  }
  return minute;
}

void Metering::set_provisioned(bool provisioned) {
  if (provisioned_since_ && !provisioned) ended_hours_ += started_hours(world_.now() - *provisioned_since_);
  if (!provisioned) provisioned_since_.reset();
  if (provisioned && !provisioned_since_) provisioned_since_ = world_.now();
}

// Hours that have begun are billed whole; what an unfinished hour used is averaged over the whole hour.
void Metering::bill(UsageMeter& meter) const {
  const std::string kind = config_.is_network() ? "Network" : "Application";
  std::int64_t hours = ended_hours_;
  if (provisioned()) hours += started_hours(world_.end() - *provisioned_since_);
  UnitUsage hour = hour_;
  const bool open_minute = world_.now() > Time{} + minutes_ * Duration(60s);
  if (open_minute) hour += since_minute();
  meter.add(id_, "LoadBalancerUsage:" + kind, hours);
  meter.add(id_, "LCUUsage:" + kind, micro_unit_hours_ + micro_units(hour, unit_of(config_), 60));
  // Between zones each byte is billed where it leaves and where it arrives.
  const auto crossing = static_cast<std::int64_t>(total()[Count::cross_zone_bytes]);
  if (config_.is_network() && crossing > 0) meter.add(id_, "DataTransfer-Regional-Bytes", 2 * crossing);
}

// --- the report --------------------------------------------------------------------------------------------

Process Metering::each_step() {
  for (;;) {
    const WaitStatus status = co_await world_.simulation.delay(step_);
    if (status != WaitStatus::done) co_return;
    take_sample();
  }
}

void Metering::take_sample() {
  const Time now = world_.now();
  requests_series_.add_level(sampled_, now,
                             static_cast<double>(arrived_ - sampled_requests_) / to_seconds(now - sampled_));
  std::int64_t healthy = 0;
  for (const GroupScope& scope : groups_) healthy += scope.group->healthy().value();
  healthy_series_.add_level(sampled_, now, static_cast<double>(healthy));
  sampled_ = now;
  sampled_requests_ = arrived_;
}

MinuteTimes Metering::times() const {
  MinuteTimes sum = times_;
  for (const View* view : views_) sum += view->times;
  return sum;
}

void Metering::begin_measurement() {
  measured_ = total();
  measured_times_ = times();
  measured_arrivals_ = arrived_;
  measured_rejected_ = rejected;
  measured_opened_ = opened();
  measured_units_ = 0;
  measured_active_ = 0;
  measured_minutes_ = 0;
}

void Metering::report(Report& report) const {
  const Counters counters = total() - measured_;
  const double span = to_seconds(world_.now() - world_.warmup_end());
  const auto add = [&](std::string_view name, const char* unit, double numerator, double denominator) {
    report.ratio({nephoscope::Scope::resource, id_, std::string(name)}, unit, numerator, denominator);
  };
  const auto count = [](std::uint64_t number) { return static_cast<double>(number); };
  const std::uint64_t turned_away = rejected - measured_rejected_;
  add("throughput", "1/s", count(counters[Count::target_2xx]), span);
  add("errors.rate", "1", count(counters.failed() + turned_away), count(arrived_ - measured_arrivals_));
  for (const CountMetric& row : metrics_of(config_))
    if (row.count != Count::rejected) add(row.name, "1", count(counters[row.count]), 1);
  if (!config_.is_network()) {
    add("RejectedConnectionCount", "1", count(turned_away), 1);
    add("HTTPCode_ELB_5XX_Count", "1", count(counters.elb_5xx()), 1);
    const MinuteTimes all = times();
    add("TargetResponseTime", "s", to_seconds(all.sum - measured_times_.sum),
        count(all.samples - measured_times_.samples));
  }
  const bool network = config_.is_network();
  const auto new_ones = static_cast<double>(opened() - measured_opened_) + to_targets(counters);
  add(network ? "NewFlowCount" : "NewConnectionCount", "1", new_ones, 1);
  const auto minutes = static_cast<double>(measured_minutes_);
  add(network ? "ActiveFlowCount" : "ActiveConnectionCount", "1", static_cast<double>(measured_active_),
      minutes);
  add("ConsumedLCUs", "1", measured_units_, minutes);
  report.series(id_ + ".requests", "1/s", requests_series_);
  report.series(id_ + ".HealthyHostCount", "1", healthy_series_);
}

}  // namespace nephoscope::elasticloadbalancing
