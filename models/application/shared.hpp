// What all servers of one application have in common.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "models/application/application.hpp"
#include "models/application/lock_table.hpp"
#include "models/application/program.hpp"
#include "models/common/lru_cache.hpp"
#include "models/common/world.hpp"

namespace nephoscope::application {

struct Errors {
  explicit Errors(Interner<ErrorTag>& names)
      : overloaded(names.intern(kOverloaded)),
        shed(names.intern(kShed)),
        refused(names.intern(kConnectionRefused)),
        reset(names.intern(kConnectionReset)),
        version(names.intern(kVersionError)),
        incompatible(names.intern(kIncompatible)),
        unhealthy(names.intern(kUnhealthy)),
        unknown_operation(names.intern(kUnknownOperation)) {}
  ErrorId overloaded, shed, refused, reset, version, incompatible, unhealthy, unknown_operation;
};

// Draws of one application do not depend on which server serves a request.
struct Purposes {
  explicit Purposes(std::string_view id)
      : step(Purpose("application.step").of(id)),
        key(Purpose("application.key").of(id)),
        size(Purpose("application.size").of(id)),
        version(Purpose("application.version").of(id)),
        incompatible(Purpose("application.incompatible").of(id)),
        restart(Purpose("application.restart").of(id)),
        response_size(Purpose("application.response_size").of(id)) {}
  Purpose step, key, size, version, incompatible, restart, response_size;
};

// A version and how many servers run it now.
struct RunningVersion {
  std::string name;
  const VersionConfig* config = nullptr;
  std::vector<std::uint32_t> incompatible;  // indices of other versions
  std::uint32_t servers = 0;
};

struct Shared {
  Shared(World& world_, const std::string& id_, const ApplicationConfig& config_);
  Shared(const Shared&) = delete;
  Shared& operator=(const Shared&) = delete;

  // Index of a version; the empty name is the first one's. REQUIRES: it is declared.
  std::uint32_t version_index(std::string_view name) const;
  // Share of the running servers whose version disagrees with `version`.
  double share_incompatible(const RunningVersion& version) const;

  World& world;
  std::string id;
  const ApplicationConfig& config;
  Program program;
  Errors errors;
  Purposes purposes;
  OperationId health_check;
  std::vector<Endpoint*> callees;                 // by call site; set when the scenario is wired
  std::vector<ResourceId> callee_ids;             // by call site
  LockTable locks;                                // those of scope global
  std::vector<std::unique_ptr<LruCache>> caches;  // by cache site; null unless of scope shared
  std::vector<RunningVersion> versions;
  std::uint32_t servers = 0;  // running now
  VersionConfig unnamed;      // of an application that declares no versions
};

// A cache for each site of this scope that looks keys up, null for the others.
std::vector<std::unique_ptr<LruCache>> make_caches(const Program& program, CacheScope scope);

}  // namespace nephoscope::application
