// An application: a program that runs on compute, as one entry of a scenario's `applications:`.
//
// A server (one running copy) has `concurrency` worker slots in front of a line of `backlog` places. A
// request holds a worker from the start of its handler to its end, also while the handler waits for a callee.
// CPU work is shared evenly over the server's vCPUs. See application.md for what is modelled and what is not.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/config/field_table.hpp"
#include "models/application/steps.hpp"
#include "models/common/distribution_field.hpp"
#include "models/common/resource.hpp"
#include "models/common/server.hpp"

namespace nephoscope::application {

// Names of the errors with which a server itself answers. AWS has none for applications; these are ours.
// All are transient faults (HTTP 5xx or a broken connection) but kUnknownOperation, a client fault (404).
inline constexpr std::string_view kOverloaded = "Overloaded";  // 503: no worker and no waiting place
inline constexpr std::string_view kShed = "LoadShed";          // 503: turned away on purpose
inline constexpr std::string_view kConnectionRefused = "ConnectionRefused";  // the server is not running
inline constexpr std::string_view kConnectionReset = "ConnectionReset";      // it crashed while at work
inline constexpr std::string_view kVersionError = "InternalServerError";     // 500: a version's error_rate
inline constexpr std::string_view kIncompatible = "IncompatibleVersion";     // 500: two versions disagree
inline constexpr std::string_view kUnhealthy = "Unhealthy";                  // 503: to a health check
inline constexpr std::string_view kUnknownOperation = "UnknownOperation";    // 404: there is no such handler

// The operation by which others probe a server's health. An application may have a handler of this name;
// without one a probe takes a worker and is answered at once.
inline constexpr std::string_view kHealthCheck = "health_check";

enum class WorkerLine : std::uint8_t { fifo, priority };

enum class ShedBy : std::uint8_t { priority, queue_age, deadline };

// From which share of occupied places (workers and backlog together) on a priority is turned away.
struct ShedThreshold {
  std::int32_t priority = 0;
  Probability occupancy;
};

struct SheddingConfig {
  ShedBy by = ShedBy::queue_age;
  Duration max_queue_age = 1s;
  std::vector<ShedThreshold> thresholds;  // by rising priority number
  static const FieldTable<SheddingConfig>& fields();
};

// How a version loses memory or life until it crashes.
struct LeakConfig {
  Bytes per_request;
  std::optional<Duration> dies_after;  // of uptime
  static const FieldTable<LeakConfig>& fields();
};

struct VersionConfig {
  Probability error_rate;
  bool fails_fast = false;
  double slow_factor = 1;
  bool fails_health_checks = false;
  std::optional<LeakConfig> leaks;
  bool crashes_at_boot = false;
  std::vector<std::string> incompatible_with;
  static const FieldTable<VersionConfig>& fields();
};

struct ApplicationConfig {
  std::uint32_t concurrency = 200;
  std::uint32_t backlog = 100;
  std::optional<Bytes> memory;
  WorkerLine discipline = WorkerLine::fifo;
  std::optional<SheddingConfig> shedding;
  std::vector<Named<Steps>> handlers;
  std::vector<Named<VersionConfig>> versions;
  Bytes base_memory;
  DurationDistribution restart_time = Duration(10s);
  SizeDistribution response_size;

  static const FieldTable<ApplicationConfig>& fields();

  std::vector<std::string> handler_names() const;
  std::vector<std::string> version_names() const;
  // Reports calls of resources or operations that do not exist.
  void check(const Defined& defined, Diagnostics& diagnostics) const;
  // The application of one replication. `id` is its key in the scenario; this config must outlive it.
  std::unique_ptr<Application> build(World& world, const std::string& id) const;
};

}  // namespace nephoscope::application

namespace nephoscope {

template <>
inline constexpr auto kEnumNames<application::WorkerLine> = enum_names<application::WorkerLine>(
    {{"fifo", application::WorkerLine::fifo}, {"priority", application::WorkerLine::priority}});
template <>
inline constexpr auto kEnumNames<application::ShedBy> =
    enum_names<application::ShedBy>({{"priority", application::ShedBy::priority},
                                     {"queue_age", application::ShedBy::queue_age},
                                     {"deadline", application::ShedBy::deadline}});

// A map of priority numbers to shares: {0: 100%, 1: 80%}.
template <>
struct FieldType<std::vector<application::ShedThreshold>> {
  using Thresholds = std::vector<application::ShedThreshold>;
  static std::optional<Thresholds> read(const Node& node, Context& context, const FieldRules& rules);
  static std::string show(const Thresholds& thresholds);
  static std::string type_name() { return "map of priority to share"; }
  static void schema(Json& out, SchemaBook& book, const FieldRules& rules);
};

}  // namespace nephoscope
