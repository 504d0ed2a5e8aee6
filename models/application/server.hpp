// One running copy of an application: worker slots, a line in front of them, CPUs, and its crashes.
//
// Every request is answered exactly once, whatever crashes when: by its handler's outcome, by a refusal, or
// by ConnectionReset. Failures of callees end a request as transient faults that keep the callee's error and
// source: the cause stays visible through any number of tiers.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/queueing/processor_sharing.hpp"
#include "engine/queueing/station.hpp"
#include "models/application/activity.hpp"
#include "models/application/join_pool.hpp"
#include "models/application/shared.hpp"
#include "models/common/call.hpp"
#include "models/common/server.hpp"

namespace nephoscope::application {

class Server final : public ApplicationServer {
 public:
  // Starts running if the options say so, unless its version crashes at boot. REQUIRES: `shared` outlives it,
  // and it outlives its processes: destroy it only when idle(), or after the simulation was cleared.
  Server(Shared& shared, const ServerOptions& options);
  ~Server() override;
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  void submit(const Request& request, ReplyId reply) override;
  void crash() override;
  // With the version that was set last. No effect on a server that runs.
  void restart() override;
  bool running() const override { return running_; }
  void set_speed(double factor) override { cpu_.set_speed(factor); }
  std::uint64_t outstanding() const override { return inside_; }
  Duration cpu_time() const override;
  Bytes bytes_sent() const override { return bytes_sent_; }
  void begin_measurement() override;

  void set_reachable(bool reachable) override { reachable_ = reachable; }
  bool reachable() const override { return reachable_; }
  ResourceId resource() const override { return self_; }
  void set_version(std::string_view name) override;
  const std::string& version() const override { return shared_.versions[version_].name; }
  // No process of it is left, spawned ones included.
  bool idle() const override { return processes_.empty(); }

  void add_to(ServerStatistics& sum) const override;
  void add_to(Audit::Flow& sum) const override;
  std::string audit() const override;

 private:
  Process run(Job job);
  void begin(Activity& activity);
  void finish(Activity& activity);
  void add_body(const Request& request, Response& response);
  void give_up(const Job& job, WaitStatus status);
  bool interrupted() { return shared_.world.simulation.current().interrupted; }

  // Steps that take no time.
  void execute(const Instruction& at, Activity& activity);
  void next_round(const Instruction& at, Activity& activity);
  void choose(const Instruction& at, Activity& activity);
  void look_up(const Instruction& at, Activity& activity);
  void fail(const Instruction& at, Activity& activity);
  void send(const Instruction& at, Activity& activity);
  void spawn(const Instruction& at, Activity& activity);
  // Steps that take time.
  Duration span(const Instruction& at, const Activity& activity) const;
  Duration work(const Instruction& at, const Activity& activity) const;
  Request child(const Instruction& at, const Activity& activity) const;
  ReplyId fork(const Instruction& at, const Activity& activity);
  LockTable& lock_table(const Instruction& at);
  LockId lock_id(const Instruction& at, const Activity& activity) const;
  void failed(const Instruction& at, Activity& activity, const Response& failure);

  Draws draws(Purpose purpose, const Instruction& at, const Activity& activity) const;
  double uniform(const Instruction& at, const Activity& activity) const;
  std::uint64_t key_of(const KeyChoice& choice, const Instruction& at, const Activity& activity) const;
  LruCache& cache(const Instruction& at);

  std::uint32_t entry(const Request& request) const;
  ServeOptions line_options(const Request& request) const;
  bool sheds_on_arrival(const Request& request) const;
  Response failure(Fault fault, ErrorId error) const;
  Response version_failure(const Request& request) const;
  void answer(ReplyId reply, const Response& response) {
    if (reachable_) shared_.world.replies.answer(reply, response);
  }

  void start();
  void stop();
  void crash_by_itself(const std::string& reason);
  void leak();

  struct Counts {
    std::uint64_t arrivals = 0, succeeded = 0, failed = 0, rejected = 0, shed = 0, refused = 0, crashes = 0;
  };

  Shared& shared_;
  std::string name_;
  ResourceId self_;
  std::uint64_t entity_;
  PlaceId place_;
  std::uint32_t version_;
  bool running_ = false;
  bool reachable_ = true;
  Station workers_;
  ProcessorSharing cpu_;
  std::vector<std::unique_ptr<Caller>> callers_;
  LockTable locks_;
  std::vector<std::unique_ptr<LruCache>> caches_;
  JoinPool joins_;
  ProcessGroup processes_;
  TimeoutClass max_queue_age_{};
  Bytes leaked_;
  Bytes bytes_sent_;
  Timer restart_timer_;
  Timer death_timer_;
  std::uint64_t inside_ = 0;
  Counts counts_;                // of the whole run
  Counts measured_;              // counts_ when measurement began
  WideInt cpu_time_before_ = 0;  // vCPU-ns, up to the last reset of cpu_
};

}  // namespace nephoscope::application
