#include "models/application/steps.hpp"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>

namespace nephoscope {
namespace application {

const FieldTable<ComputeStep>& ComputeStep::fields() {
  static const auto table =
      FieldTable<ComputeStep>("compute", "Works on a CPU, sharing the server's vCPUs with all other work.")
          .required("compute", &ComputeStep::compute, {.doc = "CPU time"});
  return table;
}

const FieldTable<WaitStep>& WaitStep::fields() {
  static const auto table = FieldTable<WaitStep>("wait", "Holds the worker without using a CPU.")
                                .required("wait", &WaitStep::wait, {.doc = "how long"});
  return table;
}

const FieldTable<CallStep>& CallStep::fields() {
  static const auto table = with_call_policy(
      FieldTable<CallStep>("call", "Calls a resource and waits for its answer; the worker stays held.")
          .required("call", &CallStep::call, {.doc = "RESOURCE.OPERATION"})
          .field("key", &CallStep::key,
                 {.doc = "the item it is about: the request's own, a new one, or drawn"})
          .field("size", &CallStep::size, {.doc = "of the request's body"})
          .field("on_error", &CallStep::on_error,
                 {.doc = "when the call has failed for good: fail the request, go on, or run these steps and "
                         "go on"}));
  return table;
}

const FieldTable<SendStep>& SendStep::fields() {
  static const auto table =
      FieldTable<SendStep>("send", "Sends a one-way message: nobody waits for the answer or sees a failure.")
          .required("send", &SendStep::send, {.doc = "RESOURCE.OPERATION"})
          .field("key", &SendStep::key,
                 {.doc = "the item it is about: the request's own, a new one, or drawn"})
          .field("size", &SendStep::size, {.doc = "of the message"});
  return table;
}

namespace {

void check_parallel(const ParallelBody& body, const Node& node, Context& context) {
  constexpr std::uint64_t most = 10'000;
  if (body.started() > most)
    context.report(Code::too_many_items, node,
                   fmt::format("{} branches; at most {} allowed", body.started(), most));
  if (body.wait_for && *body.wait_for > body.started())
    context.report(Code::inconsistent, *node.find("wait_for"),
                   fmt::format("waits for {} of {} branches", *body.wait_for, body.started()));
}

void check_choices(const ChooseStep& step, const Node& node, Context& context) {
  double sum = 0;
  for (const Choice& choice : step.choose) sum += choice.share.value;
  constexpr double slack = 1e-9;  // shares are decimals: 10 % + 20 % + 70 % is not exactly 1
  if (sum > 1 + slack)
    context.report(Code::percent_sum, *node.find("choose"),
                   fmt::format("the shares sum to {:.6g} %", sum * 100),
                   "at most 100%; what is missing does nothing");
}

void check_cache(const CacheBody& body, const Node& node, Context& context) {
  if (!body.hit_ratio) return;
  for (const char* key : {"ttl", "key", "scope"})
    if (const Node* given = node.find(key))
      context.report_key(Code::conflicting_keys, *given,
                         fmt::format("'{}' has no meaning with 'hit_ratio'", key),
                         "give 'capacity' instead of 'hit_ratio' to look keys up");
}

}  // namespace

const FieldTable<ParallelBody>& ParallelBody::fields() {
  static const auto table =
      FieldTable<ParallelBody>("parallel branches", "Branches that run at the same time, inside one worker.")
          .required("branches", &ParallelBody::branches,
                    {.doc = "each a list of steps or one step", .min_items = 1})
          .field("times", &ParallelBody::times, {.doc = "copies of each branch", .min = 1, .max = 10'000})
          .field("wait_for", &ParallelBody::wait_for,
                 {.doc = "goes on when so many branches have succeeded, the rest work for nobody; none = all",
                  .min = 1})
          .field("on_error", &ParallelBody::on_error,
                 {.doc = "when too many have failed: fail the request, go on, or run these steps and go on"})
          .shorthand("branches")
          .validate(check_parallel);
  return table;
}

const FieldTable<ParallelStep>& ParallelStep::fields() {
  static const auto table = FieldTable<ParallelStep>("parallel", "Runs branches at the same time.")
                                .required("parallel", &ParallelStep::parallel, {.doc = "the branches"});
  return table;
}

const FieldTable<RepeatBody>& RepeatBody::fields() {
  static const auto table =
      FieldTable<RepeatBody>("repetition", "How often steps are repeated: at least once.")
          .field("times", &RepeatBody::times,
                 {.doc = "rounds; with 'until' at most so many", .min = 1, .max = 1'000'000})
          .field("until", &RepeatBody::until, {.doc = "probability of ending after each round", .above = 0})
          .required("steps", &RepeatBody::steps, {.doc = "what is repeated"})
          .validate([](const RepeatBody& body, const Node& node, Context& context) {
            if (!body.times && !body.until)
              context.report_key(Code::missing_key, node, "missing key 'times' or 'until' in 'repeat'",
                                 "add 'times: 3'");
          });
  return table;
}

const FieldTable<RepeatStep>& RepeatStep::fields() {
  static const auto table = FieldTable<RepeatStep>("repeat", "Runs steps again and again.")
                                .required("repeat", &RepeatStep::repeat, {.doc = "what, and how often"});
  return table;
}

const FieldTable<Choice>& Choice::fields() {
  static const auto table =
      FieldTable<Choice>("choice", "One way to go on.")
          .required("share", &Choice::share, {.doc = "of the requests that go this way"})
          .required("steps", &Choice::steps, {.doc = "what they do"});
  return table;
}

const FieldTable<ChooseStep>& ChooseStep::fields() {
  static const auto table =
      FieldTable<ChooseStep>("choose", "Goes one of several ways, or on.")
          .required("choose", &ChooseStep::choose,
                    {.doc = "the ways; shares below 100 % leave the rest", .min_items = 1})
          .validate(check_choices);
  return table;
}

const FieldTable<CacheBody>& CacheBody::fields() {
  static const auto table =
      FieldTable<CacheBody>("caching",
                            "Skips steps whose result is at hand: a ratio of hits, or a table of keys.")
          .field("hit_ratio", &CacheBody::hit_ratio, {.doc = "share of look-ups that hit, whatever the keys"})
          .field("capacity", &CacheBody::capacity,
                 {.doc = "entries; the least recently used one makes room", .min = 1, .max = 100'000'000})
          .field("ttl", &CacheBody::ttl,
                 {.doc = "how long an entry serves; none = until evicted", .above = 0s})
          .field("key", &CacheBody::key, {.doc = "what is looked up"})
          .field("scope", &CacheBody::scope,
                 {.doc = "one for each server, lost when it crashes, or one for all"})
          .required("on_miss", &CacheBody::on_miss, {.doc = "steps that get what is missing"})
          .exactly_one_of({"hit_ratio", "capacity"})
          .validate(check_cache);
  return table;
}

const FieldTable<CacheStep>& CacheStep::fields() {
  static const auto table =
      FieldTable<CacheStep>("cache", "Looks something up in memory.")
          .required("cache", &CacheStep::cache, {.doc = "how, and what to do on a miss"});
  return table;
}

const FieldTable<SpawnStep>& SpawnStep::fields() {
  static const auto table =
      FieldTable<SpawnStep>("spawn", "Starts steps that nobody waits for and that hold no worker.")
          .required("spawn", &SpawnStep::spawn, {.doc = "the steps"});
  return table;
}

const FieldTable<LockBody>& LockBody::fields() {
  static const auto table =
      FieldTable<LockBody>("locking", "One at a time, first come first served.")
          .required("name", &LockBody::name, {.doc = "equal names in one application are one lock"})
          .field("scope", &LockBody::scope, {.doc = "one for each server, or one for all"})
          .field("key", &LockBody::key, {.doc = "one lock for each key; none = one lock for all"})
          .required("steps", &LockBody::steps, {.doc = "what is done under the lock"});
  return table;
}

const FieldTable<LockStep>& LockStep::fields() {
  static const auto table = FieldTable<LockStep>("lock", "Does steps under mutual exclusion.")
                                .required("lock", &LockStep::lock, {.doc = "which lock, and what it guards"});
  return table;
}

const FieldTable<FailBody>& FailBody::fields() {
  static const auto table =
      FieldTable<FailBody>("failure", "How a request fails.")
          .field("error", &FailBody::error, {.doc = "its name"})
          .field("fault", &FailBody::fault,
                 {.doc = "how callers treat it: transient (5xx), throttling (429), client (4xx)"})
          .field("share", &FailBody::share, {.doc = "of the requests that fail here"})
          .shorthand("error");
  return table;
}

const FieldTable<FailStep>& FailStep::fields() {
  static const auto table = FieldTable<FailStep>("fail", "Ends the request with an error.")
                                .required("fail", &FailStep::fail, {.doc = "the error, and for how many"});
  return table;
}

const Alternatives<decltype(Step::value)>& step_alternatives() {
  static const auto table = Alternatives<decltype(Step::value)>("step", "One step of a handler.")
                                .option<ComputeStep>("compute")
                                .option<WaitStep>("wait")
                                .option<CallStep>("call")
                                .option<SendStep>("send")
                                .option<ParallelStep>("parallel")
                                .option<RepeatStep>("repeat")
                                .option<ChooseStep>("choose")
                                .option<CacheStep>("cache")
                                .option<SpawnStep>("spawn")
                                .option<LockStep>("lock")
                                .option<FailStep>("fail");
  return table;
}

}  // namespace application

using application::Branch;
using application::OnError;
using application::Step;
using application::Steps;

std::optional<Step> FieldType<Step>::read(const Node& node, Context& context, const FieldRules&) {
  auto value = application::step_alternatives().read(node, context);
  if (!value) return std::nullopt;
  return Step{std::move(*value)};
}

std::string FieldType<Step>::show(const Step& step) {
  return std::visit([](const auto& each) { return each.fields().show(each); }, step.value);
}

void FieldType<Step>::schema(Json& out, SchemaBook& book, const FieldRules&) {
  application::step_alternatives().refer(out, book);
}

std::optional<Branch> FieldType<Branch>::read(const Node& node, Context& context, const FieldRules& rules) {
  if (node.is_sequence()) {
    auto steps = FieldType<Steps>::read(node, context, {});
    return steps ? std::optional(Branch{std::move(*steps)}) : std::nullopt;
  }
  auto step = FieldType<Step>::read(node, context, rules);
  if (!step) return std::nullopt;
  Branch branch;
  branch.steps.push_back(std::move(*step));
  return branch;
}

std::string FieldType<Branch>::show(const Branch& branch) { return FieldType<Steps>::show(branch.steps); }

void FieldType<Branch>::schema(Json& out, SchemaBook& book, const FieldRules&) {
  Json one, several;
  FieldType<Step>::schema(one, book, {});
  FieldType<Steps>::schema(several, book, {});
  out["oneOf"] = Json::array({std::move(one), std::move(several)});
}

std::optional<OnError> FieldType<OnError>::read(const Node& node, Context& context, const FieldRules&) {
  if (node.is_sequence()) {
    auto steps = FieldType<Steps>::read(node, context, {});
    return steps ? std::optional(OnError{OnError::Kind::steps, std::move(*steps)}) : std::nullopt;
  }
  OnError result;
  if (node.is_scalar() && node.text() == "fail") return result;
  if (node.is_scalar() && node.text() == "ignore") {
    result.kind = OnError::Kind::ignore;
    return result;
  }
  context.wrong_type(node, "'fail', 'ignore' or a list of steps", "ignore");
  return std::nullopt;
}

std::string FieldType<OnError>::show(const OnError& value) {
  if (value.kind == OnError::Kind::steps) return FieldType<Steps>::show(value.steps);
  return value.kind == OnError::Kind::fail ? "fail" : "ignore";
}

void FieldType<OnError>::schema(Json& out, SchemaBook& book, const FieldRules&) {
  static constexpr std::array<std::string_view, 2> names = {"fail", "ignore"};
  Json simple, steps;
  schema::one_of_names(simple, names);
  FieldType<Steps>::schema(steps, book, {});
  out["oneOf"] = Json::array({std::move(simple), std::move(steps)});
}

}  // namespace nephoscope
