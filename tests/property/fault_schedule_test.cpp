// Whatever befalls an architecture, no audit and no check breaks.
//
// Short form: 60 architectures. Long form, NEPHOSCOPE_LONG=1: 500. NEPHOSCOPE_SEED=N: only that one, and its
// scenario is printed.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdlib>
#include <string>

#include "engine/base/check.hpp"
#include "models/replication.hpp"
#include "models/scenario.hpp"
#include "tests/property/architecture.hpp"

namespace nephoscope::property {
namespace {

// What is wrong with a run of this scenario; empty if nothing is.
std::string trouble_in(const std::string& text) {
  SourceSet sources;
  Diagnostics diagnostics;
  const auto scenario = parse_scenario(sources, "random.yaml", text, {}, diagnostics);
  if (!scenario) return diagnostics.render(sources);
  try {
    for (const AuditLine& line : run_replication(*scenario, 0).audits)
      if (!line.ok) return line.name + ": " + line.detail;
  } catch (const CheckFailure& failure) {
    return failure.what();
  }
  return "";
}

int architectures() {
  if (std::getenv("NEPHOSCOPE_LONG") != nullptr) return 500;
#if defined(__SANITIZE_ADDRESS__) || !defined(__OPTIMIZE__)
  return 10;
#else
  return 60;
#endif
}

void try_seed(std::uint64_t seed) {
  const std::string trouble = trouble_in(Architecture(seed).text());
  if (!trouble.empty()) FAIL_CHECK(fmt::format("NEPHOSCOPE_SEED={}: {}", seed, trouble));
}

TEST_CASE("property: random faults break no audit and no check of random architectures") {
  if (const char* const seed = std::getenv("NEPHOSCOPE_SEED")) {
    const auto number = std::strtoull(seed, nullptr, 10);
    fmt::print("{}", Architecture(number).text());
    return try_seed(number);
  }
  for (int seed = 1; seed <= architectures(); ++seed) try_seed(static_cast<std::uint64_t>(seed));
}

TEST_CASE("property: an architecture is a function of its seed, and seeds differ") {
  CHECK(Architecture(7).text() == Architecture(7).text());
  CHECK(Architecture(7).text() != Architecture(8).text());
}

}  // namespace
}  // namespace nephoscope::property
