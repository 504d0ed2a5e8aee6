// The steps of a handler, as a scenario writes them:
//   [{compute: 12ms}, {call: orders.GetItem, timeout: 500ms}, {parallel: [{call: a.Get}, {call: b.Get}]}]
//
// Each step is a struct with a field table that holds the key by which it is told apart. What the steps do is
// said in application.md; program.hpp turns them into what a server executes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/config/alternatives.hpp"
#include "engine/config/field_table.hpp"
#include "models/application/step_values.hpp"
#include "models/common/call_policy.hpp"
#include "models/common/distribution_field.hpp"

namespace nephoscope::application {

struct Step;

// What a failed call or parallel does to the request.
struct OnError {
  enum class Kind : std::uint8_t { fail, ignore, steps };
  Kind kind = Kind::fail;
  std::vector<Step> steps;  // of kind steps
};

struct ComputeStep {
  DurationDistribution compute;
  static const FieldTable<ComputeStep>& fields();
};

struct WaitStep {
  DurationDistribution wait;
  static const FieldTable<WaitStep>& fields();
};

struct CallStep final : CallPolicy {
  CallTarget call;
  KeyChoice key;
  SizeDistribution size;
  OnError on_error;
  static const FieldTable<CallStep>& fields();
};

struct SendStep {
  CallTarget send;
  KeyChoice key;
  SizeDistribution size;
  static const FieldTable<SendStep>& fields();
};

// One branch: a list of steps, or a single step.
struct Branch {
  std::vector<Step> steps;
};

struct ParallelBody {
  std::vector<Branch> branches;
  std::uint32_t times = 1;                // copies of each branch
  std::optional<std::uint32_t> wait_for;  // branches that must succeed; none = all
  OnError on_error;
  static const FieldTable<ParallelBody>& fields();
  std::uint64_t started() const { return std::uint64_t{branches.size()} * times; }
};
struct ParallelStep {
  ParallelBody parallel;
  static const FieldTable<ParallelStep>& fields();
};

struct RepeatBody {
  std::optional<std::uint32_t> times;
  std::optional<Probability> until;  // of ending after each round
  std::vector<Step> steps;
  static const FieldTable<RepeatBody>& fields();
};
struct RepeatStep {
  RepeatBody repeat;
  static const FieldTable<RepeatStep>& fields();
};

struct Choice {
  Probability share;
  std::vector<Step> steps;
  static const FieldTable<Choice>& fields();
};
struct ChooseStep {
  std::vector<Choice> choose;
  static const FieldTable<ChooseStep>& fields();
};

enum class CacheScope : std::uint8_t { server, shared };

struct CacheBody {
  std::optional<Probability> hit_ratio;
  std::optional<std::uint64_t> capacity;  // entries
  std::optional<Duration> ttl;
  KeyChoice key;
  CacheScope scope = CacheScope::server;
  std::vector<Step> on_miss;
  static const FieldTable<CacheBody>& fields();
};
struct CacheStep {
  CacheBody cache;
  static const FieldTable<CacheStep>& fields();
};

struct SpawnStep {
  std::vector<Step> spawn;
  static const FieldTable<SpawnStep>& fields();
};

enum class LockScope : std::uint8_t { server, global };

struct LockBody {
  std::string name;
  LockScope scope = LockScope::server;
  std::optional<KeyChoice> key;  // none = one lock for all
  std::vector<Step> steps;
  static const FieldTable<LockBody>& fields();
};
struct LockStep {
  LockBody lock;
  static const FieldTable<LockStep>& fields();
};

enum class FailureKind : std::uint8_t { transient, throttling, client };

struct FailBody {
  std::string error = "InternalServerError";
  FailureKind fault = FailureKind::transient;
  Probability share{1};
  static const FieldTable<FailBody>& fields();
};
struct FailStep {
  FailBody fail;
  static const FieldTable<FailStep>& fields();
};

struct Step {
  std::variant<ComputeStep, WaitStep, CallStep, SendStep, ParallelStep, RepeatStep, ChooseStep, CacheStep,
               SpawnStep, LockStep, FailStep>
      value;
};

using Steps = std::vector<Step>;

const Alternatives<decltype(Step::value)>& step_alternatives();

// Calls `visit(const Step&)` for every step of `steps`, those inside others included, in the order written.
template <typename Visit>
void visit_steps(const Steps& steps, Visit&& visit);

}  // namespace nephoscope::application

namespace nephoscope {

template <>
inline constexpr auto kEnumNames<application::CacheScope> = enum_names<application::CacheScope>(
    {{"server", application::CacheScope::server}, {"shared", application::CacheScope::shared}});
template <>
inline constexpr auto kEnumNames<application::LockScope> = enum_names<application::LockScope>(
    {{"server", application::LockScope::server}, {"global", application::LockScope::global}});
template <>
inline constexpr auto kEnumNames<application::FailureKind> =
    enum_names<application::FailureKind>({{"transient", application::FailureKind::transient},
                                          {"throttling", application::FailureKind::throttling},
                                          {"client", application::FailureKind::client}});

template <>
struct FieldType<application::Step> {
  static std::optional<application::Step> read(const Node& node, Context& context, const FieldRules& rules);
  static std::string show(const application::Step& step);
  static std::string type_name() { return "step"; }
  static void schema(Json& out, SchemaBook& book, const FieldRules& rules);
};

template <>
struct FieldType<application::Branch> {
  static std::optional<application::Branch> read(const Node& node, Context& context, const FieldRules& rules);
  static std::string show(const application::Branch& branch);
  static std::string type_name() { return "step or list of steps"; }
  static void schema(Json& out, SchemaBook& book, const FieldRules& rules);
};

template <>
struct FieldType<application::OnError> {
  static std::optional<application::OnError> read(const Node& node, Context& context,
                                                  const FieldRules& rules);
  static std::string show(const application::OnError& value);
  static std::string type_name() { return "fail, ignore or a list of steps"; }
  static void schema(Json& out, SchemaBook& book, const FieldRules& rules);
};

}  // namespace nephoscope

namespace nephoscope::application {

namespace internal {

template <typename Visit>
struct InnerSteps {
  Visit& visit;
  void operator()(const CallStep& step) const { visit_steps(step.on_error.steps, visit); }
  void operator()(const ParallelStep& step) const {
    for (const Branch& branch : step.parallel.branches) visit_steps(branch.steps, visit);
    visit_steps(step.parallel.on_error.steps, visit);
  }
  void operator()(const RepeatStep& step) const { visit_steps(step.repeat.steps, visit); }
  void operator()(const ChooseStep& step) const {
    for (const Choice& choice : step.choose) visit_steps(choice.steps, visit);
  }
  void operator()(const CacheStep& step) const { visit_steps(step.cache.on_miss, visit); }
  void operator()(const SpawnStep& step) const { visit_steps(step.spawn, visit); }
  void operator()(const LockStep& step) const { visit_steps(step.lock.steps, visit); }
  template <typename Leaf>
  void operator()(const Leaf&) const {}
};

}  // namespace internal

template <typename Visit>
void visit_steps(const Steps& steps, Visit&& visit) {
  for (const Step& step : steps) {
    visit(step);
    std::visit(internal::InnerSteps<std::remove_reference_t<Visit>>{visit}, step.value);
  }
}

}  // namespace nephoscope::application
