// Node types of DAX: what one node can do.
//
// Throughput is in normalised requests a second, as AWS's sizing page counts: reads of up to 1 KB that the
// cache answers; what else costs is in units of these (ClusterConfig::miss_weight, write_weight). Sources:
// DynamoDB Developer Guide, "Sizing your DAX cluster" (r5: memory and capacity, which end at 1,000,000 a
// node); EC2 instance types of the same names (vCPUs). AWS names no capacity for the burstable t3, whose CPU
// credits are not modelled: they get what their baseline network bandwidth (EC2: 0.128 and 0.256 Gbit/s)
// carries of 1 KB, an assumption that `assume.node_throughput` replaces.
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/base/units.hpp"
#include "engine/config/field_type.hpp"

namespace nephoscope::dax {

enum class NodeType : std::uint8_t {
  t3_small,
  t3_medium,
  r5_large,
  r5_xlarge,
  r5_2xlarge,
  r5_4xlarge,
  r5_8xlarge,
  r5_12xlarge,
  r5_16xlarge,
  r5_24xlarge,
};

struct NodeTypeInfo {
  std::string_view name;  // "dax.r5.large"
  std::uint32_t vcpus = 2;
  Bytes memory;
  std::int64_t throughput = 0;  // normalised requests/s
};
const NodeTypeInfo& info(NodeType type);

}  // namespace nephoscope::dax

namespace nephoscope {
template <>
inline constexpr auto kEnumNames<dax::NodeType> = enum_names<dax::NodeType>({
    {"dax.t3.small", dax::NodeType::t3_small},
    {"dax.t3.medium", dax::NodeType::t3_medium},
    {"dax.r5.large", dax::NodeType::r5_large},
    {"dax.r5.xlarge", dax::NodeType::r5_xlarge},
    {"dax.r5.2xlarge", dax::NodeType::r5_2xlarge},
    {"dax.r5.4xlarge", dax::NodeType::r5_4xlarge},
    {"dax.r5.8xlarge", dax::NodeType::r5_8xlarge},
    {"dax.r5.12xlarge", dax::NodeType::r5_12xlarge},
    {"dax.r5.16xlarge", dax::NodeType::r5_16xlarge},
    {"dax.r5.24xlarge", dax::NodeType::r5_24xlarge},
});
}  // namespace nephoscope
