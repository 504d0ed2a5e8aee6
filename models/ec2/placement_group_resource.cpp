#include "models/ec2/placement_group_resource.hpp"

namespace nephoscope::ec2 {
namespace {

using G = PlacementGroupConfig;

void check_group(const G& group, const Node& node, Context& context) {
  const Node* count = node.find("partition_count");
  const Node* level = node.find("spread_level");
  if (count != nullptr && group.strategy != PlacementStrategy::partition)
    context.report_key(Code::inconsistent, *count, "only a partition placement group has partitions", "",
                       "leave it out, or set 'strategy: partition'");
  if (level != nullptr && group.strategy != PlacementStrategy::spread)
    context.report_key(Code::inconsistent, *level, "only a spread placement group has a spread level", "",
                       "leave it out, or set 'strategy: spread'");
  else if (group.spread_level == SpreadLevel::host)
    context.report(Code::inconsistent, *level, "groups are spread over hosts on AWS Outposts only", "",
                   "leave it out: in a Region instances are spread over racks");
}

}  // namespace

const FieldTable<G>& G::fields() {
  const auto own = []<class B, class M>(M B::*member) { return static_cast<M G::*>(member); };
  using S = PlacementGroupSettings;
  static const auto table =
      FieldTable<G>("AWS::EC2::PlacementGroup", "How instances that are launched into it lie on racks.")
          .typed()
          .required("strategy", own(&S::strategy),
                    {.doc = "close together in one zone; in partitions that share no rack; each on a rack of "
                            "its own",
                     .source = "EC2 User Guide, placement groups"})
          .field("partition_count", own(&S::partition_count),
                 {.doc = "partitions of a partition group, in each zone",
                  .source = "EC2 User Guide, placement groups: 7 a zone; default as in Terraform's "
                            "aws_placement_group",
                  .min = 1,
                  .max = static_cast<int>(kMostPartitions)})
          .field("spread_level", &G::spread_level,
                 {.doc = "of a spread group: rack (host exists on AWS Outposts only)",
                  .source = "CloudFormation, AWS::EC2::PlacementGroup"})
          .validate(check_group);
  return table;
}

std::unique_ptr<Resource> G::build(World&, const std::string& id) const {
  return std::make_unique<PlacementGroupResource>(id, *this);
}

}  // namespace nephoscope::ec2
