// An instance's states, and the phases between the API call and a serving application.
#include <fmt/format.h>

#include <algorithm>

#include "engine/base/check.hpp"
#include "engine/config/units.hpp"
#include "models/ec2/errors.hpp"
#include "models/ec2/instance.hpp"

namespace nephoscope::ec2 {
namespace {

constexpr Duration kBalanceKept = std::chrono::hours(7 * 24);  // of a stopped t3, t3a, t4g
constexpr Duration kSpotNotice = 120s;  // EC2 User Guide, Spot Instance interruption notices

bool is_legal(InstanceState from, InstanceState to) {
  return std::find(kTransitions.begin(), kTransitions.end(), std::pair(from, to)) != kTransitions.end();
}

// Whether an instance in this state counts against the account's vCPUs.
bool counts(InstanceState state) {
  return state == InstanceState::pending || state == InstanceState::running ||
         state == InstanceState::stopping;
}

std::int64_t& in_use(Region& region, Market market) { return region.vcpus[static_cast<int>(market)]; }

std::optional<CreditAccount> credit_account(const InstanceType& type, const LaunchConfig& config) {
  if (!type.credits) return std::nullopt;
  return CreditAccount(*type.credits, config.cpu_credits.value_or(type.credits->mode));
}

}  // namespace

Ec2Instance::Ec2Instance(Owner& owner, Placement& placement, const Identity& identity,
                         std::unique_ptr<ApplicationServer> server, InstanceListener& listener)
    : owner_(owner),
      region_(owner.region),
      world_(owner.region.world),
      config_(identity.spec.config),
      listener_(listener),
      name_(identity.name),
      type_name_(identity.type_name),
      type_(identity.type),
      entity_(identity.entity),
      placement_(placement),
      tenant_(identity.tenant),
      place_(identity.place),
      market_(identity.spec.market),
      member_(identity.spec.auto_scaling_member),
      auto_recovery_(identity.spec.auto_recovery),
      machine_(std::move(server), owner.gone),
      launched_at_(world_.now()),
      credits_(credit_account(type_, config_)) {
  for (Alarm* alarm : {&phase_, &spot_, &depletion_, &host_failure_, &system_failure_, &recovery_})
    alarm->instance = this;
}

// --- timers ------------------------------------------------------------------------------------------------

void Ec2Instance::Alarm::ring(void* context) {
  Alarm& alarm = *static_cast<Alarm*>(context);
  const Step step = std::exchange(alarm.step, nullptr);
  (alarm.instance->*step)();
}

void Ec2Instance::set(Alarm& alarm, Duration wait, Step step) {
  cancel(alarm);
  alarm.step = step;
  alarm.timer = world_.simulation.after(wait, Alarm::ring, &alarm);
}

void Ec2Instance::cancel(Alarm& alarm) {
  if (alarm.step == nullptr) return;
  world_.simulation.cancel(alarm.timer);
  alarm.step = nullptr;
}

Duration Ec2Instance::draw(Purpose purpose, const DurationDistribution& time, std::uint64_t count) const {
  Draws draws = world_.random.entity(purpose, entity_, count);
  return std::max(time.sample(draws), Duration{});
}

// --- states ------------------------------------------------------------------------------------------------

void Ec2Instance::enter(InstanceState next) {
  check(is_legal(state_, next), "ec2", "{} cannot go from state {} to {}", name_, static_cast<int>(state_),
        static_cast<int>(next));
  if (is_running()) end_running();
  in_use(region_, market_) += (counts(next) ? type_.vcpus : 0) - (counts(state_) ? type_.vcpus : 0);
  state_ = next;
  if (is_running()) return begin_running();  // it boots next
  show_life();
}

void Ec2Instance::notify(InstanceEvent event) {
  listener_.instance_changed(*this, event);
  for (InstanceListener* watcher : owner_.watchers) watcher->instance_changed(*this, event);
}

void Ec2Instance::show_life() {
  if (alive() == shown_alive_) return;
  shown_alive_ = alive();
  if (world_.network != nullptr) world_.network->set_host_up(place_, shown_alive_);
  const InstanceEvent event = shown_alive_ ? InstanceEvent::up : InstanceEvent::down;
  for (InstanceListener* watcher : owner_.watchers) watcher->instance_changed(*this, event);
}

void Ec2Instance::begin() {
  in_use(region_, market_) += type_.vcpus;
  machine_.set_reachable(false);
  set(phase_, draw(region_.purposes.launch, config_.launch_time, starts_), &Ec2Instance::launched);
}

void Ec2Instance::launched() {
  Draws luck = world_.random.entity(region_.purposes.launch_failure, entity_, 0);
  if (starts_ == 0 && luck.next_uniform() < region_.config.launch_failures.value) {
    ++owner_.counts.failures;
    world_.log(name_, "launch", "fails: pending -> terminated");
    enter(InstanceState::terminated);
    return end(InstanceEvent::terminated);
  }
  enter(InstanceState::running);
  boot();
  notify(InstanceEvent::running);
}

void Ec2Instance::begin_running() {
  running_since_ = settled_ = world_.now();
  cpu_settled_ = machine_.cpu_time();
  owner_.started(*this);
  status_ = StatusCheck::initializing;
  initialized_ = world_.now() +
                 draw(region_.purposes.initialization, region_.config.status_check_initialization, starts_);
  ++starts_;
  throttled_ = false;
  set_speed(1);
  if (credits_ && credits_->standard()) {
    const bool granted = type_.credits->launch_per_vcpu > 0 && region_.grant_launch_credits();
    credits_->start(type_.vcpus, granted);
    plan_speed();
  }
  plan_failures();
}

void Ec2Instance::end_running() {
  settle();
  if (credits_) credits_->stop(family() != "t2");
  owner_.ended(*this, world_.now() - *running_since_);
  for (Alarm* alarm : {&depletion_, &host_failure_, &system_failure_, &recovery_}) cancel(*alarm);
  system_impaired_ = false;
  host_down_since_.reset();
  system_down_since_.reset();
  system_failed_ = false;
}

// --- phases ------------------------------------------------------------------------------------------------

void Ec2Instance::boot() {
  went_down(system_down_since_);
  show_life();
  if (!powered()) return went_down(host_down_since_);
  system_failed_ = false;
  set(phase_, draw(region_.purposes.boot, config_.boot_time, boots_++), &Ec2Instance::booted);
}

void Ec2Instance::booted() {
  system_down_since_.reset();
  show_life();
  machine_.set_reachable(true);
  plan_failures();
  if (!bootstrapped_ && config_.has_downloads()) return world_.simulation.spawn(download());
  bootstrap();
}

// Another boot, or the end of the instance, leaves it behind.
Process Ec2Instance::download() {
  const std::uint64_t boot = boots_;
  const Bytes size = config_.image_size + config_.bundle_size;
  const Time began = world_.now();
  const bool came = co_await fetch(size);
  if (!came || boots_ != boot || !alive()) co_return;
  world_.log(name_, "launch",
             fmt::format("has read {} in {:.1f} s", show(size), to_seconds(world_.now() - began)));
  bootstrap();
}

Task<bool> Ec2Instance::fetch(Bytes size) {
  constexpr Duration pause = 5s;  // between tries: assumption
  Network* const network = world_.network;
  check(network != nullptr, "ec2", "{} has no network to read from", name_);
  const PlaceId store = network->region_place(world_.run.region);
  while (alive()) {
    const Transfer transfer = co_await network->transfer(store, place_, size);
    if (transfer.ok()) co_return true;
    if (transfer.end == TransferEnd::interrupted) co_return false;
    const WaitStatus status = co_await world_.simulation.delay(pause);
    if (status != WaitStatus::done) co_return false;
  }
  co_return false;
}

void Ec2Instance::bootstrap() {
  const DurationDistribution& time = bootstrapped_ ? config_.restart_time : config_.bootstrap_time;
  set(phase_, draw(region_.purposes.bootstrap, time, boots_), &Ec2Instance::serve);
}

void Ec2Instance::serve() {
  bootstrapped_ = true;
  machine_.restart();
  notify(InstanceEvent::application_started);
}

// Everything that runs on it ends.
void Ec2Instance::halt() {
  cancel(phase_);
  settle();
  machine_.crash();
}

// --- API actions -------------------------------------------------------------------------------------------

void Ec2Instance::terminate() {
  if (state_ == InstanceState::shutting_down || state_ == InstanceState::terminated) return;
  halt();
  cancel(spot_);
  enter(InstanceState::shutting_down);
  const Duration wait = draw(region_.purposes.stop, region_.config.terminate_time, 2 * starts_ + 1);
  set(phase_, wait, &Ec2Instance::terminated);
  notify(InstanceEvent::shutting_down);
}

void Ec2Instance::terminated() {
  enter(InstanceState::terminated);
  end(InstanceEvent::terminated);
}

void Ec2Instance::end(InstanceEvent event) {
  cancel(spot_);
  machine_.set_reachable(false);
  placement_.end(tenant_);
  owner_.terminated(*this);
  notify(event);
}

// A Spot Instance of a one-time request cannot be stopped.
void Ec2Instance::stop() {
  if (!is_running() || market_ == Market::spot) return;
  halt();
  enter(InstanceState::stopping);
  set(phase_, draw(region_.purposes.stop, region_.config.stop_time, 2 * starts_), &Ec2Instance::stopped);
  notify(InstanceEvent::stopping);
}

void Ec2Instance::stopped() {
  machine_.set_reachable(false);
  stopped_at_ = world_.now();
  placement_.leave(tenant_);
  enter(InstanceState::stopped);
  notify(InstanceEvent::stopped);
}

std::optional<LaunchFailure> Ec2Instance::why_not_start() {
  const auto& quota = region_.config.vcpu_quota;
  if (quota && in_use(region_, market_) + type_.vcpus > *quota) return LaunchFailure{"InstanceLimitExceeded"};
  if (!region_.at(zone()).has_capacity()) return LaunchFailure{kNoCapacity};
  return place_again();
}

// Normally on another host (EC2 User Guide, instance lifecycle); on the same one if there is no other.
std::optional<LaunchFailure> Ec2Instance::place_again() {
  auto failure = placement_.place(tenant_, site());
  if (failure && !host_failed_) failure = placement_.place(tenant_);
  if (tenant_.group != nullptr) tenant_.group->asked(failure);
  return failure;
}

void Ec2Instance::show_site() {
  if (world_.network != nullptr) world_.network->move_host(place_, site());
}

void Ec2Instance::start() {
  if (state_ != InstanceState::stopped) return;
  const auto failure = why_not_start();
  start_failure_ = failure ? failure->error : "";
  if (failure) return world_.log(name_, "start", "fails: " + failure->text());
  host_failed_ = false;
  show_site();
  world_.log(name_, "start", "on " + world_.show(site()));
  if (credits_ && world_.now() - stopped_at_ > kBalanceKept) credits_->stop(false);
  enter(InstanceState::pending);
  set(phase_, draw(region_.purposes.launch, config_.launch_time, starts_), &Ec2Instance::launched);
}

void Ec2Instance::reboot() {
  if (!is_running() || !powered()) return;
  halt();
  machine_.set_reachable(false);
  boot();
}

// Without power or operating system there is no agent. While the machine boots or bootstraps only the version
// changes: that start will be its own.
void Ec2Instance::restart_application(std::string_view version, Duration restart_time) {
  if (!is_running() || !powered() || system_failed_) return;
  const bool up = bootstrapped_ && !system_down_since_;
  if (up) halt();
  machine_.set_version(version);
  if (up) set(phase_, restart_time, &Ec2Instance::application_restarted);
}

void Ec2Instance::application_restarted() {
  machine_.restart();
  if (machine_.running()) notify(InstanceEvent::application_started);
}

// --- Spot --------------------------------------------------------------------------------------------------

void Ec2Instance::reclaim(Duration wait, Duration lead, bool noticed) {
  being_reclaimed_ = true;
  noticed_ = noticed;
  rebalance_lead_ = lead;
  set(spot_, wait, &Ec2Instance::recommend);
}

void Ec2Instance::recommend() {
  world_.log(name_, "spot", "rebalance recommendation");
  set(spot_, rebalance_lead_, &Ec2Instance::notice);
  notify(InstanceEvent::rebalance_recommendation);
}

void Ec2Instance::notice() {
  set(spot_, kSpotNotice, &Ec2Instance::end_by_reclaim);
  if (!noticed_) return;
  world_.log(name_, "spot", fmt::format("interruption notice: reclaimed in {}", show(kSpotNotice)));
  notify(InstanceEvent::interruption_notice);
}

void Ec2Instance::end_by_reclaim() {
  world_.log(name_, "spot", noticed_ ? "reclaimed" : "reclaimed without notice");
  terminate();
}

}  // namespace nephoscope::ec2
