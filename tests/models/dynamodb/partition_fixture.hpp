// A PartitionSet alone in a world, and loads for it.
#pragma once

#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "models/common/audit.hpp"
#include "models/common/world.hpp"
#include "models/dynamodb/partition_set.hpp"
#include "models/dynamodb/quota.hpp"

namespace nephoscope::dynamodb {

inline PartitionSettings provisioned(double reads, double writes) {
  PartitionSettings settings;
  settings.mode = BillingMode::provisioned;
  settings.provisioned = {.read = reads, .write = writes};
  return settings;
}

inline PartitionAssumptions generation(AdmissionGeneration admission) {
  PartitionAssumptions assumptions;
  assumptions.admission = admission;
  return assumptions;
}

// So many requests a second, evenly spaced, each of `units`, about the position that `where` gives for each.
struct Load {
  Access access = Access::write;
  double requests = 0;
  std::int64_t units = 1;
  std::function<Position(std::uint64_t)> where;
};

// All requests name one key, or each another.
inline Position one_key(std::uint64_t) { return position_of(7); }
inline Position even_keys(std::uint64_t number) { return position_of(number); }

struct Served {
  double admitted = 0, throttled = 0;  // units
  Time first_throttle = Time::max();
  std::map<ThrottlingReason, std::uint64_t> reasons;
  std::map<Bucket, std::uint64_t> buckets;
};

inline RunWindow one_day() {
  RunWindow run;
  run.duration = 24h;
  return run;
}

struct PartitionFixture {
  explicit PartitionFixture(const PartitionSettings& settings, const PartitionAssumptions& believed = {},
                            TableQuota* quota = nullptr, const RunWindow& run = one_day())
      : assumptions(believed), world(run, Seed{42}, 0), set(world, "orders", settings, assumptions, quota) {
    set.start();
  }

  Admission offer(const Demand& demand) {
    const Admission admission = set.judge(demand);
    if (admission.admitted())
      set.take(demand, admission);
    else
      set.refuse(demand, admission);
    return admission;
  }
  Admission offer(Access access, std::int64_t units, const Position& at = position_of(7)) {
    return offer(
        {.position = at, .key = 7, .access = access, .units = CapacityUnits::of(units), .number = ++number});
  }
  // From now on for so long.
  Served run(const Load& load, Duration span) {
    Served outcome;
    const Time begin = world.now();
    const auto count = static_cast<std::uint64_t>(load.requests * to_seconds(span));
    for (std::uint64_t i = 0; i < count; ++i) {
      world.simulation.run_until(begin + from_seconds(static_cast<double>(i) / load.requests));
      ++number;
      const Admission admission = offer({.position = load.where(number),
                                         .key = number,
                                         .access = load.access,
                                         .units = CapacityUnits::of(load.units),
                                         .number = number});
      if (admission.admitted()) {
        outcome.admitted += static_cast<double>(load.units);
        continue;
      }
      outcome.throttled += static_cast<double>(load.units);
      ++outcome.reasons[admission.reason];
      ++outcome.buckets[admission.bucket];
      outcome.first_throttle = std::min(outcome.first_throttle, world.now());
    }
    world.simulation.run_until(begin + span);
    return outcome;
  }
  void idle(Duration span) { world.simulation.run_until(world.now() + span); }
  void check_audits() const {
    Audit audit;
    set.audit(audit);
    CHECK(audit.lines().size() == 4);
    for (const AuditLine& line : audit.lines()) CHECK_MESSAGE(line.ok, line.name, ": ", line.detail);
  }
  std::size_t logged(const std::string& part) const {
    std::size_t found = 0;
    for (const LoggedEvent& event : world.events.events())
      found += event.text.find(part) != std::string::npos;
    return found;
  }

  PartitionAssumptions assumptions;
  World world;
  PartitionSet set;
  std::uint64_t number = 0;
};

}  // namespace nephoscope::dynamodb
