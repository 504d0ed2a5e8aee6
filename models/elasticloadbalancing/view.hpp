// What one node of a load balancer knows of one target group, and which target it picks.
//
// Choice costs constant time per request; the list of eligible targets is made anew after a change of
// health or registration, at the next request. A picked target's outstanding requests are counted here, so
// least_outstanding_requests knows this node's requests only, as every node does.
#pragma once

#include <cstdint>
#include <limits>
#include <unordered_map>
#include <vector>

#include "engine/random/draws.hpp"
#include "models/common/request.hpp"
#include "models/common/zone.hpp"
#include "models/elasticloadbalancing/counters.hpp"
#include "models/elasticloadbalancing/elasticloadbalancing.hpp"
#include "models/elasticloadbalancing/least_outstanding.hpp"

namespace nephoscope::elasticloadbalancing {

enum class Health : std::uint8_t { initial, healthy, unhealthy };

// Which targets clients are bound to by their cookies, over all nodes of a load balancer.
class StickySessions final {
 public:
  explicit StickySessions(Duration lifetime) : lifetime_(lifetime) {}
  // The client's target, or kNone without a valid cookie.
  std::uint32_t find(std::uint64_t client, Time now) const;
  // Binds the client; the lifetime counts from now.
  void bind(std::uint64_t client, std::uint32_t target, Time now) {
    sessions_[client] = {target, now + lifetime_};
  }

 private:
  struct Session {
    std::uint32_t target;
    Time expires;
  };
  Duration lifetime_;
  std::unordered_map<std::uint64_t, Session> sessions_;
};

struct ViewOptions {
  ZoneId zone;
  PlaceId place;  // of the node
  bool cross_zone = true;
  bool network = false;
  Duration connection_life = 60s;  // idle, of kept connections to targets
  Duration race = 1ms;             // before the end of `connection_life`, if the target is who ends it
  bool target_closes = false;
};

// How a request reaches its target.
enum class Connection : std::uint8_t {
  fresh,   // a new one has to be made
  kept,    // one that is open
  racing,  // one that the target has closed while the request was on its way
};

class View final {
 public:
  static constexpr std::uint32_t kNone = LeastOutstanding::kNone;

  // REQUIRES: everything referred to outlives it; `sessions` is null without stickiness.
  View(const ViewOptions& options, const TargetGroupAttributes& attributes, const RandomSource& random,
       Purpose purpose, StickySessions* sessions)
      : options_(options), attributes_(attributes), random_(random), purpose_(purpose), sessions_(sessions) {}

  // The next target; numbers count from 0.
  void add(ZoneId zone);
  // It gets no new requests any more.
  void remove(std::uint32_t target);
  void set_health(std::uint32_t target, Health health);
  void start_slowly(std::uint32_t target, Time now);

  // The target of a request; kNone if none is registered in the node's scope. REQUIRES: begin() follows.
  std::uint32_t pick(const Request& request, Time now);
  void begin(std::uint32_t target) {
    ++links_[target].outstanding;
    if (by_load_ && least_.contains(target)) least_.grow(target);
  }
  void end(std::uint32_t target) {
    --links_[target].outstanding;
    if (by_load_ && least_.contains(target)) least_.shrink(target);
  }

  Connection connect(std::uint32_t target, Time now);
  void keep(std::uint32_t target, Time now) { links_[target].kept.push_back(now); }
  void drop_connections(std::uint32_t target) { links_[target].kept.clear(); }
  // Counts a new connection to the target in this minute; false past the limit of ports.
  bool take_port(std::uint32_t target, Time now);

  // Whether the node's targets of `threshold` are healthy enough; a scope without targets is not.
  bool meets(const HealthThreshold& threshold) const;
  bool in_scope(ZoneId zone) const { return options_.cross_zone || zone == options_.zone; }
  // Whether requests go to unhealthy targets too.
  bool fails_open() { return refresh(), fails_open_; }
  // Registered targets that the node holds to be (un)healthy: all, or those of its own zone.
  std::size_t count(Health health, bool own_zone) const;
  ZoneId zone() const { return options_.zone; }
  PlaceId place() const { return options_.place; }
  Health health(std::uint32_t target) const { return links_[target].health; }
  std::uint32_t outstanding(std::uint32_t target) const { return links_[target].outstanding; }

  Counters counters;
  MinuteTimes times;  // of responses, in the present minute

 private:
  struct Link {
    Health health = Health::initial;
    bool registered = true;
    ZoneId zone;
    std::uint32_t outstanding = 0;
    double credit = 0;  // of slow start
    Time slow_from{};
    Time slow_until{};
    std::int64_t minute = -1;  // of the ports
    std::uint32_t ports = 0;
    std::vector<Time> kept;  // when idle connections were last used, rising
  };

  std::size_t in_scope_count(Health health) const;
  bool counts(const Link& link) const { return link.registered && in_scope(link.zone); }
  void refresh() {
    if (dirty_) rebuild();
  }
  void rebuild();
  std::uint32_t choose(const Request& request, Time now);
  std::uint32_t next_in_turn(Time now);
  std::uint32_t at_random(const Request& request, Time now) const;
  std::uint32_t by_flow(const Request& request) const;
  bool is_eligible(std::uint32_t target) const;
  double share(const Link& link, Time now) const;

  ViewOptions options_;
  const TargetGroupAttributes& attributes_;
  const RandomSource& random_;
  Purpose purpose_;
  StickySessions* sessions_;
  std::vector<Link> links_;
  std::vector<std::uint32_t> eligible_;  // rising
  LeastOutstanding least_;
  std::size_t next_ = 0;        // in eligible_
  std::uint32_t last_ = kNone;  // target that was picked in turn
  Time slow_until_{};           // when the last slow start ends
  bool by_load_ = false;        // `least_` is kept
  bool dirty_ = true;
  bool fails_open_ = false;
};

}  // namespace nephoscope::elasticloadbalancing
