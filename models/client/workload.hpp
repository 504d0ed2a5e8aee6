// A running workload: makes calls when they are due, and measures them.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/process.hpp"
#include "engine/random/arrivals.hpp"
#include "engine/random/draws.hpp"
#include "engine/random/keys.hpp"
#include "models/client/client.hpp"
#include "models/client/measurement.hpp"
#include "models/client/resolver.hpp"
#include "models/common/call.hpp"
#include "models/common/resource.hpp"
#include "models/common/world.hpp"

namespace nephoscope::client {

class Workload final : public Resource {
 public:
  // REQUIRES: world and config outlive the workload.
  Workload(World& world, const std::string& id, const WorkloadConfig& config);

  void connect(const Wiring& wiring) override;
  void start() override;
  void report_drained(Report& report) const override;
  void audit(Audit& audit) const override;

 private:
  // One operation of the mix.
  struct Operation {
    OperationId id;
    std::int32_t priority = 0;
    double up_to = 1;  // the mix's shares up to and including this one
  };

  void add_operations();
  Endpoint& address(const Wiring& wiring);
  Process arrive();
  Process use(std::uint32_t user);
  Process serve_arrival(std::uint64_t number);

  Request request(std::uint64_t number) const;
  const Operation& choose(std::uint64_t number) const;
  // Who hears of failures that retries hide, for a call that arrives now: nobody if it is not measured.
  CallObserver* observer(Time arrival);
  Caller& next_client() { return callers_[turn_++ % callers_.size()]; }
  void begin(Time arrival);
  void end(Time arrival, const CallResult& result);

  World& world_;
  const WorkloadConfig& config_;
  std::string id_;
  ResourceId self_;
  PlaceId place_;       // of the callers
  Time first_;          // arrivals come from here
  Time last_;           // ... to before here
  std::uint64_t hash_;  // of the workload: where its calls' numbers come from
  std::optional<ArrivalProcess> arrivals_;
  std::vector<Operation> operations_;
  std::optional<ZipfKeys> keys_;
  std::optional<Resolver> resolver_;  // if the target's address may change
  std::deque<Caller> callers_;
  std::uint64_t turn_ = 0;
  Measurement measurement_;
  std::uint64_t arrived_ = 0;  // since the start, as are the others
  std::uint64_t succeeded_ = 0;
  std::uint64_t failed_ = 0;
  std::uint64_t shed_ = 0;  // failed on the caller's own side
  std::uint64_t in_flight_ = 0;
};

}  // namespace nephoscope::client
