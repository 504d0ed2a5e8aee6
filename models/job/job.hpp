// Nephoscope::DistributedJob: a program of stages that runs on the instances of a fleet.
//
// A request is one run of the job. Runs take turns. A stage runs tasks on the workers' vCPUs, then moves
// their output from all to all, or lets the workers compute in step; then comes the next. See job.md.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/config/field_table.hpp"
#include "models/common/distribution_field.hpp"
#include "models/common/resource.hpp"

namespace nephoscope::job {

enum class Neighbours : std::uint8_t { ring, all };

// A tightly coupled program: in each round all workers compute, then each exchanges a message with each of
// its neighbours, and nobody goes on before everybody has its messages.
struct ExchangeConfig {
  std::int64_t rounds = 1;
  DurationDistribution compute;  // of each worker in each round
  Bytes size;                    // of a message
  Neighbours neighbours = Neighbours::ring;
  static const FieldTable<ExchangeConfig>& fields();
};

struct StageConfig {
  std::optional<Reference> handler;   // of the workers' application: what a task does
  std::optional<std::int64_t> tasks;  // none = one for each vCPU of the workers
  std::optional<Bytes> shuffle;       // the output of all tasks together
  std::optional<ExchangeConfig> exchanges;
  static const FieldTable<StageConfig>& fields();
};

struct DistributedJobConfig final : ResourceConfig {
  Reference workers;
  std::int64_t min_workers = 1;
  std::int64_t max_attempts = 4;
  std::vector<Named<StageConfig>> stages;
  std::int64_t fetch_parallelism = 5;
  double straggler_factor = 1.5;

  static const FieldTable<DistributedJobConfig>& fields();
  void check(const Defined& defined, Diagnostics& diagnostics) const override;
  std::unique_ptr<Resource> build(World& world, const std::string& id) const override;
  bool takes_requests() const override { return true; }
  bool has_flows() const override { return true; }
  std::optional<std::vector<std::string>> operations(const Defined&) const override;
};

}  // namespace nephoscope::job

namespace nephoscope {
template <>
inline constexpr auto kEnumNames<job::Neighbours> = enum_names<job::Neighbours>({
    {"ring", job::Neighbours::ring},
    {"all", job::Neighbours::all},
});
}  // namespace nephoscope
