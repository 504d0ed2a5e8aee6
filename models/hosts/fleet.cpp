#include "models/hosts/fleet.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/base/check.hpp"
#include "engine/config/units.hpp"
#include "models/common/report.hpp"
#include "models/common/server_report.hpp"

namespace nephoscope::hosts {

namespace {

constexpr std::int64_t kPicoPerNano = 1000;
constexpr Duration kSoonest = Duration(1);  // a machine is never repaired at the instant of its failure

// Hosts of different fleets that run one application draw apart.
std::uint64_t entity_of(const std::string& id, std::size_t index) {
  constexpr std::uint64_t fleets = (std::uint64_t{1} << 24) - 1;
  return (Purpose(id).value() & fleets) % fleets << 24 | index;
}

double seconds(WideInt nanoseconds) { return static_cast<double>(nanoseconds) * 1e-9; }

}  // namespace

HostFleet::HostFleet(World& world, const std::string& id, const HostsConfig& config)
    : world_(world),
      config_(config),
      id_(id),
      self_(world.resources.intern("resources." + id)),
      no_host_(world.errors.intern(kNoHost)),
      route_purpose_(Purpose("hosts.route").of(id)),
      failure_purpose_(Purpose("hosts.failure").of(id)),
      repair_purpose_(Purpose("hosts.repair").of(id)),
      up_(config.count),
      utilization_({.origin = Time{}, .width = series_step(world.run)}),
      step_(series_step(world.run)) {}

void HostFleet::connect(const Wiring& wiring) {
  Application& application = wiring.application(config_.application.id);
  for (std::size_t i = 0; i < config_.count; ++i) {
    ServerOptions options;
    options.name = fmt::format("{}/{}", id_, i);
    options.self = self_;
    options.entity = entity_of(id_, i);
    options.vcpus = static_cast<int>(config_.vcpus);
    if (config_.version) options.version = config_.version->id;
    Host host{.server = application.launch(options), .name = options.name};
    hosts_.push_back(std::move(host));
  }
}

void HostFleet::start() {
  world_.simulation.spawn(sample());
  register_hosts();
  if (!config_.time_to_failure) return;
  for (std::size_t i = 0; i < hosts_.size(); ++i) world_.simulation.spawn(fail_and_repair(i));
}

// Hosts stand in the zones by turns, and stay registered while they are down: the health checks see it.
void HostFleet::register_hosts() {
  for (std::size_t i = 0; i < hosts_.size(); ++i) {
    const ZoneId zone(static_cast<std::uint32_t>(i % world_.run.zones.size()));
    for (TargetGroup* group : target_groups_)
      group->add({.server = hosts_[i].server.get(), .zone = zone, .name = hosts_[i].name}, nullptr);
  }
}

void HostFleet::submit(const Request& request, ReplyId reply) {
  const std::size_t index = route(request);
  if (index < hosts_.size()) return hosts_[index].server->submit(request, reply);
  ++unrouted_;
  Response response;
  response.fault = Fault::transient;
  response.error = no_host_;
  response.source = self_;
  world_.replies.answer(reply, response);
}

std::size_t HostFleet::route(const Request& request) {
  if (config_.routing == Routing::random) return random_running(request);
  return config_.routing == Routing::round_robin ? next_running() : least_outstanding();
}

std::size_t HostFleet::next_running() {
  for (std::size_t tried = 0; tried < hosts_.size(); ++tried) {
    const std::size_t index = next_;
    next_ = next_ + 1 == hosts_.size() ? 0 : next_ + 1;
    if (hosts_[index].server->running()) return index;
  }
  return hosts_.size();
}

// Draws until it meets a running host; every attempt of a request has draws of its own. When nearly all are
// down it walks on from the last one drawn.
std::size_t HostFleet::random_running(const Request& request) const {
  Draws draws = world_.random.request(route_purpose_, request.number, request.attempt);
  constexpr int most_draws = 32;
  std::size_t index = 0;
  for (int drawn = 0; drawn < most_draws; ++drawn) {
    index = draws.next_below(hosts_.size());
    if (hosts_[index].server->running()) return index;
  }
  for (std::size_t tried = 0; tried < hosts_.size(); ++tried, index = (index + 1) % hosts_.size())
    if (hosts_[index].server->running()) return index;
  return hosts_.size();
}

// Ties go round.
std::size_t HostFleet::least_outstanding() {
  std::size_t best = hosts_.size();
  std::uint64_t least = 0;
  for (std::size_t tried = 0; tried < hosts_.size(); ++tried) {
    const std::size_t index = next_ + tried < hosts_.size() ? next_ + tried : next_ + tried - hosts_.size();
    const ApplicationServer& server = *hosts_[index].server;
    if (!server.running()) continue;
    const std::uint64_t load = server.outstanding();
    if (best < hosts_.size() && load >= least) continue;
    best = index;
    least = load;
  }
  if (best < hosts_.size()) next_ = best + 1 == hosts_.size() ? 0 : best + 1;
  return best;
}

Duration HostFleet::draw(Purpose purpose, const DurationDistribution& time, std::size_t index,
                         std::uint64_t count) const {
  Draws draws = world_.random.entity(purpose, index, count);
  return std::max(time.sample(draws), kSoonest);
}

// g++ 12 miscompiles a co_await inside a condition (the frame's handle points 8 bytes too far): the status
// goes through a variable.
Process HostFleet::fail_and_repair(std::size_t index) {
  Host& host = hosts_[index];
  for (std::uint64_t count = 0;; ++count) {
    const Duration life = draw(failure_purpose_, *config_.time_to_failure, index, count);
    const WaitStatus lived = co_await world_.simulation.delay(life);
    if (lived != WaitStatus::done) co_return;
    const Duration repair = draw(repair_purpose_, config_.time_to_repair, index, count);
    world_.log(host.name, "failure",
               fmt::format("host fails after {}: repaired in {}", show(life), show(repair)));
    up_.change(world_.now(), -1);
    ++failures_;
    host.server->crash();
    const WaitStatus repaired = co_await world_.simulation.delay(repair);
    if (repaired != WaitStatus::done) co_return;
    up_.change(world_.now(), +1);
    host.server->restart();
    world_.log(host.name, "repair", "host runs again");
  }
}

// --- metering ----------------------------------------------------------------------------------------------

Duration HostFleet::cpu_time() const {
  Duration sum{};
  for (const Host& host : hosts_) sum += host.server->cpu_time();
  return sum;
}

Process HostFleet::sample() {
  for (;;) {
    const WaitStatus status = co_await world_.simulation.delay(step_);
    if (status != WaitStatus::done) co_return;
    take_sample();
  }
}

void HostFleet::take_sample() {
  const Time now = world_.now();
  const Duration cpu = cpu_time();
  const WideInt up = up_before_ + up_.integral(now);
  const double available = seconds(up - sampled_up_) * config_.vcpus;
  if (now > sampled_)
    utilization_.add_level(sampled_, now, available > 0 ? to_seconds(cpu - sampled_cpu_) / available : 0);
  sampled_ = now;
  sampled_cpu_ = cpu;
  sampled_up_ = up;
}

void HostFleet::begin_measurement() {
  up_before_ += up_.integral(world_.now());
  up_.reset(world_.now());
  for (const Host& host : hosts_) host.server->begin_measurement();
  measured_cpu_ = cpu_time();
  measured_unrouted_ = unrouted_;
  failures_ = 0;
}

void HostFleet::report(Report& report) const {
  FleetFigures figures{.turned_away = unrouted_ - measured_unrouted_,
                       .span = world_.now() - world_.warmup_end()};
  for (const Host& host : hosts_) host.server->add_to(figures.servers);
  report_servers(report, id_, figures);
  report_machines(report);
}

void HostFleet::report_machines(Report& report) const {
  const Time now = world_.now();
  const double span = to_seconds(now - world_.warmup_end());
  const double up = seconds(up_.integral(now));
  report.ratio({Scope::resource, id_, "utilization"}, "1", to_seconds(cpu_time() - measured_cpu_),
               up * config_.vcpus);
  report.ratio({Scope::resource, id_, "hosts.available"}, "1", up, span * config_.count);
  report.ratio({Scope::resource, id_, "failures.rate"}, "1/s", static_cast<double>(failures_), span);
  report.series(id_ + ".utilization", "1", utilization_);
}

void HostFleet::bill(UsageMeter& meter) const {
  const std::int64_t host_seconds = config_.count * (world_.run.duration.count() / 1'000'000'000);
  if (config_.priced_as) meter.add(id_, *config_.priced_as, host_seconds);
  if (config_.price_per_hour.nanos > 0)
    meter.add(id_, "HostHours", host_seconds,
              {.pico_usd = config_.price_per_hour.nanos * kPicoPerNano, .block = 3600, .unit = "Hrs"});
}

void HostFleet::audit(Audit& audit) const {
  Audit::Flow flow{.rejected = unrouted_};
  flow.arrived = unrouted_;
  std::string trouble;
  for (const Host& host : hosts_) {
    host.server->add_to(flow);
    trouble += host.server->audit();
  }
  audit.conservation("resources." + id_, flow);
  audit.add("balance: resources." + id_, trouble.empty(),
            trouble.empty() ? "requests, worker time and CPU time balance exactly" : trouble);
}

}  // namespace nephoscope::hosts
