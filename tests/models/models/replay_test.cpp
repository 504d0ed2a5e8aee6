// Real traffic at full resolution, where its files are present (they are not part of the repository).
#include <doctest/doctest.h>

#include <filesystem>
#include <string>

#include "models/replication.hpp"
#include "models/scenario.hpp"

using namespace nephoscope;

namespace {

const std::filesystem::path kData = std::filesystem::path(NEPHOSCOPE_SOURCE_DIR) / ".." / "shared" / "data";

// Calls made by a workload that replays `file` for `duration`, times `scale`.
std::uint64_t replayed(const std::string& file, const std::string& duration, int scale) {
  const std::string text = "nephoscope: 1\nname: replay\nrun: {duration: " + duration +
                           ", warmup: 0s, replications: 1}\nworkloads:\n" +
                           "  visitors: {target: web, arrivals: {trace: " + file +
                           ", scale: " + std::to_string(scale) + "}}\n" +
                           "resources:\n  web: {type: Nephoscope::Station, servers: 9, service: 10ms}\n";
  SourceSet sources;
  Diagnostics diagnostics;
  LoadOptions options;
  options.data_dir = kData.string();
  const auto scenario = parse_scenario(sources, "replay.yaml", text, options, diagnostics);
  REQUIRE_MESSAGE(scenario.has_value(), diagnostics.render(sources));
  const Report report = run_replication(*scenario, 0);
  for (const AuditLine& line : report.audits) CHECK_MESSAGE(line.ok, line.name, ": ", line.detail);
  return report.requests;
}

}  // namespace

TEST_CASE("replay: a fortnight of a load balancer's five-minute counts comes out to the last request") {
  if (!std::filesystem::exists(kData)) return;
  CHECK(replayed("aws_elb_request_count_2014-04.csv", "1212000s", 2) == 2 * 249'327);
}

TEST_CASE("replay: a launch week's counts by the minute come out to the last request") {
  if (!std::filesystem::exists(kData)) return;
  CHECK(replayed("nasa_http_1995-07-10_week.csv", "604800s", 1) == 557'493);
}
