// How users find the architecture by its DNS name: by what their resolvers remember.
//
// A resolver keeps an answer for the record's TTL; some keep it longer than they may, and some for ever
// (Elastic Beanstalk Developer Guide, "Blue/Green deployments": wait until clients' caches have expired). A
// call is made by somebody whose resolver asked at a time that is uniform over its cache's life, so what
// share of the calls still goes to an old address falls linearly over the TTL after a change.
#pragma once

#include "engine/random/draws.hpp"
#include "models/common/distribution_field.hpp"
#include "models/common/dns.hpp"
#include "models/common/world.hpp"

namespace nephoscope::client {

// What is believed about resolvers.
struct ResolverConfig {
  Probability ignores_ttl{0.05};
  DurationDistribution stale_time = Duration(10min);
  Probability never_asks_again{0.01};
};

class Resolver final : public Endpoint {
 public:
  // REQUIRES: all outlive it. `id` is the workload's, `target` the resource that bears the name.
  Resolver(World& world, const std::string& id, const std::string& target, const DnsName& name,
           const ResolverConfig& config);

  void submit(const Request& request, ReplyId reply) override;
  // How long before `now` the caller of this call asked; Duration::max() for one that never asks again.
  Duration age(std::uint64_t number) const;

 private:
  Time asks_until(std::uint64_t number) const;

  World& world_;
  const DnsName& name_;
  const ResolverConfig& config_;
  Purpose purpose_;
  Purpose stale_purpose_;
  const StaleAnswers& stale_;
};

}  // namespace nephoscope::client
