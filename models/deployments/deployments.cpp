#include "models/deployments/deployments.hpp"

#include <fmt/format.h>

#include "engine/config/units.hpp"
#include "models/common/deployment.hpp"
#include "models/common/instance_type.hpp"
#include "models/common/report.hpp"
#include "models/common/world.hpp"

namespace nephoscope::deployments {

namespace {

std::string_view word(DeploymentOutcome outcome) {
  switch (outcome) {
    case DeploymentOutcome::succeeded:
      return "succeeded";
    case DeploymentOutcome::failed:
      return "failed";
    case DeploymentOutcome::rolled_back:
      return "rolled back";
    case DeploymentOutcome::cancelled:
      break;
  }
  return "cancelled";
}

class Deployment final : public Resource, public DeploymentListener {
 public:
  Deployment(World& world, const std::string& id, const DeploymentConfig& config)
      : world_(world), config_(config), id_(id) {}

  void connect(const Wiring& wiring) override { target_ = &wiring.deployment_target(config_.target.id); }

  void start() override {
    world_.simulation.after(
        config_.at, [](void* deployment) { static_cast<Deployment*>(deployment)->begin(); }, this);
  }

  void deployment_ended(const std::string&, DeploymentOutcome outcome) override {
    if (outcome_) return redeployed(outcome);
    outcome_ = outcome;
    took_ = world_.now() - (Time{} + config_.at);
    log(fmt::format("{} after {}", word(outcome), show(took_)));
    if (outcome != DeploymentOutcome::failed || !config_.redeploy_after || !config_.version)
      return world_.end_occasion(id_);
    world_.simulation.after(
        *config_.redeploy_after, [](void* deployment) { static_cast<Deployment*>(deployment)->redeploy(); },
        this);
  }

  void report(Report& report) const override {
    const auto add = [&](const char* name, const char* unit, double value, double count) {
      report.ratio({Scope::resource, id_, name}, unit, value, count);
    };
    add("rolled_back", "1", outcome_ == DeploymentOutcome::rolled_back ? 1 : 0, 1);
    add("succeeded", "1", outcome_ == DeploymentOutcome::succeeded ? 1 : 0, 1);
    add("time_to_ship", "s", outcome_ == DeploymentOutcome::succeeded ? to_seconds(took_) : 0,
        outcome_ == DeploymentOutcome::succeeded ? 1 : 0);
  }

 private:
  void begin() {
    version_before_ = target_->deployed_version();
    if (!config_.version) {
      log(fmt::format("changes the instances of {} to {}", config_.target.id, *config_.instance_type));
      return target_->change_instance_type(id_, *config_.instance_type, *this);
    }
    log(fmt::format("ships {} to {}", config_.version->id, config_.target.id));
    target_->deploy(id_, config_.version->id, *this);
  }
  void redeploy() {
    log(fmt::format("ships {} to {} once more",
                    version_before_.empty() ? "the first version" : version_before_, config_.target.id));
    target_->deploy(id_, version_before_, *this);
  }
  void redeployed(DeploymentOutcome outcome) {
    log(fmt::format("shipping the version before: {}", word(outcome)));
    world_.end_occasion(id_);
  }
  void log(std::string text) { world_.log(id_, "deployment", std::move(text)); }

  World& world_;
  const DeploymentConfig& config_;
  std::string id_;
  DeploymentTarget* target_ = nullptr;
  std::optional<DeploymentOutcome> outcome_;
  Duration took_{};
  std::string version_before_;
};

}  // namespace

namespace {

void check_type(const DeploymentConfig& config, const Node& node, Context& context) {
  if (config.instance_type) check_instance_type(node, context);
}

}  // namespace

const FieldTable<DeploymentConfig>& DeploymentConfig::fields() {
  using D = DeploymentConfig;
  static const auto table =
      FieldTable<D>("deployment", "A version that is shipped at a given time.")
          .required("at", &D::at, {.doc = "when it begins, from the run's start"})
          .required("target", &D::target, {.doc = "where the version goes", .refers_to = "resource"})
          .field("version", &D::version,
                 {.doc = "of the application that the target runs", .refers_to = "version"})
          .field("instance_type", &D::instance_type,
                 {.doc = "a change of configuration: the target's instances are exchanged for such ones"})
          .exactly_one_of({"version", "instance_type"})
          .assume("redeploy_after", &D::redeploy_after,
                  {.doc = "until somebody ships the version before once more, after a deployment that failed "
                          "and was not rolled back; none = nobody does",
                   .source = "assumption: nobody acts"})
          .validate(&check_type);
  return table;
}

void DeploymentConfig::check(const Defined& defined, Diagnostics& diagnostics) const {
  const auto fleet = defined.fleets.find(target.id);
  if (instance_type && defined.deployment_targets.contains(target.id) &&
      !defined.instance_type_targets.contains(target.id))
    return diagnostics.add(
        {Code::inconsistent, target.place, target.path,
         fmt::format("the instance type of '{}' cannot be changed by a deployment", target.id),
         "of an AWS::ElasticBeanstalk::Environment it can", ""});
  if (fleet != defined.fleets.end() && defined.deployment_targets.contains(target.id))
    return check_application({.id = fleet->second, .place = target.place, .path = target.path}, version,
                             defined, diagnostics);
  const auto other = defined.resources.find(target.id);
  if (other != defined.resources.end())
    return report_wrong_reference(target, "a resource that versions can be shipped to", other->second,
                                  diagnostics);
  std::vector<std::string_view> known;
  for (const std::string& id : defined.deployment_targets) known.emplace_back(id);
  report_unknown_reference(target, "resource that versions can be shipped to", known, diagnostics);
}

std::unique_ptr<Resource> DeploymentConfig::build(World& world, const std::string& id) const {
  return std::make_unique<Deployment>(world, id, *this);
}

}  // namespace nephoscope::deployments
