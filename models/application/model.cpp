#include "models/application/model.hpp"

#include <algorithm>

#include "engine/base/check.hpp"
#include "models/application/server.hpp"

namespace nephoscope::application {

Shared::Shared(World& world_, const std::string& id_, const ApplicationConfig& config_)
    : world(world_),
      id(id_),
      config(config_),
      program(compile(config_, world_)),
      errors(world_.errors),
      purposes(id_),
      health_check(world_.operations.intern(kHealthCheck)),
      locks(world_.simulation),
      caches(make_caches(program, CacheScope::shared)) {
  for (const auto& version : config.versions)
    versions.push_back({.name = version.id, .config = &version.value, .incompatible = {}});
  if (versions.empty()) versions.push_back({.name = "", .config = &unnamed, .incompatible = {}});
  for (RunningVersion& version : versions)
    for (const std::string& other : version.config->incompatible_with)
      version.incompatible.push_back(version_index(other));
}

std::uint32_t Shared::version_index(std::string_view name) const {
  if (name.empty()) return 0;
  const auto place =
      std::find_if(versions.begin(), versions.end(), [&](const auto& each) { return each.name == name; });
  check(place != versions.end(), "application", "'{}' has no version '{}'", id, name);
  return static_cast<std::uint32_t>(place - versions.begin());
}

double Shared::share_incompatible(const RunningVersion& version) const {
  std::uint32_t others = 0;
  for (const std::uint32_t other : version.incompatible) others += versions[other].servers;
  return servers == 0 ? 0 : static_cast<double>(others) / servers;
}

std::vector<std::unique_ptr<LruCache>> make_caches(const Program& program, CacheScope scope) {
  std::vector<std::unique_ptr<LruCache>> caches(program.caches.size());
  for (std::size_t i = 0; i < caches.size(); ++i) {
    const CacheSite& site = program.caches[i];
    if (site.capacity > 0 && site.scope == scope)
      caches[i] = std::make_unique<LruCache>(LruCacheOptions{.capacity = site.capacity, .ttl = site.ttl});
  }
  return caches;
}

void ApplicationModel::connect(const Wiring& wiring) {
  for (const CallSite& site : shared_.program.calls) {
    shared_.callees.push_back(&wiring.endpoint(site.resource));
    shared_.callee_ids.push_back(shared_.world.resources.intern("resources." + site.resource));
  }
}

std::unique_ptr<ApplicationServer> ApplicationModel::launch(const ServerOptions& options) {
  return std::make_unique<Server>(shared_, options);
}

}  // namespace nephoscope::application
