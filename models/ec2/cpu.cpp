// An instance's CPU: what it uses, the credits that it spends, the speed that they leave.
#include <fmt/format.h>

#include <algorithm>

#include "engine/config/units.hpp"
#include "models/ec2/instance.hpp"

namespace nephoscope::ec2 {
namespace {

constexpr Duration kStep = 1min;       // between settlements
constexpr Duration kShortest = 1s;     // so long a nearly empty balance is not looked at again
constexpr double kReleaseShare = 0.1;  // of a minute of all vCPUs: a balance that ends throttling
constexpr Duration kLogEach = 1h;

}  // namespace

bool Region::grant_launch_credits() {
  constexpr std::size_t most = 100;
  while (!granted.empty() && granted.front() + 24h <= world.now()) granted.pop_front();
  if (granted.size() >= most) return false;
  granted.push_back(world.now());
  return true;
}

double Ec2Instance::consumed() const {
  return consumed_ + to_seconds(machine_.cpu_time() - cpu_settled_) * speed_;
}

// Busy time counts at any speed; what is used of the CPU is busy time x speed.
void Ec2Instance::settle() {
  if (!is_running()) return;
  const Time now = world_.now();
  const Duration cpu = machine_.cpu_time();
  const double busy = to_seconds(cpu - cpu_settled_);
  const double used = busy * speed_;
  const Duration span = now - settled_;
  consumed_ += used;
  cpu_settled_ = cpu;
  settled_ = now;
  if (!credits_) return;
  credits_->pass(span, {used / 60});
  if (span > Duration{}) busy_ = busy / to_seconds(span);
  if (credits_->standard()) plan_speed();
}

// Standard mode without credits: the baseline at first, then no more CPU than is earned. What is earned in a
// minute is spread over the vCPUs that were busy in the last step, at least one; with all of them busy that
// is the baseline.
double Ec2Instance::throttled_speed() const {
  const double speed = credits_->earned_per_minute() / std::max(busy_, 1.0);
  return std::clamp(speed, credits_->baseline().value, 1.0);
}

void Ec2Instance::plan_speed() {
  if (throttled_ && credits_->left().count >= kReleaseShare * type_.vcpus) throttled_ = false;
  const bool begins = !throttled_ && credits_->exhausted();
  throttled_ = throttled_ || begins;
  const double baseline = credits_->baseline().value;
  set_speed(begins ? baseline : throttled_ ? throttled_speed() : 1.0);
  if (!throttled_) plan_depletion();
  if (!begins || (throttle_logged_ && world_.now() - *throttle_logged_ < kLogEach)) return;
  throttle_logged_ = world_.now();
  world_.log(name_, "credits",
             fmt::format("CPU credits are spent: throttled to {} of each vCPU", show(credits_->baseline())));
}

// With all vCPUs busy, the balance could end before the next settlement.
void Ec2Instance::plan_depletion() {
  const double drain = type_.vcpus - credits_->earned_per_minute();
  const double minutes = credits_->left().count / drain;
  cancel(depletion_);
  if (minutes >= to_seconds(kStep) / 60) return;
  set(depletion_, std::max(from_seconds(minutes * 60), kShortest), &Ec2Instance::settle);
}

void Ec2Instance::set_speed(double speed) {
  if (speed == speed_) return;
  speed_ = speed;
  machine_.set_speed(speed * degradation_);
}

// What a degraded CPU does not get done still counts as busy, and costs credits.
void Ec2Instance::set_degradation(double cpu_speed) {
  degradation_ = cpu_speed;
  machine_.set_speed(speed_ * cpu_speed);
}

void Ec2Instance::end_credit_hour() {
  if (credits_ && is_running()) credits_->end_hour();
}

std::optional<double> Ec2Instance::take_cpu_percent(Time from) {
  const Duration span = world_.now() - std::max(from, *running_since_);
  const double total = consumed();
  const double used = total - std::exchange(shown_consumed_, total);
  if (span <= Duration{}) return std::nullopt;
  return 100 * used / (to_seconds(span) * type_.vcpus);
}

Credits Ec2Instance::take_credits_spent() {
  const double total = credits_->spent().count;
  return {total - std::exchange(shown_spent_, total)};
}

Bytes Ec2Instance::take_bytes_sent() {
  const Bytes total = machine_.bytes_sent();
  return Bytes(total.count - std::exchange(shown_sent_, total).count);
}

}  // namespace nephoscope::ec2
