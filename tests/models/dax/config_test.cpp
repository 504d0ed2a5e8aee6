#include "tests/models/dax/fixture.hpp"

namespace nephoscope::dax {
namespace {

std::string problems(const std::string& yaml, const Defined& defined) {
  SourceSet sources;
  Diagnostics diagnostics;
  const Tree tree = parse_text(sources, "test", yaml, diagnostics);
  Context context(diagnostics, &sources);
  const auto config = ClusterConfig::fields().read(tree.root(), context);
  if (config) config->check(defined, diagnostics);
  return diagnostics.render(sources);
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

Defined with_table() {
  Defined defined;
  defined.resources = {{"orders", "AWS::DynamoDB::Table"}, {"db", "Nephoscope::Station"}};
  defined.zones = {"us-east-1a"};
  defined.endpoints["orders"] = std::vector<std::string>{"get", "put"};
  return defined;
}

}  // namespace

TEST_CASE("dax: a cluster understands what its table understands") {
  const auto config = read_config<ClusterConfig>(cluster_yaml("node_type: dax.r5.large", ""));
  CHECK(config.operations(with_table()) == std::vector<std::string>{"get", "put"});
  CHECK(config.operations(Defined{}) == std::nullopt);
}

TEST_CASE("dax: only a table of the scenario can be behind it, in its zones, with at most eleven nodes") {
  CHECK(problems(cluster_yaml("node_type: dax.r5.large", ""), with_table()).empty());
  CHECK(has(problems("{type: AWS::DAX::Cluster, table: db, node_type: dax.r5.large}", with_table()),
            "Nephoscope::Station"));
  CHECK(has(problems("{type: AWS::DAX::Cluster, table: order, node_type: dax.r5.large}", with_table()),
            "orders"));
  CHECK(has(problems(cluster_yaml("node_type: dax.r5.huge", ""), with_table()), "dax.r5.large"));
  CHECK(
      has(problems(cluster_yaml("node_type: dax.r5.large, replication_factor: 12", ""), with_table()), "11"));
  CHECK(has(
      problems(cluster_yaml("node_type: dax.r5.large, availability_zones: [us-east-1x]", ""), with_table()),
      "us-east-1x"));
}

}  // namespace nephoscope::dax
