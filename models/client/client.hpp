// Workloads: who calls the architecture, when, for what, and how patiently. See client.md.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/config/field_table.hpp"
#include "models/client/arrivals_config.hpp"
#include "models/common/call_policy.hpp"
#include "models/common/distribution_field.hpp"
#include "models/common/resource.hpp"

namespace nephoscope::client {

enum class KeyLaw : std::uint8_t { uniform, zipf };

// Which item a call is about.
struct KeysConfig {
  KeyLaw dist = KeyLaw::uniform;
  double exponent = 1;
  std::uint64_t count = 1;
  static const FieldTable<KeysConfig>& fields();
};

// One entry of `workloads`. Its call policy is that of the users' client.
struct WorkloadConfig final : ResourceConfig, CallPolicy {
  Reference target;
  ArrivalsConfig arrivals;
  std::optional<std::string> operation;
  std::vector<Named<Probability>> mix;
  std::vector<Named<std::int32_t>> priorities;
  std::optional<KeysConfig> keys;
  SizeDistribution request_size;
  std::uint32_t clients = 1;
  Duration start{};
  std::optional<Duration> stop;
  Probability objective{0.99};

  static const FieldTable<WorkloadConfig>& fields();
  void check(const Defined& defined, Diagnostics& diagnostics) const override;
  std::unique_ptr<Resource> build(World& world, const std::string& id) const override;
};

}  // namespace nephoscope::client

namespace nephoscope {

template <>
inline constexpr auto kEnumNames<client::KeyLaw> =
    enum_names<client::KeyLaw>({{"uniform", client::KeyLaw::uniform}, {"zipf", client::KeyLaw::zipf}});

}  // namespace nephoscope
