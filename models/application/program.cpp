#include "models/application/program.hpp"

#include <deque>
#include <map>
#include <utility>

namespace nephoscope::application {
namespace {

// Turns steps into instructions. A block is written where it stands; what runs in processes of its own is
// written after the code of its handler.
class Compiler {
 public:
  Compiler(const ApplicationConfig& config, World& world) : config_(config), world_(world) {}

  Program run() {
    for (const auto& handler : config_.handlers) compile_handler(handler.id, handler.value);
    if (config_.handlers.size() == 1) program_.sole_handler = 0;
    program_.nothing = emit(Op::end, 0);
    program_.callers = static_cast<std::uint32_t>(callers_.size());
    program_.lock_names = static_cast<std::uint32_t>(lock_names_.size());
    return std::move(program_);
  }

 private:
  // Steps that a process of its own will run.
  struct Pending {
    const Steps* steps;
    std::uint32_t starter;  // the instruction that starts it
    std::uint32_t branch;   // of a fork
  };

  std::uint32_t here() const { return static_cast<std::uint32_t>(program_.code.size()); }

  // Appends an instruction; returns its index.
  std::uint32_t emit(Op op, std::uint32_t step, std::size_t index = 0) {
    Instruction instruction;
    instruction.op = op;
    instruction.step = step;
    instruction.index = static_cast<std::uint32_t>(index);
    program_.code.push_back(instruction);
    return here() - 1;
  }
  void land(std::uint32_t jump) { program_.code[jump].target = here(); }

  void compile_handler(const std::string& operation, const Steps& steps) {
    const OperationId id = world_.operations.intern(operation);
    if (program_.handlers.size() <= id.value) program_.handlers.resize(id.value + 1, Program::kNoHandler);
    program_.handlers[id.value] = here();
    next_step_ = 1;
    block(steps);
    emit(Op::end, 0);
    while (!pending_.empty()) {
      const Pending next = pending_.front();
      pending_.pop_front();
      Instruction& starter = program_.code[next.starter];
      (starter.op == Op::fork ? program_.forks[starter.index].branches[next.branch] : starter.target) =
          here();
      block(*next.steps);
      emit(Op::end, 0);
    }
  }

  void block(const Steps& steps) {
    for (const Step& step : steps) {
      const std::uint32_t number = next_step_++;
      std::visit([&](const auto& each) { write(each, number); }, step.value);
    }
  }

  void write(const ComputeStep& step, std::uint32_t number) { span(Op::compute, step.compute, number); }
  void write(const WaitStep& step, std::uint32_t number) { span(Op::wait, step.wait, number); }
  void span(Op op, const DurationDistribution& length, std::uint32_t number) {
    Instruction& instruction = program_.code[emit(op, number)];
    if (length.plain().kind() != Distribution::Kind::constant) {
      instruction.span = &length;
      return;
    }
    Draws unused = world_.random.entity(Purpose("application.constant"), 0, 0);
    instruction.constant = length.sample(unused);
  }

  void write(const CallStep& step, std::uint32_t number) {
    const std::uint32_t at = emit(Op::call, number, program_.calls.size());
    program_.calls.push_back(site(step.call, step.key, step.size));
    program_.calls.back().policy = &step;
    const std::string policy = step.call.resource.id + "\n" + policy_text(step);
    const auto next = static_cast<std::uint32_t>(callers_.size());
    program_.calls.back().caller = callers_.try_emplace(policy, next).first->second;
    write_error(step.on_error, at);
  }

  // Two policies are equal if they would be written alike.
  static std::string policy_text(const CallPolicy& policy) {
    const auto show = [](const auto& value) {
      return FieldType<std::decay_t<decltype(value)>>::show(value) + "\n";
    };
    return show(policy.timeout) + show(policy.deadline) + show(policy.retry) + show(policy.pool) +
           show(policy.breaker) + show(policy.hedge);
  }

  void write(const SendStep& step, std::uint32_t number) {
    emit(Op::send, number, program_.calls.size());
    program_.calls.push_back(site(step.send, step.key, step.size));
  }

  CallSite site(const CallTarget& target, const KeyChoice& key, const SizeDistribution& size) {
    CallSite result;
    result.resource = target.resource.id;
    result.operation = world_.operations.intern(target.operation);
    result.key = key;
    result.size = size.is_zero() ? nullptr : &size;
    return result;
  }

