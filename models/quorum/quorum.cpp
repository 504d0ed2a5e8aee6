#include "models/quorum/quorum.hpp"

#include "engine/queueing/level.hpp"
#include "models/common/compute.hpp"
#include "models/common/references.hpp"
#include "models/common/report.hpp"
#include "models/common/world.hpp"

namespace nephoscope::quorum {

namespace {

double seconds(WideInt nanoseconds) { return static_cast<double>(nanoseconds) * 1e-9; }

// Counts instances as they come up and go down.
class Quorum final : public Resource, public Endpoint, public InstanceListener {
 public:
  // REQUIRES: world and config outlive it.
  Quorum(World& world, const std::string& id, const QuorumConfig& config)
      : world_(world),
        config_(config),
        id_(id),
        self_(world.resources.intern("resources." + id)),
        lost_(world.errors.intern(kLost)) {}

  Endpoint* endpoint() override { return this; }
  void connect(const Wiring& wiring) override {
    for (const Reference& resource : config_.of) wiring.compute().watch(resource.id, *this);
  }

  void instance_changed(Instance&, InstanceEvent event) override {
    if (event != InstanceEvent::up && event != InstanceEvent::down) return;
    up_.change(world_.now(), event == InstanceEvent::up ? +1 : -1);
    const bool enough = up_.value() >= config_.at_least;
    if (enough == holds()) return;
    enough_.change(world_.now(), enough ? +1 : -1);
    if (!enough) ++losses_;
    world_.log(id_, "quorum", std::to_string(up_.value()) + (enough ? " up: enough" : " up: too few"));
  }

  void submit(const Request&, ReplyId reply) override {
    Response response;
    if (!holds()) {
      response.fault = Fault::transient;
      response.error = lost_;
      response.source = self_;
    }
    ++(response.ok() ? answered_ : refused_);
    world_.replies.answer(reply, response);
  }

  void begin_measurement() override {
    up_.reset(world_.now());
    enough_.reset(world_.now());
    losses_ = 0;
  }

  void report(Report& report) const override {
    const Time now = world_.now();
    const double span = to_seconds(now - world_.warmup_end());
    report.ratio({Scope::resource, id_, "up.mean"}, "1", seconds(up_.integral(now)), span);
    report.ratio({Scope::resource, id_, "quorum.share"}, "1", seconds(enough_.integral(now)), span);
    report.ratio({Scope::resource, id_, "quorum.losses"}, "1", static_cast<double>(losses_), 1);
  }

  void audit(Audit& audit) const override {
    audit.conservation("resources." + id_, {.arrived = answered_ + refused_,
                                            .completed = answered_,
                                            .failed = refused_,
                                            .rejected = 0,
                                            .in_flight = 0});
  }

 private:
  bool holds() const { return enough_.value() > 0; }

  World& world_;
  const QuorumConfig& config_;
  std::string id_;
  ResourceId self_;
  ErrorId lost_;
  Level up_;
  Level enough_;  // 1 while there are
  std::uint64_t losses_ = 0;
  std::uint64_t answered_ = 0;
  std::uint64_t refused_ = 0;
};

}  // namespace

const FieldTable<QuorumConfig>& QuorumConfig::fields() {
  using Q = QuorumConfig;
  static const auto table =
      FieldTable<Q>("Nephoscope::Quorum", "Whether at least k of some resources' instances are up.")
          .typed()
          .required(
              "of", &Q::of,
              {.doc = "the resources whose EC2 instances count", .min_items = 1, .refers_to = "resource"})
          .required("at_least", &Q::at_least, {.doc = "how many must be up", .min = 1});
  return table;
}

void QuorumConfig::check(const Defined& defined, Diagnostics& diagnostics) const {
  for (const Reference& resource : of)
    if (!owns_instances(resource.id, defined)) report_no_instances(resource, defined, diagnostics);
}

std::unique_ptr<Resource> QuorumConfig::build(World& world, const std::string& id) const {
  return std::make_unique<Quorum>(world, id, *this);
}

}  // namespace nephoscope::quorum
