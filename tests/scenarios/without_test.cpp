// A scenario that names a `without:` shows that something matters: as shipped its expectations hold, and with
// those changes they fail. Both runs are whole ones, through the command.
#include <doctest/doctest.h>
#include <sys/wait.h>

#include <cstdlib>

#include "tests/scenarios/shipped.hpp"

namespace nephoscope::shipped {
namespace {

// The exit status of `nephoscope run NAME FLAGS`.
int run(const std::string& name, const std::string& flags) {
  const std::string command = fmt::format("'{}' run '{}' --quiet --no-warn W001 {} > /dev/null",
                                          NEPHOSCOPE_BINARY, (kRoot / "scenarios" / name).string(), flags);
  const int status = std::system(command.c_str());
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST_CASE("scenarios: expectations hold as shipped and fail with the changes of `without:`") {
#if defined(__SANITIZE_ADDRESS__) || !defined(__OPTIMIZE__)
  return;  // whole runs take a sanitized build minutes
#endif
  for (const std::string& name : names()) {
    const Loaded base = load(name, {});
    if (!base.scenario || !base.scenario->has_without) continue;
    CAPTURE(name);
    CHECK(run(name, "") == 0);
    CHECK(run(name, "--without") == 1);
  }
}

TEST_CASE("scenarios: each failure names the changes under which it does not happen") {
  for (const std::string& name : names()) {
    if (!name.starts_with("failures/")) continue;
    CAPTURE(name);
    const Loaded base = load(name, {});
    if (base.scenario) CHECK(base.scenario->has_without);
  }
}

}  // namespace
}  // namespace nephoscope::shipped
