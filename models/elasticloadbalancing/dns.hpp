// Which of a load balancer's zones clients find in DNS.
//
// Each zone has a node with an address of its own. A zone whose targets fail its threshold leaves the
// answers; if all do, all stay. Clients use an answer for up to its time to live (60 s), so a request follows
// an answer whose age is uniform within it; between the zones of an answer the choice is uniform too
// (Elastic Load Balancing guide, "How Elastic Load Balancing works"; Application Load Balancer guide,
// "Target group health").
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "engine/random/draws.hpp"
#include "models/common/dns.hpp"
#include "models/common/request.hpp"

namespace nephoscope::elasticloadbalancing {

class Dns final {
 public:
  static constexpr Duration kTimeToLive = 60s;

  // REQUIRES: random and stale outlive it.
  Dns(std::size_t zones, const RandomSource& random, Purpose purpose, const StaleAnswers& stale)
      : random_(random), purpose_(purpose), stale_purpose_(purpose.of("stale")), stale_(stale) {
    Answer& all = answers_.emplace_back();
    for (std::uint32_t zone = 0; zone < zones; ++zone) all.zones.push_back(zone);
  }

  // The zones that are in DNS now.
  const std::vector<std::uint32_t>& zones() const { return answers_.back().zones; }

  // The zone of the node that a request goes to.
  std::uint32_t zone_of(const Request& request, Time now) const {
    if (answers_.size() == 1 && zones().size() == 1) return zones().front();
    Draws draws = random_.request(purpose_, request.number, request.attempt);
    const std::uint64_t bits = draws.next_bits();
    const Time last = asks_until(request, now);
    const std::vector<std::uint32_t>& found =
        last - answers_.back().since >= kTimeToLive ? zones() : cached(draws, last);
    __extension__ using Wide = unsigned __int128;
    return found[static_cast<std::size_t>(static_cast<Wide>(bits) * found.size() >> 64)];
  }

  // Sets which zones are healthy; returns whether the answer has changed.
  bool update(const std::vector<bool>& healthy, Time now) {
    std::vector<std::uint32_t> zones, all;
    for (std::uint32_t zone = 0; zone < healthy.size(); ++zone) {
      all.push_back(zone);
      if (healthy[zone]) zones.push_back(zone);
    }
    if (zones.empty()) zones = all;
    if (zones == answers_.back().zones) return false;
    const Time oldest = stale_.oldest(now);
    while (answers_.size() > 1 && oldest - answers_[1].since >= kTimeToLive) answers_.pop_front();
    answers_.push_back({.since = now, .zones = std::move(zones)});
    return true;
  }

 private:
  struct Answer {
    Time since{-kTimeToLive};  // the first one is as old as clients may know
    std::vector<std::uint32_t> zones;
  };

  // Now, or when a fault began that keeps this client's resolver from asking again.
  Time asks_until(const Request& request, Time now) const {
    if (!stale_.any()) return now;
    Draws draws = random_.request(stale_purpose_, request.number);
    return stale_.asks_until(draws.next_uniform(), now);
  }

  // The answer that held when a client asked, who asked for the last time at `last` or within the time to
  // live before it.
  const std::vector<std::uint32_t>& cached(Draws& draws, Time last) const {
    const Time asked = last - from_seconds(draws.next_uniform() * to_seconds(kTimeToLive));
    std::size_t i = answers_.size() - 1;
    while (i > 0 && answers_[i].since > asked) --i;
    return answers_[i].zones;
  }

  const RandomSource& random_;
  Purpose purpose_;
  Purpose stale_purpose_;
  const StaleAnswers& stale_;
  std::deque<Answer> answers_;  // in order of time
};

}  // namespace nephoscope::elasticloadbalancing
