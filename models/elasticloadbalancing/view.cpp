#include "models/elasticloadbalancing/view.hpp"

#include <algorithm>

namespace nephoscope::elasticloadbalancing {

namespace {

// Simultaneous connections, or new ones in a minute, of one node to one target when addresses are translated
// (Network Load Balancer guide, target groups).
constexpr std::uint32_t kPorts = 55'000;
constexpr int kMostDraws = 32;

}  // namespace

std::uint32_t StickySessions::find(std::uint64_t client, Time now) const {
  const auto found = sessions_.find(client);
  return found == sessions_.end() || found->second.expires <= now ? View::kNone : found->second.target;
}

void View::add(ZoneId zone) {
  links_.emplace_back();
  links_.back().zone = zone;
  dirty_ = true;
}

void View::remove(std::uint32_t target) {
  links_[target].registered = false;
  links_[target].slow_until = {};
  dirty_ = true;
}

void View::set_health(std::uint32_t target, Health health) {
  Link& link = links_[target];
  link.health = health;
  if (health == Health::unhealthy) link.slow_until = {};
  dirty_ = true;
}

void View::start_slowly(std::uint32_t target, Time now) {
  Link& link = links_[target];
  link.credit = 0;
  link.slow_from = now;
  link.slow_until = now + attributes_.slow_start_duration_seconds * Duration(1s);
  slow_until_ = std::max(slow_until_, link.slow_until);
}

std::size_t View::in_scope_count(Health health) const {
  return static_cast<std::size_t>(std::count_if(
      links_.begin(), links_.end(), [&](const Link& link) { return counts(link) && link.health == health; }));
}

std::size_t View::count(Health health, bool own_zone) const {
  return static_cast<std::size_t>(std::count_if(links_.begin(), links_.end(), [&](const Link& link) {
    return counts(link) && link.health == health && (!own_zone || link.zone == options_.zone);
  }));
}

bool View::meets(const HealthThreshold& threshold) const {
  const auto registered = static_cast<std::size_t>(
      std::count_if(links_.begin(), links_.end(), [&](const Link& link) { return counts(link); }));
  return threshold.met(in_scope_count(Health::healthy), registered);
}

// Healthy targets; all that are registered when too few are healthy.
void View::rebuild() {
  dirty_ = false;
  fails_open_ = !meets(attributes_.unhealthy_state_routing);
  eligible_.clear();
  for (std::uint32_t i = 0; i < links_.size(); ++i)
    if (counts(links_[i]) && (fails_open_ || links_[i].health == Health::healthy)) eligible_.push_back(i);
  const auto after =
      last_ == kNone ? eligible_.begin() : std::upper_bound(eligible_.begin(), eligible_.end(), last_);
  next_ = static_cast<std::size_t>(after - eligible_.begin());
  by_load_ =
      !options_.network && attributes_.load_balancing_algorithm_type == Algorithm::least_outstanding_requests;
  if (!by_load_) return;
  least_.clear(links_.size());
  for (const std::uint32_t target : eligible_) least_.insert(target, links_[target].outstanding);
}

bool View::is_eligible(std::uint32_t target) const {
  return std::binary_search(eligible_.begin(), eligible_.end(), target);
}

std::uint32_t View::pick(const Request& request, Time now) {
  refresh();
  if (eligible_.empty()) return kNone;
  if (sessions_ == nullptr || request.key == 0) return choose(request, now);
  std::uint32_t target = sessions_->find(request.key, now);
  if (target == kNone || !is_eligible(target)) target = choose(request, now);
  sessions_->bind(request.key, target, now);
  return target;
}

std::uint32_t View::choose(const Request& request, Time now) {
  if (options_.network) return by_flow(request);
  if (by_load_) return least_.least();
  const bool in_turn = attributes_.load_balancing_algorithm_type == Algorithm::round_robin;
  return in_turn ? next_in_turn(now) : at_random(request, now);
}

// A target's part of a full share while it starts slowly: its part of the time.
double View::share(const Link& link, Time now) const {
  if (link.slow_until <= now) return 1;
  return to_seconds(now - link.slow_from) / to_seconds(link.slow_until - link.slow_from);
}

// A target that starts slowly saves up shares and is passed over until it has a whole one.
std::uint32_t View::next_in_turn(Time now) {
  for (std::size_t tried = 0;; ++tried) {
    if (next_ >= eligible_.size()) next_ = 0;
    const std::uint32_t target = last_ = eligible_[next_++];
    if (now >= slow_until_ || tried >= eligible_.size()) return target;
    Link& link = links_[target];
    link.credit += share(link, now);
    if (link.credit < 1) continue;
    link.credit -= 1;
    return target;
  }
}

std::uint32_t View::at_random(const Request& request, Time now) const {
  Draws draws = random_.request(purpose_, request.number, request.attempt);
  std::uint32_t target = eligible_[draws.next_below(eligible_.size())];
  if (now >= slow_until_) return target;
  for (int drawn = 0; drawn < kMostDraws; ++drawn) {
    if (draws.next_uniform() < share(links_[target], now)) return target;
    target = eligible_[draws.next_below(eligible_.size())];
  }
  return target;
}

// Each attempt of a request is a flow of its own.
std::uint32_t View::by_flow(const Request& request) const {
  const std::uint64_t flow = mix64(request.number + (static_cast<std::uint64_t>(request.attempt) << 48));
  const std::uint64_t hash = mix64(flow ^ purpose_.value());
  return eligible_[static_cast<std::size_t>(hash % eligible_.size())];
}

Connection View::connect(std::uint32_t target, Time now) {
  std::vector<Time>& kept = links_[target].kept;
  if (kept.empty()) return Connection::fresh;
  const Duration idle = now - kept.back();
  if (idle >= options_.connection_life) {
    kept.clear();
    return Connection::fresh;
  }
  kept.pop_back();
  const bool racing = options_.target_closes && idle > options_.connection_life - options_.race;
  return racing ? Connection::racing : Connection::kept;
}

bool View::take_port(std::uint32_t target, Time now) {
  Link& link = links_[target];
  const std::int64_t minute = now.time_since_epoch() / Duration(1min);
  if (link.minute != minute) link.ports = 0;
  link.minute = minute;
  if (link.ports >= kPorts || link.outstanding >= kPorts) return false;
  ++link.ports;
  return true;
}

}  // namespace nephoscope::elasticloadbalancing
