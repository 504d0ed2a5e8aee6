// Tags of resources, and faults that find their instances by them.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "models/replication.hpp"
#include "models/scenario.hpp"

namespace nephoscope {
namespace {

const std::string kTagged = R"(nephoscope: 1
name: tags
run: {duration: 30m, warmup: 1m, replications: 1}
applications: {app: {handlers: {get: [{compute: 1ms}]}, versions: {v1: {}, v2: {}}}}
workloads: {users: {target: one, arrivals: {rate: 1/s}}}
resources:
  one: {type: AWS::EC2::Instance, application: app, tags: {tier: web, team: a}}
  group: {type: AWS::AutoScaling::AutoScalingGroup, application: app, min_size: 1, max_size: 1, tags: {tier: web}}
  other: {type: AWS::EC2::Instance, application: app}
  shop:
    type: AWS::ElasticBeanstalk::Environment
    application: app
    tags: {tier: web, "cost center": 42}
)";

struct Tagged {
  std::optional<Scenario> scenario;
  std::string problems;
};

// The scenario with a fault of these keys.
Tagged with_fault(const std::string& keys, const std::string& text = kTagged) {
  SourceSet sources;
  Diagnostics diagnostics;
  auto scenario =
      parse_scenario(sources, "tags.yaml", text + "faults: {f: {" + keys + "}}\n", {}, diagnostics);
  std::string problems;
  for (const Diagnostic& each : diagnostics.sorted())
    problems += std::string(info(each.code).text) + " " + each.path + ": " + each.message + "; " + each.hint +
                "; " + each.help + "\n";
  return {std::move(scenario), problems};
}

// What the fault logged when it began.
std::string hit_by(const std::string& tags) {
  const auto [scenario, problems] =
      with_fault("at: 20m, action: aws:ec2:terminate-instances, resource_tags: " + tags);
  REQUIRE(problems == "");
  const Report report = run_replication(*scenario, 0);
  const auto begun = std::find_if(report.timeline.begin(), report.timeline.end(),
                                  [](const LoggedEvent& event) { return event.resource == "f"; });
  return begun == report.timeline.end() ? "nothing logged" : begun->text;
}

}  // namespace

TEST_CASE("tags: a fault hits the instances of all resources that have them, parts of composites too") {
  CHECK(hit_by("{tier: web}") == "shop/AutoScalingGroup/i-0, group/i-0, one/i-0: terminated");
  CHECK(hit_by("{tier: web, team: a}") == "one/i-0: terminated");
  CHECK(hit_by("{cost center: 42}") == "shop/AutoScalingGroup/i-0: terminated");
}

TEST_CASE("tags: what no resource has is reported, with what there is") {
  CHECK(with_fault("at: 1m, action: aws:ec2:reboot-instances, resource_tags: {tier: wbe}").problems ==
        "E031 faults.f.resource_tags: no resource with instances has the tags 'tier=wbe'; did you mean "
        "'tier=web'?; known: tier=web; tier=web, cost center=42; tier=web, team=a\n");
}

TEST_CASE("tags: they say what to hit instead of a target, and only of instances") {
  CHECK(with_fault("at: 1m, action: aws:ec2:reboot-instances, target: one, resource_tags: {tier: web}")
            .problems.starts_with("E015 "));
  CHECK(with_fault("at: 1m, duration: 1m, action: sim:dns-stale, resource_tags: {tier: web}").problems ==
        "E044 faults.f: sim:dns-stale does not hit instances; name its target instead; \n");
  CHECK(with_fault("at: 1m, duration: 1m, action: sim:az-power-loss, zone: us-east-1a, "
                   "resource_tags: {tier: web}")
            .problems.starts_with("E044 "));
}

TEST_CASE("tags: a version of a fault must be one of the tagged resources' application") {
  CHECK(with_fault("at: 1m, action: sim:bad-version, resource_tags: {tier: web}, version: v2").problems ==
        "");
  CHECK(with_fault("at: 1m, action: sim:bad-version, resource_tags: {tier: web}, version: v3")
            .problems.starts_with("E031 faults.f.version"));
}

TEST_CASE("tags: AWS's limits hold for keys and values") {
  const auto tagged = [](const std::string& tags) {
    std::string text = kTagged;
    const std::string old = "{tier: web, team: a}";
    return with_fault("at: 1m, action: aws:ec2:reboot-instances, target: one",
                      text.replace(text.find(old), old.size(), tags))
        .problems;
  };
  const std::string longest_key(128, 'k'), longest_value(256, 'v');
  CHECK(tagged("{" + longest_key + ": " + longest_value + "}") == "");
  CHECK(tagged("{" + longest_key + "k: a}").starts_with("E023 "));
  CHECK(tagged("{a: " + longest_value + "v}").starts_with("E023 "));
  std::string greek;  // of two bytes each
  for (int i = 0; i < 256; ++i) greek += "\u03b1";
  CHECK(tagged("{a: " + greek + "}") == "");
  CHECK(tagged("{\"aws:name\": a}").starts_with("E044 "));
}

}  // namespace nephoscope
