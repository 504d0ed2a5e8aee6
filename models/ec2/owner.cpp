#include "models/ec2/owner.hpp"

#include <algorithm>

#include "models/common/server_report.hpp"
#include "models/ec2/instance.hpp"

namespace nephoscope::ec2 {
namespace {

double seconds(WideInt nanoseconds) { return static_cast<double>(nanoseconds) * 1e-9; }

}  // namespace

Owner::Owner(Region& region_, std::string id_)
    : region(region_),
      id(std::move(id_)),
      self(region.world.resources.intern("resources." + id)),
      footprint(region.config, region.zones.size()),
      running_series_(region.world.run),
      cpu_series_({.origin = Time{}, .width = series_step(region.world.run)}),
      balance_series_({.origin = Time{}, .width = series_step(region.world.run)}) {}

// --- what instances tell -----------------------------------------------------------------------------------

void Owner::started(const Ec2Instance& instance) {
  const Time now = region.world.now();
  running_.change(now, +1);
  vcpus_.change(now, instance.instance_type().vcpus);
}

void Owner::ended(const Ec2Instance& instance, Duration ran) {
  const Time now = region.world.now();
  running_.change(now, -1);
  vcpus_.change(now, -instance.instance_type().vcpus);
  usage.add_period(instance, ran);
}

void Owner::terminated(Ec2Instance& instance) {
  live.erase(std::find(live.begin(), live.end(), &instance));
  ending.push_back(&instance);
  ++ended_instances;
  ended_consumed_ += instance.consumed();
  if (!instance.credits()) return;
  ended_charged_ += instance.credits()->charged().count;
  ended_spent_ += instance.credits()->spent().count;
  ended_imbalance_ += instance.credits()->imbalance();
  usage.credits[instance.family()] += instance.credits()->charged().count;
}

void Owner::retire_servers() {
  std::erase_if(ending, [](Ec2Instance* instance) {
    if (!instance->machine().idle()) return false;
    instance->machine().retire();
    return true;
  });
}

// --- sums --------------------------------------------------------------------------------------------------

double Owner::consumed() const {
  double sum = ended_consumed_;
  each([&](const Ec2Instance& instance) { sum += instance.consumed(); });
  return sum;
}

double Owner::charged() const {
  double sum = ended_charged_;
  each([&](const Ec2Instance& instance) {
    if (instance.credits()) sum += instance.credits()->charged().count;
  });
  return sum;
}

WideInt Owner::vcpu_time() const { return vcpus_before_ + vcpus_.integral(region.world.now()); }

// --- series ------------------------------------------------------------------------------------------------

void Owner::sample_series() {
  const Time now = region.world.now();
  running_series_.sample(now, running_);
  const double used = consumed();
  const WideInt time = vcpu_time();
  if (time > sampled_vcpu_time_ && now > sampled_)
    cpu_series_.add_level(sampled_, now, (used - sampled_consumed_) / seconds(time - sampled_vcpu_time_));
  sampled_ = now;
  sampled_consumed_ = used;
  sampled_vcpu_time_ = time;
}

void Owner::sample_credits() {
  double sum = 0;
  double count = 0;
  each([&](const Ec2Instance& instance) {
    if (!instance.credits() || !instance.is_running()) return;
    sum += instance.credits()->balance().count;
    ++count;
  });
  if (count == 0) return;
  balance_sum_ += sum;
  balance_samples_ += count;
  balance_series_.add(region.world.now(), sum / count);
}

void Owner::begin_measurement() {
  const Time now = region.world.now();
  sample_series();
  running_before_ += running_.integral(now);
  vcpus_before_ += vcpus_.integral(now);
  running_.reset(now);
  vcpus_.reset(now);
  running_series_.level_was_reset();
  footprint.begin_measurement(now);
  for (const auto* list : {&live, &ending})
    for (Ec2Instance* instance : *list) instance->machine().begin_measurement();
  gone.statistics = {};
  gone.late_before = gone.late;
  counts_before_ = counts;
  consumed_before_ = consumed();
  charged_before_ = charged();
  balance_sum_ = balance_samples_ = 0;
}

// --- reports -----------------------------------------------------------------------------------------------

void Owner::report(Report& report) const {
  const World& world = region.world;
  FleetFigures figures{.servers = gone.statistics,
                       .turned_away = gone.late - gone.late_before,
                       .span = world.now() - world.warmup_end()};
  for (const auto* list : {&live, &ending})
    for (const Ec2Instance* instance : *list) instance->machine().add_to(figures.servers);
  report_servers(report, id, figures);
  report_instances(report);
  if (burstable) report_credits(report);
}

void Owner::report_instances(Report& report) const {
  const World& world = region.world;
  const double span = to_seconds(world.now() - world.warmup_end());
  const double vcpu_seconds = seconds(vcpus_.integral(world.now()));
  const double instance_seconds = seconds(running_.integral(world.now()));
  const double used = consumed() - consumed_before_;
  const auto add = [&](const char* name, double numerator, double denominator) {
    report.ratio({Scope::resource, id, name}, "1", numerator, denominator);
  };
  add("utilization", used, vcpu_seconds);
  add("CPUUtilization", used, vcpu_seconds);
  add("instances.mean", instance_seconds, span);
  add("instance_hours", instance_seconds / 3600, 1);
  add("launches", static_cast<double>(counts.launches - counts_before_.launches), 1);
  add("launches.failed", static_cast<double>(counts.failures - counts_before_.failures), 1);
  footprint.report(report, id, world.now());
  report.series(id + ".CPUUtilization", "1", cpu_series_);
  report.series(id + ".instances", "1", running_series_.series());
}

void Owner::report_credits(Report& report) const {
  report.ratio({Scope::resource, id, "CPUCreditBalance"}, "1", balance_sum_, balance_samples_);
  report.ratio({Scope::resource, id, "CPUSurplusCreditsCharged"}, "1", charged() - charged_before_, 1);
  report.series(id + ".CPUCreditBalance", "1", balance_series_);
}

// --- audits ------------------------------------------------------------------------------------------------

void Owner::audit(Audit& audit) const {
  Audit::Flow flow = gone.flow;
  flow.arrived += gone.late;
  flow.rejected += gone.late;
  std::string trouble = gone.trouble;
  for (const auto* list : {&live, &ending})
    for (const Ec2Instance* instance : *list) {
      instance->machine().add_to(flow);
      trouble += instance->machine().audit();
    }
  audit.conservation("resources." + id, flow);
  audit.add("balance: resources." + id, trouble.empty(),
            trouble.empty() ? "requests, worker time and CPU time balance exactly" : trouble);
  audit.add("instances: resources." + id, launched == live.size() + ended_instances,
            fmt::format("{} launched = {} live + {} terminated", launched, live.size(), ended_instances));
  audit_billing(audit);
  if (burstable) audit_credits(audit);
}

void Owner::audit_credits(Audit& audit) const {
  double imbalance = ended_imbalance_;
  double spent = ended_spent_;
  each([&](const Ec2Instance& instance) {
    if (!instance.credits()) return;
    imbalance += instance.credits()->imbalance();
    spent += instance.credits()->spent().count;
  });
  const double tolerance = 1e-6 * (1 + spent);
  audit.add("credits: resources." + id, imbalance < tolerance && imbalance > -tolerance,
            fmt::format("{:.6g} CPU credits spent; earned and spent differ from balances by {:.3g}", spent,
                        imbalance));
}

}  // namespace nephoscope::ec2
