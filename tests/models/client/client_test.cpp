#include "models/client/client.hpp"

#include <string>

#include "tests/models/client/fixture.hpp"

namespace nephoscope::client {
namespace {

Defined shop() {
  Defined defined;
  defined.resources = {{"front", "Nephoscope::Hosts"}, {"logs", "AWS::Logs::LogGroup"}};
  defined.applications["shop"] = {"browse", "buy"};
  defined.endpoints["front"] = std::vector<std::string>{"browse", "buy"};
  return defined;
}

// What checking a workload against the shop reports.
std::string trouble(const std::string& text) {
  SourceSet sources;
  Diagnostics diagnostics;
  const Tree tree = parse_text(sources, "t.yaml", text, diagnostics);
  Context context(diagnostics);
  const auto config = WorkloadConfig::fields().read(tree.root(), context);
  if (config) config->check(shop(), diagnostics);
  return diagnostics.render(sources);
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_CASE("client: a workload of the design's example is understood") {
  const ReadResult read = read_workload(
      "{target: front, arrivals: {profile: {step: 15m, rates: [420/s, 510/s]}}, mix: {browse: 80%, buy: "
      "20%}, "
      "timeout: 3s, retry: {mode: standard, max_attempts: 3}}");
  REQUIRE_MESSAGE(read.config, read.diagnostics);
  CHECK(read.config->target.id == "front");
  CHECK(read.config->timeout == 3s);
  CHECK(read.config->retry.mode == RetryMode::standard);
  CHECK(read.config->arrivals.profile->rates.size() == 2);
  CHECK(read.config->mix.size() == 2);
}

TEST_CASE("client: a well-formed workload passes its check") {
  CHECK(trouble("{target: front, arrivals: 1/s, mix: {browse: 80%, buy: 20%}}").empty());
  CHECK(trouble("{target: front, arrivals: 1/s, operation: buy}").empty());
}

TEST_CASE("client: shares that do not add up to 100 % are reported") {
  const std::string text = trouble("{target: front, arrivals: 1/s, mix: {browse: 80%, buy: 30%}}");
  CHECK(contains(text, "the shares add up to 110%"));
}

TEST_CASE("client: a target that does not exist draws a suggestion") {
  const std::string text = trouble("{target: fronr, arrivals: 1/s}");
  CHECK(contains(text, "did you mean 'front'?"));
}

TEST_CASE("client: a target that takes no requests is reported") {
  CHECK(contains(trouble("{target: logs, arrivals: 1/s}"),
                 "'logs' is AWS::Logs::LogGroup; expected a resource that takes requests"));
  CHECK(contains(trouble("{target: shop, arrivals: 1/s}"),
                 "'shop' is an application; expected a resource that takes requests"));
}

TEST_CASE("client: an operation that the target does not understand is reported") {
  const std::string text = trouble("{target: front, arrivals: 1/s, mix: {browse: 80%, by: 20%}}");
  CHECK(contains(text, "'front' understands no operation 'by'"));
  CHECK(contains(text, "did you mean 'buy'?"));
}

TEST_CASE("client: an unknown operation is pointed at, not its target") {
  const std::string text = trouble("{target: front, arrivals: 1/s, operation: by}");
  CHECK(contains(text, "t.yaml:1:43   (operation)"));
  CHECK(contains(text, "'front' understands no operation 'by'"));
}

TEST_CASE("client: where the target understands several operations one must be named") {
  CHECK(contains(trouble("{target: front, arrivals: 1/s}"), "which are called?"));
}

TEST_CASE("client: a priority of an operation that is never called is reported") {
  const std::string text = trouble("{target: front, arrivals: 1/s, operation: buy, priorities: {browse: 1}}");
  CHECK(contains(text, "this workload never calls 'browse'"));
}

TEST_CASE("client: a workload that stops before it starts is reported") {
  CHECK(contains(trouble("{target: front, arrivals: 1/s, operation: buy, start: 5s, stop: 5s}"),
                 "stops before it starts"));
}

TEST_CASE("client: an exponent of uniform keys is reported") {
  CHECK(contains(trouble("{target: front, arrivals: 1/s, operation: buy, keys: {count: 5, exponent: 2}}"),
                 "'exponent' has no meaning for uniform keys"));
}

}  // namespace
}  // namespace nephoscope::client
