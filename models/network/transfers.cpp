#include "models/network/transfers.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/base/check.hpp"
#include "models/common/audit.hpp"
#include "models/common/report.hpp"

namespace nephoscope::network {
namespace {

// EC2 User Guide, "Amazon EC2 instance network bandwidth": a flow has at most 5 Gbps, 10 Gbps between
// instances of one cluster placement group; what leaves the Region has half of an instance's bandwidth from
// 32 vCPUs on, and 5 Gbps below.
constexpr BytesPerSecond kFlow{625e6};
constexpr BytesPerSecond kClusterFlow{1250e6};
constexpr BytesPerSecond kSmallInstanceBorder{625e6};
constexpr int kLargeInstance = 32;

double border_bandwidth(const NetworkHost& host, BytesPerSecond allowed) {
  return host.vcpus >= kLargeInstance ? allowed.value / 2 : kSmallInstanceBorder.value;
}

std::string in_gbps(BytesPerSecond bandwidth) { return fmt::format("{:.3g} Gbps", bandwidth.value * 8e-9); }

}  // namespace

Transfers::Transfers(World& world, const BandwidthConfig& config, const Fabric& fabric, Platform& platform,
                     const Places& places)
    : world_(world), config_(config), fabric_(fabric), places_(places), flows_(world.simulation, platform) {
  flows_.on_rates([](void* transfers) { static_cast<Transfers*>(transfers)->rates_changed(); }, this);
}

// --- transfers -------------------------------------------------------------------------------------------

const NetworkHost* Transfers::host_of(PlaceId place) const {
  const auto& host = places_[place].host;
  return host ? &*host : nullptr;
}

NodeId Transfers::node_of(PlaceId place, bool crosses_border) const {
  if (const NetworkHost* host = host_of(place))
    return crosses_border ? fabric_.border(host->site) : fabric_.host(host->site);
  if (is_abroad(place)) return fabric_.abroad();
  return places_[place].zone ? fabric_.zone(places_[place].zone) : fabric_.region();
}

BytesPerSecond Transfers::flow_limit(PlaceId from, PlaceId to) const {
  const NetworkHost* const a = host_of(from);
  const NetworkHost* const b = host_of(to);
  const bool one_cluster = a != nullptr && b != nullptr && a->cluster && a->cluster == b->cluster;
  return one_cluster ? kClusterFlow : kFlow;
}

std::size_t Transfers::begin(PlaceId from, PlaceId to, Bytes size) {
  const FlowId flow = flows_.start({.from = node_of(from, is_abroad(to)),
                                    .to = node_of(to, false),
                                    .size = size,
                                    .limit = flow_limit(from, to)});
  const std::size_t number = totals_.started++;
  totals_.asked += size;
  in_flight_.emplace(number, InFlight{flow, from, to, size});
  return number;
}

void Transfers::count(TransferTotals& totals, Bytes size, const FlowResult& result) const {
  ++(result.end == FlowEnd::done ? totals.done : totals.broken);
  totals.moved += result.moved;
  totals.abandoned += size - result.moved;
  totals.time += result.time;
}

Transfers::Moved Transfers::end(std::size_t number, const FlowResult& result) {
  const auto place = in_flight_.find(number);
  count(totals_, place->second.size, result);
  count(measured_, place->second.size, result);
  in_flight_.erase(place);
  static constexpr TransferEnd ends[] = {TransferEnd::done, TransferEnd::broken, TransferEnd::interrupted};
  return {.transfer = {.end = ends[static_cast<std::size_t>(result.end)], .time = result.time},
          .bytes = result.moved};
}

Task<Transfers::Moved> Transfers::move(PlaceId from, PlaceId to, Bytes size) {
  if (!places_[from].up || !places_[to].up) co_return Moved{.transfer = {.end = TransferEnd::broken}};
  if (size == Bytes()) co_return Moved{};
  const std::size_t number = begin(from, to, size);
  const FlowResult result = co_await flows_.wait(in_flight_.at(number).flow);
  co_return end(number, result);
}

void Transfers::break_where(const std::function<bool(PlaceId, PlaceId)>& broken) {
  for (const auto& [number, transfer] : in_flight_)
    if (broken(transfer.from, transfer.to)) flows_.break_flow(transfer.flow);
}

// --- instances -------------------------------------------------------------------------------------------

Transfers::Cards& Transfers::cards_of(PlaceId place) {
  const auto [found, added] = cards_.try_emplace(place);
  if (added) {
    const NetworkHost& host = *host_of(place);
    const BurstRules rules{.baseline = host.baseline,
                           .burst = host.burst,
                           .length = config_.burst_length,
                           .resume = config_.burst_resume};
    any_can_burst_ = any_can_burst_ || rules.burst > rules.baseline;
    for (const Direction way : {Direction::up, Direction::down})
      found->second[static_cast<std::size_t>(way)] = std::make_unique<Card>(*this, place, way, rules);
  }
  return found->second;
}

void Transfers::host_up(PlaceId place) {
  const HostSite site = host_of(place)->site;
  up_[site].push_back(place);
  for (auto& card : cards_of(place)) {
    card->bucket.set_up(world_.now(), true);
    plan(*card);
  }
  share_host(site);
}

void Transfers::host_down(PlaceId place) {
  break_where([place](PlaceId from, PlaceId to) { return from == place || to == place; });
  for (auto& card : cards_of(place)) {
    card->bucket.set_up(world_.now(), false);
    plan(*card);
  }
  const HostSite site = host_of(place)->site;
  std::erase(up_[site], place);
  share_host(site);
}

// Gives a host's cables the sum of what its instances may use.
void Transfers::share_host(const HostSite& site) {
  double up = 0, down = 0, border = 0;
  for (const PlaceId place : up_[site]) {
    const Cards& cards = cards_of(place);
    up += cards[0]->bucket.allowed().value;
    down += cards[1]->bucket.allowed().value;
    border += border_bandwidth(*host_of(place), cards[0]->bucket.allowed());
  }
  set_bandwidth(fabric_.host(site), Direction::up, up);
  set_bandwidth(fabric_.host(site), Direction::down, down);
  set_bandwidth(fabric_.border(site), Direction::up, border);
}

// A host without instances keeps what it has: nothing flows there.
void Transfers::set_bandwidth(NodeId node, Direction direction, double bandwidth) {
  if (bandwidth > 0) flows_.set_bandwidth({node, direction}, BytesPerSecond(bandwidth));
}

// --- bursts ----------------------------------------------------------------------------------------------

// Adds up what flows through the cards of instances that can burst, and plans when their credits end.
void Transfers::rates_changed() {
  if (!any_can_burst_) return;
  for (Card* card : cards_in_use_) card->next_rate = 0;
  for (const auto& [number, transfer] : in_flight_) {
    const double rate = flows_.rate(transfer.flow).value;
    use(transfer.from, Direction::up, rate);
    use(transfer.to, Direction::down, rate);
  }
  for (Card* card : cards_in_use_) settle(*card);
  std::erase_if(cards_in_use_, [](Card* card) { return !(card->in_use = card->next_rate > 0); });
}

void Transfers::use(PlaceId place, Direction direction, double rate) {
  if (host_of(place) == nullptr) return;
  Card& card = *cards_.at(place)[static_cast<std::size_t>(direction)];
  if (!card.bucket.can_burst()) return;
  card.next_rate += rate;
  if (card.in_use) return;
  card.in_use = true;
  cards_in_use_.push_back(&card);
}

void Transfers::settle(Card& card) {
  const BytesPerSecond rate(card.next_rate);
  if (card.bucket.rate() == rate) return;
  card.bucket.set_rate(world_.now(), rate);
  plan(card);
}

void Transfers::plan(Card& card) {
  world_.simulation.cancel(card.change);
  card.change = {};
  const auto when = card.bucket.next_change();
  if (!when) return;
  card.change = world_.simulation.at(
      *when,
      [](void* context) {
        Card& due = *static_cast<Card*>(context);
        due.transfers.allowance_changes(due);
      },
      &card);
}

void Transfers::allowance_changes(Card& card) {
  card.bucket.change(world_.now());
  plan(card);
  const NetworkHost& host = *host_of(card.place);
  if (!card.bucket.bursts())
    world_.log(
        host.name, "network",
        fmt::format("{} credits used up: {} -> {}", card.direction == Direction::up ? "outbound" : "inbound",
                    in_gbps(host.burst), in_gbps(host.baseline)));
  share_host(host.site);
}

// --- results ---------------------------------------------------------------------------------------------

void Transfers::audit(Audit& audit) const {
  audit.conservation("resources.network flows", {.arrived = totals_.started,
                                                 .completed = totals_.done,
                                                 .failed = totals_.broken,
                                                 .rejected = 0,
                                                 .in_flight = in_flight_.size()});
  Bytes pending;
  for (const auto& [number, transfer] : in_flight_) pending += transfer.size;
  audit.add("bytes: resources.network", totals_.asked == totals_.moved + totals_.abandoned + pending,
            fmt::format("{} asked = {} moved + {} abandoned + {} in flight", totals_.asked.count,
                        totals_.moved.count, totals_.abandoned.count, pending.count));
}

void report_transfers(const TransferTotals& totals, Report& report) {
  const auto put = [&](const char* name, const char* unit, double numerator, double denominator) {
    report.ratio({Scope::resource, "network", name}, unit, numerator, denominator);
  };
  const auto moved = static_cast<double>(totals.moved.count);
  put("flows", "1", static_cast<double>(totals.done + totals.broken), 1);
  put("flows.broken", "1", static_cast<double>(totals.broken), 1);
  put("bytes", "B", moved, 1);
  put("rate.mean", "B/s", moved, to_seconds(totals.time));
}

}  // namespace nephoscope::network
