// The workers of a job: the instances of its fleet whose application runs.
#pragma once

#include <cstdint>
#include <deque>
#include <string_view>

#include "engine/queueing/gate.hpp"
#include "models/common/compute.hpp"
#include "models/common/world.hpp"

namespace nephoscope::job {

struct Worker {
  explicit Worker(Instance& its) : instance(its) {}
  Instance& instance;
  int slots = 0;  // tasks at once: its vCPUs
  int busy = 0;   // slots in use in this life
  bool alive = false;
  std::uint32_t deaths = 0;  // tells its lives apart
  ProcessGroup processes;    // what dies with it
};

// Hears of workers.
class WorkerListener {
 public:
  virtual ~WorkerListener() = default;
  virtual void worker_came(std::size_t worker) = 0;
  virtual void worker_died(std::size_t worker) = 0;
};

// One worker in one of its lives.
struct Life {
  std::size_t worker = 0;
  std::uint32_t deaths = 0;
};

class Workers final : public InstanceListener {
 public:
  explicit Workers(World& world) : changed_(world.simulation) {}

  // REQUIRES: `listener` outlives it; called while the scenario is wired.
  void connect(Compute& compute, std::string_view fleet, WorkerListener& listener);
  void instance_changed(Instance& instance, InstanceEvent event) override;

  std::size_t size() const { return all_.size(); }
  Worker& operator[](std::size_t index) { return all_[index]; }
  const Worker& operator[](std::size_t index) const { return all_[index]; }
  std::int64_t alive() const { return alive_; }
  std::int64_t slots() const;  // of all that are alive
  Life life(std::size_t worker) const { return {worker, all_[worker].deaths}; }
  bool lives(Life life) const { return all_[life.worker].alive && all_[life.worker].deaths == life.deaths; }
  // The living worker with the most free slots, the first among equals; size() if none has any.
  std::size_t most_free() const;
  // Waits until so many are alive.
  Task<WaitStatus> wait_for(std::int64_t count);

 private:
  std::size_t index_of(Instance& instance);
  void came(std::size_t worker);
  void died(std::size_t worker);

  Compute* compute_ = nullptr;
  WorkerListener* listener_ = nullptr;
  std::deque<Worker> all_;  // in the order in which they came first
  std::int64_t alive_ = 0;
  Gate changed_;
};

}  // namespace nephoscope::job
