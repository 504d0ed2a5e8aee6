#include "models/network/disturbances.hpp"

#include <algorithm>

namespace nephoscope::network {

namespace {

constexpr int kRetransmissions = 15;        // Linux, tcp_retries2
constexpr Duration kLongestTimeout = 2min;  // Linux, TCP_RTO_MAX

Duration delayed(Duration way, Duration delay, Duration resend) {
  return resend == Way::kNever ? Way::kNever : way + delay + resend;
}

}  // namespace

DisturbanceId Disturbances::add(const Selector& a, const Selector& b, const Disturbance& what) {
  const DisturbanceId id(added_++);
  active_.push_back({id, a, b, what});
  return id;
}

void Disturbances::remove(DisturbanceId id) {
  std::erase_if(active_, [&](const Active& each) { return each.id == id; });
}

bool Disturbances::matches(const Selector& selector, PlaceId id) const {
  const Location& location = locations_[id];
  if (selector.place && selector.place != id) return false;
  if (selector.owner && selector.owner != location.owner) return false;
  if (selector.outside && locations_.has_zone(location)) return false;
  if (selector.zone != Location::kNone && selector.zone != location.zone) return false;
  return selector.region == Location::kNone ||
         (selector.region == location.region && !locations_.has_zone(location));
}

Disturbance Disturbances::between(PlaceId from, PlaceId to) const {
  Disturbance sum;
  double arrives = 1;
  for (const Active& each : active_) {
    const bool forth = matches(each.a, from) && matches(each.b, to);
    const bool back = matches(each.a, to) && matches(each.b, from);
    if (!forth && !back) continue;
    sum.delay += each.what.delay;
    arrives *= 1 - each.what.loss.value;
    sum.cut = sum.cut || each.what.cut;
  }
  sum.loss = Probability(1 - arrives);
  return sum;
}

Duration resend_time(Probability loss, Duration timeout, Draws& draws) {
  Duration waited{};
  if (loss.value == 0) return waited;
  for (int sent = 0; sent <= kRetransmissions; ++sent) {
    if (draws.next_uniform() >= loss.value) return waited;
    waited += timeout;
    timeout = std::min(2 * timeout, kLongestTimeout);
  }
  return Way::kNever;
}

Way disturbed(Way way, const Disturbance& what, Duration retransmission_timeout, Draws& draws) {
  if (what.cut) return {.there = Way::kNever, .back = Way::kNever};
  const Duration timeout = way.there + way.back + 2 * what.delay + retransmission_timeout;
  const Duration there = resend_time(what.loss, timeout, draws);
  const Duration back = resend_time(what.loss, timeout, draws);
  return {.there = delayed(way.there, what.delay, there), .back = delayed(way.back, what.delay, back)};
}

}  // namespace nephoscope::network
