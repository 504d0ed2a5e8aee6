#include "models/ec2/instance_resource.hpp"

#include "tests/models/ec2/fixture.hpp"

namespace nephoscope::ec2 {
namespace {

class FakeGroup final : public TargetGroup {
 public:
  TargetId add(const Target& target, TargetListener*) override {
    targets.push_back(target);
    return TargetId(static_cast<std::uint32_t>(targets.size() - 1));
  }
  void remove(TargetId target) override { removed.push_back(target); }
  TargetState state(TargetId) const override { return TargetState::healthy; }
  MetricName request_count_per_target() const override { return {}; }
  std::vector<Target> targets;
  std::vector<TargetId> removed;
};

struct Built {
  explicit Built(Fixture& f) : resource(f.config.build(f.world, "web")) { resource->connect(f); }
  std::unique_ptr<Resource> resource;
};

TEST_CASE("ec2: an instance of its own launches at the start and takes requests") {
  Fixture f("assume: {launch_time: 5s, boot_time: 10s, bootstrap_time: 15s}");
  Built web(f);
  FakeGroup group;
  web.resource->fleet()->attach(group);
  web.resource->start();
  f.run(1min);
  REQUIRE(f.service.instances("web").size() == 1);
  Instance& instance = *f.service.instances("web")[0];
  CHECK(instance.zone() == ZoneId(0));
  REQUIRE(group.targets.size() == 1);
  CHECK(group.targets[0].server == &instance.server());
  CHECK(group.targets[0].name == "web/i-0");
  Request request;
  request.operation = f.world.operations.intern("get");
  web.resource->endpoint()->submit(request, f.world.replies.open());
  f.run(2min);
  CHECK(f.metric("throughput") == doctest::Approx(1.0 / 120));
  instance.terminate();
  CHECK(group.removed.size() == 1);
  CHECK(f.world.events.events().back().text == "serves 30.0 s after the launch call");
}

TEST_CASE("ec2: an instance of its own stands in its zone, and its launch is tried again each minute") {
  Fixture f("availability_zone: us-east-1b, assume: {" + kAtOnce + "}");
  Built web(f);
  f.service.set_capacity(ZoneId(1), false);
  web.resource->start();
  Request request;
  web.resource->endpoint()->submit(request, f.world.replies.open());
  f.run(90s);
  CHECK(f.service.instances("web").empty());
  f.service.set_capacity(ZoneId(1), true);
  f.run(2min);
  REQUIRE(f.service.instances("web").size() == 1);
  CHECK(f.service.instances("web")[0]->zone() == ZoneId(1));
  Audit audit;
  web.resource->audit(audit);
  REQUIRE(audit.lines().size() == 1);
  CHECK(audit.lines()[0].ok);
}

TEST_CASE("ec2: an instance that declines recovery stays impaired") {
  Fixture f("auto_recovery: disabled, assume: {" + kAtOnce + "}", "{assume: {time_to_system_failure: 10m}}");
  Built web(f);
  web.resource->start();
  f.run(1h);
  CHECK(f.service.instances("web")[0]->status_check() == StatusCheck::impaired);
}

std::string diagnose(const std::string& yaml) {
  SourceSet sources;
  Diagnostics diagnostics;
  const Tree tree = parse_text(sources, "test", yaml, diagnostics);
  Context context(diagnostics);
  const auto config = InstanceConfig::fields().read(tree.root(), context);
  Defined defined;
  defined.zones = {"us-east-1a", "us-east-1b"};
  defined.applications["shop"] = {"browse"};
  defined.versions["shop"] = {"v1", "v2"};
  if (config) config->check(defined, diagnostics);
  return diagnostics.render(sources);
}

TEST_CASE("ec2: unknown instance types, zones and versions are reported with what was probably meant") {
  CHECK(diagnose("{application: shop, availability_zone: us-east-1b, version: v2}") == "");
  const std::string type = diagnose("{application: shop, instance_type: m6i.lagre}");
  CHECK(type.find("unknown instance type 'm6i.lagre'") != std::string::npos);
  CHECK(type.find("did you mean 'm6i.large'?") != std::string::npos);
  CHECK(diagnose("{application: shop, availability_zone: c}").find("no Availability Zone is named 'c'") !=
        std::string::npos);
  CHECK(diagnose("{application: shop, version: v3}").find("no version of 'shop' is named 'v3'") !=
        std::string::npos);
}

}  // namespace
}  // namespace nephoscope::ec2
