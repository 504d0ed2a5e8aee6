#include "models/autoscaling/termination.hpp"

#include <algorithm>
#include <map>

namespace nephoscope::autoscaling {
namespace {

using Choice = std::vector<std::size_t>;  // indices of those still in question
using Candidates = std::span<const Candidate>;

// Keeps those whose figure is the lowest.
template <typename Figure>
Choice lowest(const Choice& choice, Figure figure) {
  Choice result;
  for (const std::size_t index : choice) {
    if (!result.empty() && figure(index) > figure(result.front())) continue;
    if (!result.empty() && figure(index) < figure(result.front())) result.clear();
    result.push_back(index);
  }
  return result;
}

// The unprotected instances of the zones that hold most instances, among zones that have an unprotected one.
Choice in_fullest_zones(Candidates all) {
  std::map<std::uint32_t, std::int64_t> sizes;
  Choice open;
  for (std::size_t i = 0; i < all.size(); ++i) {
    ++sizes[all[i].zone];
    if (!all[i].is_protected) open.push_back(i);
  }
  return lowest(open, [&](std::size_t i) { return -sizes[all[i].zone]; });
}

// The market that holds too many, and within it the types that are wanted least.
Choice least_wanted(Candidates all, const Choice& choice, const MarketBalance& balance) {
  if (!balance.mixed) return choice;
  const auto on_demand = std::count_if(
      all.begin(), all.end(), [](const Candidate& each) { return each.market == Market::on_demand; });
  const Market surplus = on_demand > balance.on_demand ? Market::on_demand : Market::spot;
  const Choice market = lowest(choice, [&](std::size_t i) { return all[i].market == surplus ? 0 : 1; });
  return lowest(market, [&](std::size_t i) { return -static_cast<std::int64_t>(all[i].type); });
}

Duration to_next_hour(Time launched, Time now) {
  constexpr Duration hour = 1h;
  return hour - (now - launched) % hour;
}

Choice apply(TerminationPolicy policy, Candidates all, const Choice& choice, const MarketBalance& balance,
             Time now) {
  const auto age = [&](std::size_t i) { return all[i].launched; };
  const auto newest = [&](std::size_t i) { return now - all[i].launched; };
  const auto version = [&](std::size_t i) { return all[i].version; };
  const auto hour = [&](std::size_t i) { return to_next_hour(all[i].launched, now); };
  switch (policy) {
    case TerminationPolicy::oldest_instance:
      return lowest(choice, age);
    case TerminationPolicy::newest_instance:
      return lowest(choice, newest);
    case TerminationPolicy::oldest_launch_template:
      return lowest(choice, version);
    case TerminationPolicy::closest_to_next_instance_hour:
      return lowest(choice, hour);
    case TerminationPolicy::allocation_strategy:
      return least_wanted(all, choice, balance);
    case TerminationPolicy::standard:
      break;
  }
  return lowest(lowest(least_wanted(all, choice, balance), version), hour);
}

}  // namespace

std::optional<std::size_t> choose_victim(Candidates candidates, std::span<const TerminationPolicy> policies,
                                         const MarketBalance& balance, Time now, Draws& draws) {
  Choice choice = in_fullest_zones(candidates);
  if (choice.empty()) return std::nullopt;
  if (policies.empty()) choice = apply(TerminationPolicy::standard, candidates, choice, balance, now);
  for (const TerminationPolicy policy : policies) choice = apply(policy, candidates, choice, balance, now);
  return choice.size() == 1 ? choice.front() : choice[draws.next_below(choice.size())];
}

}  // namespace nephoscope::autoscaling
