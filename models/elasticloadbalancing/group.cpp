#include "models/elasticloadbalancing/group.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "engine/base/check.hpp"
#include "engine/config/units.hpp"
#include "models/elasticloadbalancing/target_state.hpp"

namespace nephoscope::elasticloadbalancing {

namespace {

constexpr std::string_view kHealthCheck = "health_check";  // the operation, as applications know it

bool serves(TargetState state) { return state == TargetState::healthy || state == TargetState::unavailable; }

}  // namespace

Group::Group(World& world, const std::string& id, const TargetGroupAttributes& attributes)
    : world_(world),
      id_(id),
      attributes_(attributes),
      health_check_(world.operations.intern(kHealthCheck)),
      phase_purpose_(Purpose("elb.check.phase").of(id)),
      check_number_(Purpose("elb.check").of(id).value()),
      check_timeout_(world.simulation.timeout_class(attributes.health_check_timeout_seconds * Duration(1s))) {
}

void Group::join(View& view, GroupUser& user) {
  check(members_.empty(), "elasticloadbalancing", "'{}' already has targets", id_);
  views_.push_back(&view);
  if (std::find(users_.begin(), users_.end(), &user) == users_.end()) users_.push_back(&user);
}

MetricName Group::request_count_per_target() const {
  return {
      .space = "AWS/ApplicationELB", .name = "RequestCountPerTarget", .dimensions = {{"TargetGroup", id_}}};
}

void Group::begin_measurement() {
  healthy_.reset(world_.now());
  unhealthy_.reset(world_.now());
}

// --- registration ------------------------------------------------------------------------------------------

TargetId Group::add(const Target& target, TargetListener* listener) {
  const auto index = static_cast<std::uint32_t>(members_.size());
  Member& member = members_.emplace_back();
  member.target = target;
  member.listener = listener;
  for (View* view : views_) view->add(target.zone);
  if (!views_.empty()) begin_checks(index);
  tell_users();
  return TargetId(index);
}

void Group::remove(TargetId target) {
  Member& member = members_[target.value];
  if (member.state == TargetState::draining) return;
  if (member.state == TargetState::unused) return drained(target.value);
  member.probes.interrupt_all();
  for (View* view : views_) view->remove(target.value);
  change(target.value, TargetState::draining,
         fmt::format("deregistered, {} requests in progress", member.in_flight));
  tell_users();
  world_.simulation.spawn(end_draining(target.value));
  if (member.in_flight == 0) drained(target.value);
}

// Nothing is in progress: deregistration is complete, though the target still shows as draining.
void Group::drained(std::uint32_t target) {
  Member& member = members_[target];
  if (std::exchange(member.released, true) || member.listener == nullptr) return;
  member.listener->target_changed(TargetId(target), member.state, TargetState::unused);
}

Process Group::end_draining(std::uint32_t target) {
  co_await world_.simulation.delay(attributes_.deregistration_delay_seconds * Duration(1s));
  Member& member = members_[target];
  const bool ends = !network_ || attributes_.connection_termination_enabled;
  change(target, TargetState::unused,
         fmt::format("deregistration delay of {} s is over, {} requests in progress{}",
                     attributes_.deregistration_delay_seconds, member.in_flight,
                     member.in_flight > 0 && ends ? " are ended" : ""));
  if (ends) member.requests.interrupt_all();
}

void Group::change(std::uint32_t target, TargetState now, const std::string& reason) {
  Member& member = members_[target];
  const TargetState before = std::exchange(member.state, now);
  check(is_legal({before, now}), "elasticloadbalancing", "target '{}' cannot go from {} to {}",
        member.target.name, name_of(before), name_of(now));
  healthy_.change(world_.now(), static_cast<int>(serves(now)) - static_cast<int>(serves(before)));
  unhealthy_.change(world_.now(), static_cast<int>(now == TargetState::unhealthy) -
                                      static_cast<int>(before == TargetState::unhealthy));
  if (world_.now() > Time{})
    world_.log(id_, "target",
               fmt::format("{}: {} -> {}: {}", member.target.name, name_of(before), name_of(now), reason));
  if (member.listener == nullptr || member.released) return;
  member.released = now == TargetState::unused;
  member.listener->target_changed(TargetId(target), before, now);
}

void Group::tell_users() {
  for (GroupUser* user : users_) user->group_changed();
}

// --- health ------------------------------------------------------------------------------------------------

bool Group::probes(std::uint32_t prober, const Member& member) const {
  return network_ || views_[prober]->in_scope(member.target.zone);
}

// What stands at the run's first instant has stood there before: targets that run begin healthy.
void Group::begin_checks(std::uint32_t target) {
  Member& member = members_[target];
  const auto all = static_cast<std::uint32_t>(probers());
  if (!attributes_.health_check_enabled) {
    for (View* view : views_) view->set_health(target, Health::healthy);
    return change(target, TargetState::unavailable, "registered, health checks are off");
  }
  member.checks.resize(all);
  change(target, TargetState::initial, "registered");
  const bool stood = world_.now() == Time{} && member.target.server->running();
  for (std::uint32_t prober = 0; prober < all; ++prober) {
    if (!probes(prober, member)) continue;
    if (stood) settle(target, prober, Health::healthy);
    world_.simulation.spawn(probe(target, prober), &member.probes);
  }
}

// Nodes begin at moments of their own within the first interval.
Duration Group::first_check(std::uint32_t target, std::uint32_t prober) const {
  Draws draws = world_.random.entity(phase_purpose_, target, prober);
  const double interval = static_cast<double>(attributes_.health_check_interval_seconds);
  const Duration phase = from_seconds(draws.next_uniform() * interval);
  return network_ && world_.now() > Time{} ? network_->registration_time + phase : phase;
}

// Checks begin at equal distances, however long their answers take. One that cannot be back in time is not
// sent: it fails at its time-out.
Process Group::probe(std::uint32_t target, std::uint32_t prober) {
  const Duration interval = attributes_.health_check_interval_seconds * Duration(1s);
  Time next = world_.now() + first_check(target, prober);
  for (std::uint64_t count = 0;; ++count, next += interval) {
    const WaitStatus waited = co_await world_.simulation.delay(std::max(next - world_.now(), Duration{}));
    if (waited != WaitStatus::done) co_return;
    const Request check = check_request(target, prober, count);
    const std::optional<Way> way = way_of(check, target, prober);
    if (way && way->there > Duration{}) {
      const WaitStatus there = co_await world_.simulation.delay(way->there);
      if (there != WaitStatus::done) co_return;
    }
    const ReplyId reply = world_.replies.open();
    if (way) send_check(check, target, reply);
    const Replies::Result result = co_await world_.replies.wait(reply, check_timeout_);
    if (result.status == WaitStatus::interrupted) co_return;
    const bool in_time = way && world_.now() + way->back <= check.deadline;
    checked(target, prober, result.status == WaitStatus::done && result.value.ok() && in_time);
  }
}

// None for a check that cannot be back in time. Nodes of a network load balancer agree on what the one in the
// target's zone finds.
std::optional<Way> Group::way_of(const Request& check, std::uint32_t target, std::uint32_t prober) const {
  const Target& checked = members_[target].target;
  if (!checked.place) return Way{};
  const auto in_zone = [&](const View* view) { return view->zone() == checked.zone; };
  const View* const node = network_ ? *std::find_if(views_.begin(), views_.end(), in_zone) : views_[prober];
  const Way way = world_.way(node->place(), checked.place, check.number, check.attempt);
  const Duration limit = attributes_.health_check_timeout_seconds * Duration(1s);
  return std::max(way.there, way.back) > limit ? std::nullopt : std::optional(way);
}

Request Group::check_request(std::uint32_t target, std::uint32_t prober, std::uint64_t count) const {
  Request request;
  request.number = child_number(check_number_ + target, prober, static_cast<std::uint32_t>(count));
  request.operation = health_check_;
  request.deadline = world_.now() + attributes_.health_check_timeout_seconds * Duration(1s);
  return request;
}

void Group::send_check(const Request& check, std::uint32_t target, ReplyId reply) {
  ApplicationServer& server = *members_[target].target.server;
  if (server.reachable()) server.submit(check, reply);
}

void Group::checked(std::uint32_t target, std::uint32_t prober, bool success) {
  Check& check = members_[target].checks[prober];
  const Health found = success ? Health::healthy : Health::unhealthy;
  if (found == check.health) {
    check.streak = 0;
    return;
  }
  const bool first_success = success && check.health == Health::initial;
  const std::int64_t needed =
      success ? attributes_.healthy_threshold_count : attributes_.unhealthy_threshold_count;
  if (first_success || ++check.streak >= needed) settle(target, prober, found);
}

void Group::settle(std::uint32_t target, std::uint32_t prober, Health health) {
  members_[target].checks[prober] = {.health = health, .streak = 0};
  set_views(target, prober, health);
  const std::string who = network_ ? "the nodes" : world_.run.zones[views_[prober]->zone().value];
  sum_up(target, health == Health::healthy ? fmt::format("passed checks by {}", who)
                                           : fmt::format("{} checks in a row failed, last by {}",
                                                         attributes_.unhealthy_threshold_count, who));
  tell_users();
}

void Group::set_views(std::uint32_t target, std::uint32_t prober, Health health) {
  if (!network_) return views_[prober]->set_health(target, health);
  for (View* view : views_) view->set_health(target, health);
}

void Group::sum_up(std::uint32_t target, const std::string& reason) {
  Member& member = members_[target];
  bool healthy = false, initial = false;
  for (std::uint32_t prober = 0; prober < member.checks.size(); ++prober) {
    if (!probes(prober, member)) continue;
    healthy = healthy || member.checks[prober].health == Health::healthy;
    initial = initial || member.checks[prober].health == Health::initial;
  }
  const TargetState now = healthy   ? TargetState::healthy
                          : initial ? TargetState::initial
                                    : TargetState::unhealthy;
  if (now == member.state || now == TargetState::initial) return;
  change(target, now, reason);
  if (now == TargetState::healthy) return start_slowly(target);
  member.slow_until = {};
  // A network load balancer resets the connections, unless it fails open.
  if (network_ && has_other_healthy(target)) member.requests.interrupt_all();
}

bool Group::has_other_healthy(std::uint32_t target) const {
  for (std::uint32_t i = 0; i < members_.size(); ++i)
    if (i != target && members_[i].state == TargetState::healthy && members_[i].slow_until <= world_.now())
      return true;
  return false;
}

// Only beside a healthy target that takes a whole share.
void Group::start_slowly(std::uint32_t target) {
  if (attributes_.slow_start_duration_seconds == 0 || network_ || world_.now() == Time{}) return;
  if (!has_other_healthy(target)) return;
  members_[target].slow_until = world_.now() + attributes_.slow_start_duration_seconds * Duration(1s);
  for (View* view : views_) view->start_slowly(target, world_.now());
}

}  // namespace nephoscope::elasticloadbalancing
