// What is wrong with a placement group, or with launches into it, is said before anything runs.
#include <string>
#include <vector>

#include "models/common/resource.hpp"
#include "models/ec2/ec2.hpp"
#include "models/ec2/placement_group_resource.hpp"
#include "tests/support/read_config.hpp"

namespace nephoscope::ec2 {
namespace {

std::vector<std::string> messages(const Diagnostics& diagnostics) {
  std::vector<std::string> found;
  for (const Diagnostic& each : diagnostics.sorted()) found.push_back(each.message);
  return found;
}

// Launches of `types` into group "pg", with such settings.
std::vector<std::string> problems(const PlacementGroupSettings& settings, const std::string& launch,
                                  std::vector<std::string> types = {"m6i.large"}, std::size_t zones = 1,
                                  std::int64_t least = 1) {
  const auto config = read_config<InstanceConfig>("{application: app, " + launch + "}");
  Defined defined;
  defined.placement_groups["pg"] = settings;
  defined.resources["web"] = "AWS::EC2::Instance";
  Diagnostics diagnostics;
  check_placement({.launch = config, .types = std::move(types), .zones = zones, .least = least}, defined,
                  diagnostics);
  return messages(diagnostics);
}

template <class Config>
std::vector<std::string> problems_of(const std::string& yaml) {
  SourceSet sources;
  Diagnostics diagnostics;
  const Tree tree = parse_text(sources, "test", yaml, diagnostics);
  Context context(diagnostics, &sources);
  Config::fields().read(tree.root(), context);
  return messages(diagnostics);
}

const PlacementGroupSettings kCluster{.strategy = PlacementStrategy::cluster};
const PlacementGroupSettings kSpread{.strategy = PlacementStrategy::spread};
const PlacementGroupSettings kThreeParts{.strategy = PlacementStrategy::partition, .partition_count = 3};
using Texts = std::vector<std::string>;

TEST_CASE("placement checks: launches into no group, or into one that exists, are fine") {
  CHECK(problems(kCluster, "instance_type: t3.micro").empty());
  CHECK(problems(kCluster, "placement_group: pg").empty());
  CHECK(problems(kThreeParts, "placement_group: pg, partition_number: 3").empty());
  CHECK(problems(kSpread, "placement_group: pg", {"t3.micro"}, 3, 21).empty());
}

TEST_CASE("placement checks: a group must exist and be one") {
  CHECK(problems(kCluster, "placement_group: pq") == Texts{"no placement group is named 'pq'"});
  CHECK(problems(kCluster, "placement_group: web") ==
        Texts{"'web' is AWS::EC2::Instance; expected a placement group"});
}

TEST_CASE("placement checks: a partition that the group does not have") {
  CHECK(problems(kThreeParts, "placement_group: pg, partition_number: 4") ==
        Texts{"'pg' has 3 partitions, and no partition 4"});
  CHECK(problems(kSpread, "placement_group: pg, partition_number: 1") ==
        Texts{"'pg' is no partition placement group, so it has no partition 1"});
}

TEST_CASE("placement checks: a cluster group takes no burstable type and no second zone") {
  CHECK(problems(kCluster, "placement_group: pg", {"m6i.large", "t3.micro"}) ==
        Texts{"cluster placement groups do not take t3.micro instances"});
  CHECK(problems(kCluster, "placement_group: pg", {"m6i.large"}, 2) ==
        Texts{"cluster placement group 'pg' lies in one Availability Zone, not in 2"});
}

TEST_CASE("placement checks: more instances than a spread group can have") {
  // 3 x 7 = 21.
  CHECK(
      problems(kSpread, "placement_group: pg", {"m6i.large"}, 3, 22) ==
      Texts{
          "spread placement group 'pg' has at most 21 running instances, 7 in a zone, but 22 are asked for"});
}

TEST_CASE("placement checks: a partition number without a group") {
  CHECK(problems_of<InstanceConfig>("{application: app, partition_number: 1}") ==
        Texts{"partition of which placement group?"});
}

TEST_CASE("placement checks: settings of other strategies") {
  const std::string type = "{type: AWS::EC2::PlacementGroup, ";
  CHECK(problems_of<PlacementGroupConfig>(type + "strategy: partition, partition_count: 7}").empty());
  CHECK(problems_of<PlacementGroupConfig>(type + "strategy: spread, spread_level: rack}").empty());
  CHECK(problems_of<PlacementGroupConfig>(type + "strategy: spread, spread_level: host}") ==
        Texts{"groups are spread over hosts on AWS Outposts only"});
  CHECK(problems_of<PlacementGroupConfig>(type + "strategy: spread, partition_count: 2}") ==
        Texts{"only a partition placement group has partitions"});
  CHECK(problems_of<PlacementGroupConfig>(type + "strategy: cluster, spread_level: rack}") ==
        Texts{"only a spread placement group has a spread level"});
  CHECK(problems_of<PlacementGroupConfig>(type + "strategy: partition, partition_count: 8}").size() == 1);
}

}  // namespace
}  // namespace nephoscope::ec2
