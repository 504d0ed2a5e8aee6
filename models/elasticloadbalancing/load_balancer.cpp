#include "models/elasticloadbalancing/load_balancer.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/base/check.hpp"
#include "models/common/report.hpp"

namespace nephoscope::elasticloadbalancing {

namespace {

// A target that does not answer a connection attempt (Application Load Balancer guide, troubleshooting:
// HTTP 504).
constexpr Duration kConnectTimeout = 10s;

constexpr std::int64_t kMostWeight = 999;  // Application Load Balancer guide, listeners

// How long an unused connection to a target lasts, and who ends it.
ViewOptions view_options(const LoadBalancerConfig& config, const Group& group, std::uint32_t zone,
                         PlaceId place) {
  const Duration idle = config.idle_timeout();
  const Duration target = config.target_keep_alive.value_or(idle);
  return {.zone = ZoneId(zone),
          .place = place,
          .cross_zone = group.attributes().cross_zone_enabled.value_or(config.cross_zone()),
          .network = config.is_network(),
          .connection_life = std::min(idle, target),
          .race = config.keep_alive_race,
          .target_closes = config.target_keep_alive && target < idle};
}

Group& group_of(const Wiring& wiring, const std::string& id) {
  auto* const group = dynamic_cast<Group*>(&wiring.target_group(id));
  check(group != nullptr, "elasticloadbalancing", "'{}' is a target group of another kind", id);
  return *group;
}

void report_hosts(Report& report, const std::string& id, const Group& group, const World& world) {
  const double span = to_seconds(world.now() - world.warmup_end());
  const auto add = [&](const char* name, const Level& level) {
    report.ratio({Scope::resource, id, name}, "1", static_cast<double>(level.integral(world.now())) * 1e-9,
                 span);
  };
  add("HealthyHostCount", group.healthy());
  add("UnHealthyHostCount", group.unhealthy());
}

}  // namespace

TargetGroupResource::TargetGroupResource(World& world, const std::string& id, const TargetGroupConfig& config)
    : world_(world), config_(config), group_(world, id, config) {}

void TargetGroupResource::connect(const Wiring& wiring) {
  for (const Reference& targets : config_.targets) wiring.fleet(targets.id).attach(group_);
}

void TargetGroupResource::report(Report& report) const { report_hosts(report, group_.id(), group_, world_); }

LoadBalancer::Errors::Errors(Interner<ErrorTag>& names)
    : bad_gateway(names.intern("HTTPCode_ELB_502")),
      unavailable(names.intern("HTTPCode_ELB_503")),
      timeout(names.intern("HTTPCode_ELB_504")),
      rejected(names.intern("RejectedConnection")),
      elb_reset(names.intern("TCP_ELB_Reset")),
      no_port(names.intern("PortAllocationError")),
      refused(names.intern("ConnectionRefused")),
      reset(names.intern("ConnectionReset")) {}

LoadBalancer::LoadBalancer(World& world, const std::string& id, const LoadBalancerConfig& config)
    : world_(world),
      config_(config),
      id_(id),
      self_(world.resources.intern("resources." + id)),
      errors_(world.errors),
      group_purpose_(Purpose("elb.group").of(id)),
      target_purpose_(Purpose("elb.target").of(id)),
      idle_(world.simulation.timeout_class(config.idle_timeout())),
      connect_(world.simulation.timeout_class(kConnectTimeout)),
      idle_timeout_(config.idle_timeout()),
      powered_(world.run.zones.size(), true),
      power_known_(world.run.zones.size()),
      dns_(world.run.zones.size(), world.random, Purpose("elb.zone").of(id), world.stale_answers[id]),
      admission_(config.initial_capacity),
      metering_(world, id, config) {
  world.zone_listeners.push_back(this);
  if (config.targets) own_group_ = std::make_unique<Group>(world, id, config.target_group);
}

// Load balancers bill what crosses zones to their targets themselves.
void LoadBalancer::place_nodes() {
  for (std::uint32_t zone = 0; zone < world_.run.zones.size(); ++zone) {
    Node& node = nodes_.emplace_back(*this, zone);
    if (world_.network != nullptr)
      node.place =
          world_.network->add_node({.owner = id_, .zone = ZoneId(zone), .pays_between_zones = false});
  }
}

void LoadBalancer::connect(const Wiring& wiring) {
  place_nodes();
  if (own_group_ != nullptr) {
    wiring.fleet(config_.targets->id).attach(*own_group_);
    add_group(*own_group_, 1);
  }
  for (const WeightedTargetGroup& each : config_.forward)
    add_group(group_of(wiring, each.target_group.id), each.weight);
  failing_open_.resize(views_.size());
  metering_.connect(wiring.cloudwatch());
}

void LoadBalancer::add_group(Group& group, std::int64_t weight) {
  Forward& forward = forwards_.emplace_back();
  forward.group = &group;
  forward.weight = static_cast<std::uint64_t>(weight);
  total_weight_ += forward.weight;
  const TargetGroupAttributes& attributes = group.attributes();
  if (attributes.stickiness_enabled)
    forward.sessions =
        std::make_unique<StickySessions>(attributes.stickiness_duration_seconds * Duration(1s));
  if (config_.is_network()) group.set_network({.registration_time = config_.registration_time});
  for (std::uint32_t zone = 0; zone < world_.run.zones.size(); ++zone) {
    View& view = views_.emplace_back(view_options(config_, group, zone, nodes_[zone].place), attributes,
                                     world_.random, target_purpose_, forward.sessions.get());
    forward.views.push_back(&view);
    group.join(view, *this);
  }
  metering_.add(group, forward.views);
}

void LoadBalancer::start() { metering_.start(); }

// --- DNS ---------------------------------------------------------------------------------------------------

// Changes of one instant count together.
void LoadBalancer::group_changed() {
  if (std::exchange(dns_due_, true)) return;
  const auto update = [](void* self) { static_cast<LoadBalancer*>(self)->update_dns(); };
  world_.simulation.at(world_.now(), update, this, Priority::late);
}

// The zone's node is silent, or back; DNS follows later.
void LoadBalancer::zone_power_changed(ZoneId zone, bool on) {
  powered_[zone.value] = on;
  power_known_[zone.value] = world_.now() + config_.zone_failover_time;
  const auto update = [](void* self) { static_cast<LoadBalancer*>(self)->group_changed(); };
  world_.simulation.after(config_.zone_failover_time, update, this);
}

// A zone stays in DNS while each group that gets requests has enough healthy targets in its node's scope.
void LoadBalancer::update_dns() {
  dns_due_ = false;
  std::vector<bool> healthy(world_.run.zones.size(), true);
  for (const Forward& forward : forwards_)
    for (std::uint32_t zone = 0; zone < healthy.size(); ++zone)
      if (forward.weight > 0 && !forward.views[zone]->meets(forward.group->attributes().dns_failover))
        healthy[zone] = false;
  for (std::uint32_t zone = 0; zone < healthy.size(); ++zone) {
    const bool known = world_.now() >= power_known_[zone];
    if (powered_[zone] != known) healthy[zone] = false;  // off and known, or on and not yet known
  }
  log_routing();
  if (std::exchange(weights_changed_, false)) log_weights();
  if (!dns_.update(healthy, world_.now()) || world_.now() == Time{}) return;
  std::string names;
  for (const std::uint32_t zone : dns_.zones()) names += (names.empty() ? "" : ", ") + world_.run.zones[zone];
  const auto unhealthy = std::count(healthy.begin(), healthy.end(), false);
  world_.log(id_, "dns",
             fmt::format("zones in DNS: {} ({} of {} zones have too few healthy targets)", names, unhealthy,
                         healthy.size()));
}

void LoadBalancer::log_routing() {
  for (std::size_t i = 0; i < views_.size(); ++i) {
    const bool routed = forwards_[i / powered_.size()].weight > 0;
    const bool open = routed && views_[i].fails_open();
    if (failing_open_[i] == open) continue;
    failing_open_[i] = open;
    if (!routed || world_.now() == Time{}) continue;
    world_.log(
        id_, "routing",
        fmt::format("node in {} {}: it finds {} targets healthy", world_.run.zones[views_[i].zone().value],
                    open ? "sends to all targets (fail-open)" : "sends to healthy targets only",
                    views_[i].count(Health::healthy, false)));
  }
}

// --- control -----------------------------------------------------------------------------------------------

// Changes of one instant make one line.
void LoadBalancer::set_weight(const std::string& target_group, std::int64_t weight) {
  const auto place = std::find_if(forwards_.begin(), forwards_.end(),
                                  [&](const Forward& each) { return each.group->id() == target_group; });
  check(place != forwards_.end(), "elasticloadbalancing", "'{}' does not forward to '{}'", id_, target_group);
  check(weight >= 0 && weight <= kMostWeight, "elasticloadbalancing", "'{}' cannot have weight {}", id_,
        weight);
  const auto fresh = static_cast<std::uint64_t>(weight);
  if (fresh == place->weight) return;
  total_weight_ += fresh - place->weight;
  place->weight = fresh;
  weights_changed_ = true;
  group_changed();
}

void LoadBalancer::log_weights() {
  std::string text;
  for (const Forward& each : forwards_)
    text += fmt::format("{} {} {}", text.empty() ? "weights" : ",", each.group->id(), each.weight);
  world_.log(id_, "weights", text);
}

void LoadBalancer::set_provisioned(bool provisioned) {
  if (provisioned == metering_.provisioned()) return;
  metering_.set_provisioned(provisioned);
  world_.log(id_, "provisioning", provisioned ? "created" : "deleted: requests stay unanswered");
}

// --- a request's way ---------------------------------------------------------------------------------------

void LoadBalancer::submit(const Request& request, ReplyId reply) {
  const std::uint32_t zone = dns_.zone_of(request, world_.now());
  if (!request.place) return arrive(request, reply, zone);
  carry(world_, nodes_[zone].place, nodes_[zone], request, reply);
}

void LoadBalancer::arrive(const Request& request, ReplyId reply, std::uint32_t zone) {
  if (!metering_.provisioned()) return;
  const Time now = world_.now();
  metering_.arrived();
  if (!admission_.admits(now)) {
    ++metering_.rejected;
    return fail(reply, errors_.rejected);
  }
  Forward& to = choose_group(request);
  View& view = *to.views[zone];
  if (!powered_[zone]) {
    ++view.counters[Count::lost];
    return;
  }
  const std::uint32_t target = to.weight == 0 ? View::kNone : view.pick(request, now);
  if (target == View::kNone) {
    ++view.counters[config_.is_network() ? Count::elb_resets : Count::elb_503];
    return fail(reply, config_.is_network() ? errors_.elb_reset : errors_.unavailable);
  }
  Exchange exchange{};
  exchange.view = &view;
  exchange.group = to.group;
  exchange.target = target;
  exchange.sent = now;
  forward(request, reply, exchange);
}

// While all weights are 0 nobody gets the request.
LoadBalancer::Forward& LoadBalancer::choose_group(const Request& request) {
  if (forwards_.size() == 1 || total_weight_ == 0) return forwards_.front();
  Draws draws = world_.random.request(group_purpose_, request.number, request.attempt);
  std::uint64_t at = draws.next_below(total_weight_);
  std::size_t i = 0;
  while (at >= forwards_[i].weight) at -= forwards_[i++].weight;
  return forwards_[i];
}

void LoadBalancer::forward(const Request& request, ReplyId reply, Exchange exchange) {
  View& view = *exchange.view;
  const std::uint32_t target = exchange.target;
  ++view.counters[Count::requests];
  if (view.fails_open()) ++view.counters[Count::unhealthy_routing];
  count_bytes(exchange, request.size);
  if (config_.is_network() && !exchange.group->attributes().preserve_client_ip_enabled &&
      !view.take_port(target, exchange.sent)) {
    ++view.counters[Count::port_errors];
    return fail(reply, errors_.no_port);
  }
  const Connection connection =
      config_.is_network() ? Connection::fresh : view.connect(target, exchange.sent);
  if (connection == Connection::fresh && !config_.is_network()) ++view.counters[Count::target_connections];
  if (connection == Connection::racing) {
    ++view.counters[Count::elb_502];
    return fail(reply, errors_.bad_gateway);
  }
  ApplicationServer& server = exchange.group->server(target);
  const PlaceId place = exchange.group->place(target);
  const Way way = place ? world_.way(view.place(), place, request.number, request.attempt) : Way{};
  const bool arrives = way.there != Way::kNever;
  const bool connects = connection == Connection::kept || (arrives && server.reachable());
  set_limit(exchange, request, connects);
  view.begin(target);
  exchange.group->request_begins(target);
  ++in_flight_;
  ProcessGroup& requests = exchange.group->requests(target);
  if (way.at_once())
    world_.simulation.spawn(await_target(send(request, exchange, way, connects), reply, exchange), &requests);
  else
    world_.simulation.spawn(reach_target(request, reply, exchange, way, connects), &requests);
}

// What will be answered. A target whose answer gets lost works for nobody.
ReplyId LoadBalancer::send(const Request& request, const Exchange& exchange, Way way, bool connects) {
  const ReplyId from_target = world_.replies.open();
  const ReplyId answered = way.back == Way::kNever ? ReplyId{} : from_target;
  if (connects && way.there != Way::kNever) exchange.group->server(exchange.target).submit(request, answered);
  return from_target;
}

// What comes first: the client's patience or the load balancer's own. Lengths that come twice in a row get a
// time-out class.
void LoadBalancer::set_limit(Exchange& exchange, const Request& request, bool connects) {
  const bool idle = connects || config_.is_network();
  const Duration own = idle ? idle_timeout_ : kConnectTimeout;
  exchange.limit = idle ? Limit::idle : Limit::connect;
  exchange.timeout = idle ? idle_ : connect_;
  exchange.constant = true;
  if (request.deadline - exchange.sent > own) return;
  const Duration patience = std::max(request.deadline - exchange.sent, Duration{});
  exchange.limit = Limit::client;
  exchange.patience = patience;
  for (std::size_t i = 0; i < learned_count_; ++i)
    if (learned_[i].length == patience) {
      exchange.timeout = learned_[i].timeout;
      return;
    }
  exchange.constant = false;
  if (last_patience_ == patience && learned_count_ < learned_.size())
    learned_[learned_count_++] = {patience, world_.simulation.timeout_class(patience)};
  last_patience_ = patience;
}

Replies::ReplyWait LoadBalancer::answer_of(ReplyId from_target, const Exchange& exchange) {
  if (exchange.constant) return world_.replies.wait(from_target, exchange.timeout);
  return world_.replies.wait(from_target, exchange.patience);
}

Process LoadBalancer::await_target(ReplyId from_target, ReplyId reply, Exchange exchange) {
  const Replies::Result result = co_await answer_of(from_target, exchange);
  finish(reply, exchange, result);
}

// The same with a target that is some way off. Limits count from the request's arrival there.
Process LoadBalancer::reach_target(Request request, ReplyId reply, Exchange exchange, Way way,
                                   bool connects) {
  Replies::Result result;
  if (way.there != Way::kNever) {
    const WaitStatus there = co_await world_.simulation.delay(way.there);
    result.status = there;
  }
  if (result.status == WaitStatus::done) {
    const ReplyId from_target = send(request, exchange, way, connects);
    result = co_await answer_of(from_target, exchange);
  }
  if (result.status == WaitStatus::done) {
    const WaitStatus back = co_await world_.simulation.delay(way.back);
    result.status = back;
  }
  finish(reply, exchange, result);
}

void LoadBalancer::finish(ReplyId reply, const Exchange& exchange, const Replies::Result& result) {
  exchange.view->end(exchange.target);
  --in_flight_;
  if (!powered_[exchange.view->zone().value] || !metering_.provisioned()) {
    ++exchange.view->counters[Count::lost];
  } else if (result.status == WaitStatus::done) {
    pass_on(reply, exchange, result.value);
  } else if (result.status == WaitStatus::timed_out) {
    time_out(reply, exchange);
  } else {
    // The deregistration delay is over, or (network) the target has become unhealthy.
    ++exchange.view->counters[config_.is_network() ? Count::elb_resets : Count::elb_502];
    fail(reply, config_.is_network() ? errors_.elb_reset : errors_.bad_gateway);
  }
  exchange.group->request_ends(exchange.target);
}

void LoadBalancer::time_out(ReplyId reply, const Exchange& exchange) {
  Counters& counters = exchange.view->counters;
  if (exchange.limit == Limit::client) {
    ++counters[Count::elb_4xx];  // nobody waits for an answer
    return;
  }
  if (exchange.limit == Limit::connect) ++counters[Count::connection_errors];
  ++counters[config_.is_network() ? Count::elb_resets : Count::elb_504];
  fail(reply, config_.is_network() ? errors_.elb_reset : errors_.timeout);
}

void LoadBalancer::pass_on(ReplyId reply, const Exchange& exchange, const Response& response) {
  if (!response.ok() && broke_off(reply, exchange, response)) return;
  View& view = *exchange.view;
  const Time now = world_.now();
  view.times.add(now - exchange.sent);
  count_bytes(exchange, response.size);
  if (!config_.is_network()) view.keep(exchange.target, now);
  const bool clients = response.fault == Fault::client || response.fault == Fault::throttling;
  ++view.counters[response.ok() ? Count::target_2xx : clients ? Count::target_4xx : Count::target_5xx];
  world_.replies.answer(reply, response);
}

// Whether the target refused or reset the connection; answers the request then. Such failures of what the
// target itself has called carry another source.
bool LoadBalancer::broke_off(ReplyId reply, const Exchange& exchange, const Response& response) {
  const bool refused = response.error == errors_.refused;
  if (!refused && response.error != errors_.reset) return false;
  if (response.source != exchange.group->server(exchange.target).resource()) return false;
  Counters& counters = exchange.view->counters;
  if (refused) ++counters[Count::connection_errors];
  exchange.view->drop_connections(exchange.target);
  ++counters[config_.is_network() ? Count::target_resets : Count::elb_502];
  if (config_.is_network())
    world_.replies.answer(reply, response);
  else
    fail(reply, errors_.bad_gateway);
  return true;
}

bool LoadBalancer::crosses_zones(const Exchange& exchange) const {
  return exchange.group->zone(exchange.target) != exchange.view->zone();
}

void LoadBalancer::count_bytes(const Exchange& exchange, Bytes size) {
  if (size.count == 0) return;
  const auto bytes = static_cast<std::uint64_t>(size.count);
  exchange.view->counters[Count::processed_bytes] += bytes;
  if (crosses_zones(exchange)) exchange.view->counters[Count::cross_zone_bytes] += bytes;
}

void LoadBalancer::fail(ReplyId reply, ErrorId error) const {
  Response response;
  response.fault = Fault::transient;
  response.error = error;
  response.source = self_;
  world_.replies.answer(reply, response);
}

// --- figures -----------------------------------------------------------------------------------------------

void LoadBalancer::begin_measurement() {
  metering_.begin_measurement();
  if (own_group_ != nullptr) own_group_->begin_measurement();
}

void LoadBalancer::report(Report& report) const {
  metering_.report(report);
  if (own_group_ != nullptr) report_hosts(report, id_, *own_group_, world_);
}

void LoadBalancer::bill(UsageMeter& meter) const { metering_.bill(meter); }

void LoadBalancer::audit(Audit& audit) const {
  const Counters total = metering_.total();
  const std::uint64_t turned_away = metering_.rejected + total[Count::elb_503] + total[Count::port_errors];
  audit.conservation("resources." + id_,
                     {.arrived = metering_.arrivals(),
                      .completed = total[Count::target_2xx],
                      .failed = total.failed() - total[Count::elb_503] - total[Count::port_errors],
                      .rejected = turned_away,
                      .in_flight = in_flight_});
}

}  // namespace nephoscope::elasticloadbalancing
