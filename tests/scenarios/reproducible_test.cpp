// The command writes the same results, byte for byte but for the wall time, whatever the number of workers
// and the processor's instructions.
#include <doctest/doctest.h>
#include <sys/wait.h>

#include <nlohmann/json.hpp>

#include "tests/models/study/temporary_folder.hpp"
#include "tests/scenarios/shipped.hpp"

namespace nephoscope::shipped {
namespace {

// Runs the golden run of a scenario; the results without their wall time.
std::string results_of(const std::string& name, const std::string& environment, int workers) {
  const TemporaryFolder folder;
  const Loaded base = load(name, {});
  REQUIRE(base.scenario.has_value());
  std::string command =
      fmt::format("{} '{}' run '{}' --quiet --workers {} -o '{}'", environment, NEPHOSCOPE_BINARY,
                  (kRoot / "scenarios" / name).string(), workers, folder.path().string());
  for (const PathValue& change : golden_overrides(*base.scenario))
    command +=
        fmt::format(" --set {}={}", change.path, change.path == "run.replications" ? "2" : change.value);
  const int status = std::system((command + " >/dev/null").c_str());
  REQUIRE(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) <= 3);  // expectations may fail in a shortened run; invalid is 2
  CHECK(WEXITSTATUS(status) != 2);
  Json results = Json::parse(read_text(folder.path() / "results.json"));
  CHECK(results.erase("wall_seconds") == 1);
  return results.dump(1);
}

// Those that show one service each, unless there is time for all. A sanitized debug build, some 20 times
// slower, takes one; that it computes the same is what goldens say.
std::vector<std::string> names_to_run() {
#if defined(__SANITIZE_ADDRESS__) || !defined(__OPTIMIZE__)
  return {"services/autoscaling.yaml"};
#else
  std::vector<std::string> chosen = names();
  if (std::getenv("NEPHOSCOPE_LONG") == nullptr)
    std::erase_if(chosen, [](const std::string& name) { return !name.starts_with("services/"); });
  return chosen;
#endif
}

TEST_CASE(
    "scenarios: one worker without fused multiplication and AVX2 gives the same bytes as two with them") {
  for (const std::string& name : names_to_run()) {
    CAPTURE(name);
    const std::string plain = results_of(name, "GLIBC_TUNABLES=glibc.cpu.hwcaps=-FMA,-AVX2", 1);
    CHECK((plain == results_of(name, "", 2)));
  }
}

}  // namespace
}  // namespace nephoscope::shipped
