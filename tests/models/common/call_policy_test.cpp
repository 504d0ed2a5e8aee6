#include "models/common/call_policy.hpp"

#include <doctest/doctest.h>

#include <string>

namespace nephoscope {
namespace {

// A struct whose keys stand beside those of a call policy, as in a workload or a call step.
struct Step : CallPolicy {
  std::string callee;
  static const FieldTable<Step>& fields();
};

const FieldTable<Step>& Step::fields() {
  static const auto table =
      with_call_policy(FieldTable<Step>("step", "A step.").required("call", &Step::callee, {.doc = "whom"}));
  return table;
}

std::optional<Step> read(const std::string& text, std::string& rendered) {
  SourceSet sources;
  Diagnostics diagnostics;
  const Tree tree = parse_text(sources, "t.yaml", text, diagnostics);
  Context context(diagnostics);
  auto result = Step::fields().read(tree.root(), context);
  rendered = diagnostics.render(sources);
  return result;
}

TEST_CASE("call policy: its keys stand beside the keys of the struct that has it") {
  std::string text;
  const auto step = read(
      "{call: orders, timeout: 3s, deadline: 10s, retry: {mode: legacy, service: dynamodb}, pool: 5, "
      "breaker: {failures: 7}, hedge: 80ms}",
      text);
  REQUIRE_MESSAGE(step, text);
  CHECK(step->callee == "orders");
  CHECK(step->timeout == 3s);
  CHECK(step->deadline == Duration(10s));
  CHECK(step->retry.attempts() == 10);
  CHECK(step->pool->max_connections == 5);
  CHECK(step->breaker->failures == 7);
  CHECK(step->hedge->after == 80ms);
}

TEST_CASE("call policy: without keys an attempt waits 60 s and is not repeated") {
  std::string text;
  const auto step = read("{call: orders}", text);
  REQUIRE_MESSAGE(step, text);
  CHECK(step->timeout == 60s);
  CHECK(step->retry.attempts() == 1);
  CHECK_FALSE(step->pool);
  CHECK_FALSE(step->breaker);
  CHECK_FALSE(step->hedge);
}

TEST_CASE("call policy: a breaker opens by a count or by a rate, not by both") {
  std::string text;
  CHECK_FALSE(read("{call: orders, breaker: {failures: 5, failure_rate: 50%}}", text));
  CHECK(text.find("failure_rate") != std::string::npos);
}

TEST_CASE("call policy: a time-out of zero is reported") {
  std::string text;
  CHECK_FALSE(read("{call: orders, timeout: 0s}", text));
  CHECK(text.find("timeout") != std::string::npos);
}

}  // namespace
}  // namespace nephoscope
