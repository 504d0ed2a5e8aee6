#include "models/application/application.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "models/application/model.hpp"
#include "models/application/program.hpp"
#include "models/common/references.hpp"

namespace nephoscope {
namespace application {

const FieldTable<SheddingConfig>& SheddingConfig::fields() {
  static const auto table =
      FieldTable<SheddingConfig>("load shedding", "Which requests a busy server turns away with LoadShed.")
          .required(
              "by", &SheddingConfig::by,
              {.doc =
                   "priority: unimportant ones first; queue_age: who has waited long; deadline: whose caller "
                   "no longer waits"})
          .field("max_queue_age", &SheddingConfig::max_queue_age,
                 {.doc = "by queue_age: who has waited so long leaves the line", .above = 0s})
          .field("thresholds", &SheddingConfig::thresholds,
                 {.doc = "by priority: from which share of occupied workers and places on a priority (and "
                         "those less "
                         "important, up to the next entry) is turned away"})
          .validate([](const SheddingConfig& config, const Node& node, Context& context) {
            if (config.by == ShedBy::priority && config.thresholds.empty())
              context.report_key(Code::missing_key, node, "missing key 'thresholds' in 'shedding'",
                                 "add 'thresholds: {1: 80%}'");
          });
  return table;
}

const FieldTable<LeakConfig>& LeakConfig::fields() {
  static const auto table =
      FieldTable<LeakConfig>("leak", "How a version comes to crash; the server then restarts by itself.")
          .field(
              "per_request", &LeakConfig::per_request,
              {.doc = "memory that each request leaves behind, until the application's 'memory' is used up"})
          .field("dies_after", &LeakConfig::dies_after, {.doc = "uptime after which it crashes", .above = 0s})
          .validate([](const LeakConfig& leak, const Node& node, Context& context) {
            if (leak.per_request.count == 0 && !leak.dies_after)
              context.report_key(Code::missing_key, node,
                                 "missing key 'per_request' or 'dies_after' in 'leaks'",
                                 "add 'per_request: 64KiB'");
          });
  return table;
}

const FieldTable<VersionConfig>& VersionConfig::fields() {
  using V = VersionConfig;
  static const auto table =
      FieldTable<V>("version", "How a version of the application differs from a good one.")
          .field("error_rate", &V::error_rate,
                 {.doc = "share of requests that end in InternalServerError; health checks do not"})
          .field("fails_fast", &V::fails_fast, {.doc = "these requests fail before their work, not after it"})
          .field("slow_factor", &V::slow_factor, {.doc = "multiplies CPU time", .max = 1e6, .above = 0})
          .field("fails_health_checks", &V::fails_health_checks,
                 {.doc = "answers health checks with Unhealthy"})
          .field("leaks", &V::leaks, {.doc = "crashes in the long run"})
          .field("crashes_at_boot", &V::crashes_at_boot, {.doc = "a server with this version never runs"})
          .field(
              "incompatible_with", &V::incompatible_with,
              {.doc =
                   "versions beside which it fails: a request ends in IncompatibleVersion with probability "
                   "(running servers of those versions) / (running servers)"});
  return table;
}

namespace {

void check_versions(const ApplicationConfig& config, const Node& node, Context& context) {
  std::vector<std::string_view> names;
  for (const auto& version : config.versions) names.emplace_back(version.id);
  for (const auto& version : config.versions) {
    const Node& place = *node.find("versions")->find(version.id);
    const auto& others = version.value.incompatible_with;
    for (std::size_t i = 0; i < others.size(); ++i)
      if (std::find(names.begin(), names.end(), others[i]) == names.end())
        context.unknown_name(Code::unknown_name, (*place.find("incompatible_with"))[i], "version", others[i],
                             names);
    if (version.value.leaks && version.value.leaks->per_request.count > 0 && !config.memory)
      context.report_key(Code::inconsistent, *place.find("leaks"),
                         "a leak of memory needs the application's 'memory'", "",
                         "add 'memory: 2GiB' to the application");
  }
}

// How deep loops (or locks) stand in each other, within one process.
template <typename Nesting>
std::uint32_t depth(const Steps& steps) {
  std::uint32_t deepest = 0;
  const auto look = [&](const Steps& inner, std::uint32_t more) {
    deepest = std::max(deepest, depth<Nesting>(inner) + more);
  };
  for (const Step& step : steps) {
    if (const auto* repeat = std::get_if<RepeatStep>(&step.value))
      look(repeat->repeat.steps, std::is_same_v<Nesting, RepeatStep> ? 1 : 0);
    if (const auto* lock = std::get_if<LockStep>(&step.value))
      look(lock->lock.steps, std::is_same_v<Nesting, LockStep> ? 1 : 0);
    if (const auto* call = std::get_if<CallStep>(&step.value)) look(call->on_error.steps, 0);
    if (const auto* cache = std::get_if<CacheStep>(&step.value)) look(cache->cache.on_miss, 0);
    if (const auto* spawn = std::get_if<SpawnStep>(&step.value)) look(spawn->spawn, 0);
    if (const auto* choose = std::get_if<ChooseStep>(&step.value))
      for (const Choice& choice : choose->choose) look(choice.steps, 0);
    if (const auto* parallel = std::get_if<ParallelStep>(&step.value)) {
      for (const Branch& branch : parallel->parallel.branches) look(branch.steps, 0);
      look(parallel->parallel.on_error.steps, 0);
    }
  }
  return deepest;
}

void check_handlers(const ApplicationConfig& config, const Node& node, Context& context) {
  const Node& handlers = *node.find("handlers");
  if (config.handlers.empty())
    context.report(Code::too_few_items, handlers, "no handlers given; at least 1 needed");
  for (const auto& handler : config.handlers)
    if (std::max(depth<RepeatStep>(handler.value), depth<LockStep>(handler.value)) > Program::kMaxNesting)
      context.report(Code::too_deep, *handlers.find(handler.id),
                     fmt::format("more than {} loops (or locks) inside each other", Program::kMaxNesting));
}

void check_memory(const ApplicationConfig& config, const Node& node, Context& context) {
  if (config.memory && config.base_memory >= *config.memory)
    context.report(Code::inconsistent, *node.find("memory"), "'memory' is used up by 'assume.base_memory'");
}

}  // namespace

const FieldTable<ApplicationConfig>& ApplicationConfig::fields() {
  using A = ApplicationConfig;
  static const auto table =
      FieldTable<A>("application", "A program that runs on compute: its workers and what its handlers do.")
          .field("concurrency", &A::concurrency,
                 {.doc = "worker slots of a server: requests in progress at once",
                  .source = "default: Apache Tomcat, Configuration Reference, HTTP Connector: maxThreads 200",
                  .min = 1,
                  .max = 1'000'000})
          .field(
              "backlog", &A::backlog,
              {.doc = "waiting places of a server; who finds none is answered with Overloaded",
               .source =
                   "default: Apache Tomcat 7, Configuration Reference, HTTP Connector: acceptCount 100, with "
                   "blocking connectors the queue while all threads are in use",
               .max = 100'000'000})
          .field("memory", &A::memory,
                 {.doc = "of a server; matters to versions that leak", .binary_units = true})
          .field("discipline", &A::discipline,
                 {.doc = "who gets the next free worker: first come, or lowest priority number"})
          .field("shedding", &A::shedding,
                 {.doc = "turns requests away on purpose; none = only a full backlog does"})
          .required("handlers", &A::handlers, {.doc = "steps by operation"})
          .field("versions", &A::versions, {.doc = "versions by name; servers start with the first one"})
          .assume("base_memory", &A::base_memory,
                  {.doc = "memory in use after a start", .source = "assumption: small against 'memory'"})
          .assume("restart_time", &A::restart_time,
                  {.doc = "from a crash of the program (not of its machine) until it runs again",
                   .source =
                       "assumption: as Kubernetes delays the second of repeated crashes (documentation, Pod "
                       "Lifecycle: the first restart is immediate, then 10 s, 20 s, ... 300 s)"})
          .assume("response_size", &A::response_size,
                  {.doc = "of the body of a successful answer, but to health checks; for a load balancer's "
                          "bytes and the metric NetworkOut",
                   .source = "assumption: none stated, so nothing is counted"})
          .validate([](const A& config, const Node& node, Context& context) {
            check_versions(config, node, context);
            check_memory(config, node, context);
            check_handlers(config, node, context);
          });
  return table;
}

std::vector<std::string> ApplicationConfig::handler_names() const {
  std::vector<std::string> names;
  for (const auto& handler : handlers) names.push_back(handler.id);
  return names;
}

std::vector<std::string> ApplicationConfig::version_names() const {
  std::vector<std::string> names;
  for (const auto& version : versions) names.push_back(version.id);
  return names;
}

namespace {

std::vector<std::string_view> views(const std::vector<std::string>& names) {
  return {names.begin(), names.end()};
}

void check_target(const CallTarget& target, const Defined& defined, Diagnostics& diagnostics) {
  const auto place = defined.endpoints.find(target.resource.id);
  if (place == defined.endpoints.end()) return report_no_endpoint(target.resource, defined, diagnostics);
  if (!place->second) return;
  const auto& operations = *place->second;
  if (std::find(operations.begin(), operations.end(), target.operation) != operations.end()) return;
  const auto known = views(operations);
  diagnostics.add({Code::unknown_name, target.resource.place, target.resource.path,
                   fmt::format("'{}' has no operation '{}'", target.resource.id, target.operation),
                   did_you_mean(target.operation, known), fmt::format("known: {}", fmt::join(known, ", "))});
}

}  // namespace

void ApplicationConfig::check(const Defined& defined, Diagnostics& diagnostics) const {
  for (const auto& handler : handlers)
    visit_steps(handler.value, [&](const Step& step) {
      if (const auto* call = std::get_if<CallStep>(&step.value))
        check_target(call->call, defined, diagnostics);
      if (const auto* send = std::get_if<SendStep>(&step.value))
        check_target(send->send, defined, diagnostics);
    });
}

std::unique_ptr<Application> ApplicationConfig::build(World& world, const std::string& id) const {
  return std::make_unique<ApplicationModel>(world, id, *this);
}

}  // namespace application

using application::ShedThreshold;
using Thresholds = std::vector<ShedThreshold>;

std::optional<Thresholds> FieldType<Thresholds>::read(const Node& node, Context& context, const FieldRules&) {
  if (!node.is_map()) {
    context.wrong_type(node, "a map of priority to share", "{0: 100%, 1: 80%}");
    return std::nullopt;
  }
  Thresholds result;
  for (const auto& child : node.children()) {
    const std::string& key = child->key();
    ShedThreshold threshold;
    const auto parsed = std::from_chars(key.data(), key.data() + key.size(), threshold.priority);
    if (parsed.ec != std::errc() || parsed.ptr != key.data() + key.size()) {
      context.report_key(Code::bad_number, *child, fmt::format("'{}' is no priority", key),
                         "a whole number, 0 first");
      continue;
    }
    const auto share = FieldType<Probability>::read(*child, context, {});
    if (!share) continue;
    threshold.occupancy = *share;
    result.push_back(threshold);
  }
  if (result.size() != node.size()) return std::nullopt;
  std::sort(result.begin(), result.end(), [](auto& a, auto& b) { return a.priority < b.priority; });
  return result;
}

std::string FieldType<Thresholds>::show(const Thresholds& thresholds) {
  std::vector<std::string> items;
  for (const auto& each : thresholds)
    items.push_back(fmt::format("{}: {}", each.priority, FieldType<Probability>::show(each.occupancy)));
  return field_detail::show_map(items);
}

void FieldType<Thresholds>::schema(Json& out, SchemaBook& book, const FieldRules& rules) {
  schema::map_by_id(out, book, rules, &FieldType<Probability>::schema);
}

}  // namespace nephoscope
