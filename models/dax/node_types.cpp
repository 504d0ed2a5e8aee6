#include "models/dax/node_types.hpp"

#include <array>

namespace nephoscope::dax {
namespace {

constexpr Bytes gib(std::int64_t count) { return Bytes(count << 30); }

constexpr std::array<NodeTypeInfo, 10> kTypes = {{
    {"dax.t3.small", 2, gib(2), 16'000},
    {"dax.t3.medium", 2, gib(4), 32'000},
    {"dax.r5.large", 2, gib(16), 75'000},
    {"dax.r5.xlarge", 4, gib(32), 150'000},
    {"dax.r5.2xlarge", 8, gib(64), 300'000},
    {"dax.r5.4xlarge", 16, gib(128), 600'000},
    {"dax.r5.8xlarge", 32, gib(256), 1'000'000},
    {"dax.r5.12xlarge", 48, gib(384), 1'000'000},
    {"dax.r5.16xlarge", 64, gib(512), 1'000'000},
    {"dax.r5.24xlarge", 96, gib(768), 1'000'000},
}};

}  // namespace

const NodeTypeInfo& info(NodeType type) { return kTypes[static_cast<std::size_t>(type)]; }

}  // namespace nephoscope::dax
