#include "models/client/workload.hpp"

#include <algorithm>

#include "models/common/audit.hpp"
#include "models/common/report.hpp"

namespace nephoscope::client {

namespace {

constexpr Purpose kCall{"client.call"};
constexpr Purpose kArrival{"client.arrival"};
constexpr Purpose kThink{"client.think"};
constexpr Purpose kOperation{"client.operation"};
constexpr Purpose kKey{"client.key"};
constexpr Purpose kSize{"client.size"};

// What a user who neither thinks nor waits for answers (an open breaker refuses at once) pauses between
// calls: otherwise simulated time would stand still.
constexpr Duration kShortestCycle = 1ms;

}  // namespace

Workload::Workload(World& world, const std::string& id, const WorkloadConfig& config)
    : world_(world),
      config_(config),
      id_(id),
      self_(world.resources.intern("workloads." + id)),
      first_(Time{} + config.start),
      last_(std::min(world.end(), config.stop ? Time{} + *config.stop : Time::max())),
      hash_(kCall.of(id).value()),
      measurement_(world, id, config.objective) {
  if (!config.arrivals.closed())
    arrivals_.emplace(kArrival.of(id), config.arrivals.pattern(first_, world.run.start_epoch));
  if (config.keys) keys_ = config.keys->ranks();
  add_operations();
}

void Workload::add_operations() {
  double sum = 0;
  for (const auto& share : config_.mix) {
    sum += share.value.value;
    operations_.push_back({.id = world_.operations.intern(share.id), .up_to = sum});
  }
  if (config_.operation) operations_.push_back({.id = world_.operations.intern(config_.operation->id)});
  if (operations_.empty()) operations_.emplace_back();
  for (const auto& priority : config_.priorities)
    for (Operation& operation : operations_)
      if (operation.id == world_.operations.find(priority.id)) operation.priority = priority.value;
}

// The target itself, or what resolvers say about its name.
Endpoint& Workload::address(const Wiring& wiring) {
  const DnsName* const name = wiring.dns_name(config_.target.id);
  if (name == nullptr) return wiring.endpoint(config_.target.id);
  return resolver_.emplace(world_, id_, config_.target.id, *name, config_);
}

void Workload::connect(const Wiring& wiring) {
  if (config_.from && world_.network != nullptr) place_ = world_.network->client_place(config_.from->id);
  Endpoint& target = address(wiring);
  const ResourceId target_id = world_.resources.intern("resources." + config_.target.id);
  for (std::uint32_t client = 0; client < config_.clients; ++client)
    callers_.emplace_back(world_, target, config_, self_, target_id);
}

void Workload::start() {
  if (arrivals_) return world_.simulation.spawn(arrive());
  for (std::uint32_t user = 0; user < *config_.arrivals.users; ++user) world_.simulation.spawn(use(user));
}

Process Workload::arrive() {
  for (;;) {
    const std::optional<Time> next = arrivals_->next(world_.random);
    if (!next || *next >= last_) co_return;
    const WaitStatus status = co_await world_.simulation.delay(*next - world_.now());
    if (status != WaitStatus::done) co_return;
    world_.simulation.spawn(serve_arrival(mix64(hash_ ^ mix64(arrivals_->given() - 1))));
  }
}

Process Workload::serve_arrival(std::uint64_t number) {
  const Time arrival = world_.now();
  begin(arrival);
  const CallResult result = co_await next_client().call(request(number), observer(arrival));
  end(arrival, result);
}

// A user of a closed workload.
Process Workload::use(std::uint32_t user) {
  const WaitStatus started = co_await world_.simulation.delay(config_.start);
  if (started != WaitStatus::done) co_return;
  for (std::uint32_t count = 0;; ++count) {
    const std::uint64_t number = child_number(hash_, user, count);
    Draws draws = world_.random.request(kThink, number);
    const Time before = world_.now();
    const WaitStatus thought = co_await world_.simulation.delay(config_.arrivals.think_time.sample(draws));
    if (thought != WaitStatus::done || world_.now() >= last_) co_return;
    const Time arrival = world_.now();
    begin(arrival);
    const CallResult result = co_await next_client().call(request(number), observer(arrival));
    end(arrival, result);
    if (world_.now() > before) continue;
    const WaitStatus paused = co_await world_.simulation.delay(kShortestCycle);
    if (paused != WaitStatus::done) co_return;
  }
}

CallObserver* Workload::observer(Time arrival) {
  return measurement_.measures(arrival) ? &measurement_.failures() : nullptr;
}

const Workload::Operation& Workload::choose(std::uint64_t number) const {
  if (operations_.size() == 1) return operations_.front();
  Draws draws = world_.random.request(kOperation, number);
  const double u = draws.next_uniform();
  for (const Operation& operation : operations_)
    if (u < operation.up_to) return operation;
  return operations_.back();
}

Request Workload::request(std::uint64_t number) const {
  const Operation& operation = choose(number);
  Request request;
  request.number = number;
  request.operation = operation.id;
  request.priority = operation.priority;
  request.place = place_;
  if (keys_) {
    Draws draws = world_.random.request(kKey, number);
    request.key = keys_->sample(draws) + 1;
  }
  if (!config_.request_size.is_zero()) {
    Draws draws = world_.random.request(kSize, number);
    request.size = config_.request_size.sample(draws);
  }
  return request;
}

void Workload::begin(Time arrival) {
  ++arrived_;
  ++in_flight_;
  ++world_.requests;
  if (measurement_.measures(arrival)) ++world_.open_calls;
  measurement_.arrived(arrival);
}

void Workload::end(Time arrival, const CallResult& result) {
  --in_flight_;
  if (result.ok())
    ++succeeded_;
  else
    ++(result.response.fault == Fault::shed ? shed_ : failed_);
  if (measurement_.measures(arrival)) --world_.open_calls;
  measurement_.ended(arrival, result);
}

void Workload::report_drained(Report& report) const { measurement_.report(report, self_); }

void Workload::audit(Audit& audit) const {
  audit.conservation("workloads." + id_, {.arrived = arrived_,
                                          .completed = succeeded_,
                                          .failed = failed_,
                                          .rejected = shed_,
                                          .in_flight = in_flight_});
  Audit::Flow clients;
  for (const Caller& caller : callers_) {
    clients.arrived += caller.counters().calls;
    clients.completed += caller.counters().succeeded;
    clients.failed += caller.counters().failed;
    clients.in_flight += caller.in_flight();
  }
  audit.add("clients: workloads." + id_,
            clients.arrived == arrived_ && clients.completed == succeeded_ &&
                clients.failed == failed_ + shed_ && clients.in_flight == in_flight_,
            "the clients' own counts agree with the workload's");
}

}  // namespace nephoscope::client