  // What follows a failure of instruction `at` stands right behind it and is jumped over on success:
  //   call (skip to E), jump O, E: steps, O:
  void write_error(const OnError& on_error, std::uint32_t at) {
    if (on_error.kind == OnError::Kind::fail) return;
    program_.code[at].on_failure = OnFailure::skip;
    if (on_error.kind == OnError::Kind::ignore) return land(at);
    const std::uint32_t over = emit(Op::jump, 0);
    land(at);
    block(on_error.steps);
    land(over);
  }

  void write(const ParallelStep& step, std::uint32_t number) {
    const ParallelBody& body = step.parallel;
    const std::uint32_t at = emit(Op::fork, number, program_.forks.size());
    ForkSite site;
    site.branches.resize(body.branches.size());
    site.times = body.times;
    site.needed = body.wait_for.value_or(site.started());
    program_.forks.push_back(std::move(site));
    for (std::uint32_t i = 0; i < body.branches.size(); ++i)
      pending_.push_back({.steps = &body.branches[i].steps, .starter = at, .branch = i});
    write_error(body.on_error, at);
  }

  void write(const SpawnStep& step, std::uint32_t number) {
    pending_.push_back({.steps = &step.spawn, .starter = emit(Op::spawn, number), .branch = 0});
  }

  void write(const RepeatStep& step, std::uint32_t number) {
    const std::size_t loop = program_.loops.size();
    program_.loops.push_back(
        {.times = step.repeat.times.value_or(0), .until = step.repeat.until ? step.repeat.until->value : 0});
    emit(Op::enter_loop, number, loop);
    const std::uint32_t start = here();
    block(step.repeat.steps);
    program_.code[emit(Op::next_round, number, loop)].target = start;
  }

  void write(const ChooseStep& step, std::uint32_t number) {
    const std::size_t choice = program_.choices.size();
    program_.choices.emplace_back();
    const std::uint32_t at = emit(Op::choose, number, choice);
    std::vector<std::uint32_t> exits;
    double sum = 0;
    for (const Choice& way : step.choose) {
      sum += way.share.value;
      program_.choices[choice].options.push_back({.below = sum, .target = here()});
      block(way.steps);
      exits.push_back(emit(Op::jump, 0));
    }
    land(at);
    for (const std::uint32_t exit : exits) land(exit);
    constexpr double rounding = 1e-9;  // of a sum of decimals
    if (sum > 1 - rounding) program_.choices[choice].options.back().below = 2;
  }

  void write(const CacheStep& step, std::uint32_t number) {
    const CacheBody& body = step.cache;
    const std::size_t cache = program_.caches.size();
    CacheSite site;
    site.hit_ratio = body.hit_ratio ? body.hit_ratio->value : 0;
    site.scope = body.scope;
    site.capacity = body.capacity.value_or(0);
    site.ttl = body.ttl.value_or(kMaxDuration);
    site.key = body.key;
    program_.caches.push_back(site);
    const std::uint32_t at = emit(body.hit_ratio ? Op::hit_ratio : Op::look_up, number, cache);
    block(body.on_miss);
    if (!body.hit_ratio) emit(Op::fill, number, cache);
    land(at);
  }

  void write(const LockStep& step, std::uint32_t number) {
    LockSite site;
    site.scope = step.lock.scope;
    site.lock = lock_names_.try_emplace({step.lock.name, site.scope}, lock_names_.size()).first->second;
    site.keyed = step.lock.key.has_value();
    if (site.keyed) site.key = *step.lock.key;
    emit(Op::lock, number, program_.locks.size());
    program_.locks.push_back(site);
    block(step.lock.steps);
    emit(Op::unlock, number);
  }

  void write(const FailStep& step, std::uint32_t number) {
    static constexpr Fault faults[] = {Fault::transient, Fault::throttling, Fault::client};
    emit(Op::fail, number, program_.failures.size());
    program_.failures.push_back({.fault = faults[static_cast<std::size_t>(step.fail.fault)],
                                 .error = world_.errors.intern(step.fail.error),
                                 .share = step.fail.share.value});
  }

  const ApplicationConfig& config_;
  World& world_;
  Program program_;
  std::uint32_t next_step_ = 1;
  std::deque<Pending> pending_;
  std::map<std::string, std::uint32_t> callers_;
  std::map<std::pair<std::string, LockScope>, std::uint32_t> lock_names_;
};

}  // namespace

Program compile(const ApplicationConfig& config, World& world) { return Compiler(config, world).run(); }

}  // namespace nephoscope::application
