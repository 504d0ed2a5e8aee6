#include "tests/models/application/fixture.hpp"

namespace nephoscope::application {
namespace {

// What is wrong with an application, in a scenario whose table `orders` knows GetItem and PutItem.
std::string diagnose(const std::string& yaml) {
  SourceSet sources;
  Diagnostics diagnostics;
  const Tree tree = parse_text(sources, "test", yaml, diagnostics);
  Context context(diagnostics);
  const auto config = ApplicationConfig::fields().read(tree.root(), context);
  Defined defined;
  defined.endpoints["orders"] = std::vector<std::string>{"GetItem", "PutItem"};
  defined.endpoints["legacy"] = std::nullopt;
  defined.resources = {{"orders", "Table"}, {"legacy", "Station"}, {"vpc", "Network"}};
  if (config) config->check(defined, diagnostics);
  return diagnostics.render(sources);
}
bool says(const std::string& yaml, const std::string& text) {
  const std::string found = diagnose(yaml);
  CAPTURE(found);
  return found.find(text) != std::string::npos;
}
std::string handler(const std::string& steps) { return "{handlers: {get: [" + steps + "]}}"; }

TEST_CASE("application: a well-formed application draws no diagnostic") {
  CHECK(diagnose(handler(
            "{call: orders.GetItem, timeout: 1s, retry: {mode: standard}}, {call: legacy.Anything}")) == "");
}

TEST_CASE("application: calls of unknown resources and operations are reported, nested ones too") {
  CHECK(says(handler("{call: order.GetItem}"), "no resource is named 'order'"));
  CHECK(says(handler("{call: order.GetItem}"), "did you mean 'orders'?"));
  CHECK(says(handler("{call: orders.GetItm}"), "did you mean 'GetItem'?"));
  CHECK(says(handler("{send: orders.Drop}"), "'orders' has no operation 'Drop'"));
  CHECK(says(handler("{repeat: {times: 2, steps: [{parallel: [{spawn: [{call: order.GetItem}]}]}]}}"),
             "no resource is named 'order'"));
  CHECK(says(handler("{call: orders.GetItem, on_error: [{call: order.GetItem}]}"),
             "no resource is named 'order'"));
  CHECK(says(handler("{call: vpc.Get}"), "expected a resource that takes requests"));
}

TEST_CASE("application: a call needs a resource and an operation") {
  CHECK(says(handler("{call: orders}"), "expected RESOURCE.OPERATION"));
}

TEST_CASE("application: an unknown step and an unknown key of a step are reported") {
  CHECK(says(handler("{compte: 1ms}"), "compute"));
  CHECK(says(handler("{call: orders.GetItem, tiemout: 1s}"), "did you mean 'timeout'?"));
}

TEST_CASE("application: what contradicts itself is reported") {
  CHECK(says(handler("{choose: [{share: 70%, steps: [{wait: 1ms}]}, {share: 40%, steps: [{wait: 1ms}]}]}"),
             "the shares sum to 110 %"));
  CHECK(says(handler("{parallel: {branches: [{wait: 1ms}], wait_for: 2}}"), "waits for 2 of 1 branches"));
  CHECK(says(handler("{cache: {hit_ratio: 50%, capacity: 3, on_miss: [{wait: 1ms}]}}"), "exactly one of"));
  CHECK(says(handler("{cache: {hit_ratio: 50%, ttl: 3s, on_miss: [{wait: 1ms}]}}"),
             "no meaning with 'hit_ratio'"));
  CHECK(says(handler("{repeat: {steps: [{wait: 1ms}]}}"), "missing key 'times' or 'until'"));
  CHECK(says("{handlers: {}}", "at least 1 needed"));
  CHECK(says("{handlers: {get: [{wait: 1ms}]}, versions: {v1: {leaks: {per_request: 1MiB}}}}",
             "needs the application's 'memory'"));
  CHECK(says("{handlers: {get: [{wait: 1ms}]}, versions: {v1: {incompatible_with: [v9]}}}",
             "unknown version 'v9'"));
  CHECK(says("{handlers: {get: [{wait: 1ms}]}, shedding: {by: priority}}", "missing key 'thresholds'"));
}

TEST_CASE("application: loops may not stand too deep in each other") {
  std::string steps = "{wait: 1ms}";
  for (int i = 0; i < 7; ++i) steps = "{repeat: {times: 2, steps: [" + steps + "]}}";
  CHECK(says(handler(steps), "more than 6 loops"));
}

TEST_CASE("application: handlers and versions are known by name, in order") {
  const ApplicationConfig config =
      read_application("{handlers: {get: [{wait: 1ms}], put: [{wait: 1ms}]}, versions: {v2: {}, v1: {}}}");
  CHECK(config.handler_names() == std::vector<std::string>{"get", "put"});
  CHECK(config.version_names() == std::vector<std::string>{"v2", "v1"});
}

TEST_CASE("application: calls of one callee with equal policies share a client, others do not") {
  Fixture f(handler("{call: db.A}, {call: db.B}, {call: db.C, timeout: 1s}, {call: other.A}"));
  const Program program = compile(f.config, f.world);
  CHECK(program.callers == 3);
  CHECK(program.calls[0].caller == program.calls[1].caller);
  CHECK(program.calls[0].caller != program.calls[2].caller);
}

}  // namespace
}  // namespace nephoscope::application
