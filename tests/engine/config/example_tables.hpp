// A small scenario language of our own, with one field of each kind: for the tests and the fuzzer.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "engine/config/alternatives.hpp"
#include "engine/config/field_table.hpp"

namespace nephoscope {

enum class Discipline { fifo, priority, processor_sharing };

template <>
inline constexpr auto kEnumNames<Discipline> = enum_names<Discipline>({{"fifo", Discipline::fifo},
                                                                       {"priority", Discipline::priority},
                                                                       {"processor_sharing",
                                                                        Discipline::processor_sharing}});

struct RetryConfig {
  std::string mode = "standard";
  int max_attempts = 3;
  static const FieldTable<RetryConfig>& fields();
};

struct StationConfig {
  std::int64_t servers = 1;
  std::optional<std::int64_t> queue_limit;
  Discipline discipline = Discipline::fifo;
  Duration service{};
  RetryConfig retry;
  std::vector<Rate> rates;
  std::vector<Named<Probability>> mix;
  std::vector<std::pair<std::string, Bytes>> sizes;
  Reference target;
  bool shared = false;
  double weight = 1.0;
  Bytes message_size{256 * 1024};
  std::optional<Usd> price;
  std::optional<BytesPerSecond> bandwidth;
  std::optional<UtcTime> start;
  std::optional<std::int64_t> count;
  NodePointer options = nullptr;
  Duration boot_time = 40s;
  Probability failure{0.01};
  static const FieldTable<StationConfig>& fields();
};

struct Step;

struct CallStep {
  std::string call;
  std::optional<Duration> timeout;
  static const FieldTable<CallStep>& fields();
};
struct ComputeStep {
  Duration compute{};
  static const FieldTable<ComputeStep>& fields();
};
struct ParallelStep {
  std::vector<Step> parallel;
  std::optional<int> wait_for;
  static const FieldTable<ParallelStep>& fields();
};

// A step may hold steps.
struct Step {
  std::variant<CallStep, ComputeStep, ParallelStep> value;
};

const Alternatives<decltype(Step::value)>& steps();

template <>
struct FieldType<Step> {
  static std::optional<Step> read(const Node& node, Context& context, const FieldRules&) {
    auto value = steps().read(node, context);
    return value ? std::optional(Step{std::move(*value)}) : std::nullopt;
  }
  static std::string show(const Step& step) {
    return std::visit([](const auto& each) { return each.fields().show(each); }, step.value);
  }
  static std::string type_name() { return "step"; }
  static void schema(Json& out, SchemaBook& book, const FieldRules&) { steps().refer(out, book); }
};

struct ScenarioConfig {
  std::string name;
  std::vector<Named<StationConfig>> resources;
  std::vector<Named<std::vector<Step>>> handlers;
  static const FieldTable<ScenarioConfig>& fields();
};

inline const FieldTable<RetryConfig>& RetryConfig::fields() {
  static const auto table = FieldTable<RetryConfig>("retry policy", "How often a call is tried again.")
                                .field("mode", &RetryConfig::mode, {.doc = "name of the mode"})
                                .field("max_attempts", &RetryConfig::max_attempts,
                                       {.doc = "tries, the first included", .min = 1, .max = 10})
                                .shorthand("mode");
  return table;
}

inline const FieldTable<StationConfig>& StationConfig::fields() {
  using C = StationConfig;
  static const auto table =
      FieldTable<C>("Example::Station", "A generic server.")
          .typed()
          .field("servers", &C::servers, {.doc = "parallel servers", .min = 1, .max = 1e6})
          .field("queue_limit", &C::queue_limit, {.doc = "waiting requests", .min = 0})
          .field("discipline", &C::discipline, {.doc = "order of service"})
          .required("service", &C::service, {.doc = "service time", .max = 15min, .above = 0s})
          .field("retry", &C::retry, {.doc = "of calls"})
          .field("rates", &C::rates, {.doc = "profile", .min_items = 1, .max_items = 3})
          .field("mix", &C::mix, {.doc = "shares of classes"})
          .field("sizes", &C::sizes, {.doc = "sizes of classes"})
          .field("target", &C::target, {.doc = "where output goes", .refers_to = "resource"})
          .field("shared", &C::shared, {.doc = "shared by all"})
          .field("weight", &C::weight, {.doc = "share of traffic", .above = 0})
          .field("message_size", &C::message_size, {.doc = "largest message", .binary_units = true})
          .field("price", &C::price, {.doc = "per hour"})
          .field("bandwidth", &C::bandwidth, {.doc = "of the link"})
          .field("start", &C::start, {.doc = "first instant"})
          .field("count", &C::count, {.doc = "instead of rates"})
          .field("options", &C::options, {.doc = "free form"})
          .assume("boot_time", &C::boot_time, {.doc = "until ready", .source = "a paper, p. 3"})
          .assume("failure", &C::failure, {.doc = "share that fails", .source = "another paper"})
          .at_most_one_of({"rates", "count"})
          .validate([](const C& config, const Node& node, Context& context) {
            if (config.queue_limit && *config.queue_limit < config.servers)
              context.report(Code::inconsistent, *node.find("queue_limit"),
                             "'queue_limit' is below 'servers'");
          });
  return table;
}

inline const FieldTable<CallStep>& CallStep::fields() {
  static const auto table = FieldTable<CallStep>("call", "Calls a resource and waits.")
                                .required("call", &CallStep::call, {.doc = "RESOURCE.OPERATION"})
                                .field("timeout", &CallStep::timeout, {.doc = "none: waits for ever"});
  return table;
}

inline const FieldTable<ComputeStep>& ComputeStep::fields() {
  static const auto table = FieldTable<ComputeStep>("compute", "Works on a CPU.")
                                .required("compute", &ComputeStep::compute, {.doc = "CPU time"});
  return table;
}

inline const FieldTable<ParallelStep>& ParallelStep::fields() {
  static const auto table =
      FieldTable<ParallelStep>("parallel", "Runs steps side by side.")
          .required("parallel", &ParallelStep::parallel, {.doc = "the steps", .min_items = 1})
          .field("wait_for", &ParallelStep::wait_for, {.doc = "how many to wait for", .min = 1});
  return table;
}

inline const Alternatives<decltype(Step::value)>& steps() {
  static const auto table = Alternatives<decltype(Step::value)>("step", "One step of a handler.")
                                .option<CallStep>("call")
                                .option<ComputeStep>("compute")
                                .option<ParallelStep>("parallel");
  return table;
}

inline const FieldTable<ScenarioConfig>& ScenarioConfig::fields() {
  using C = ScenarioConfig;
  static const auto table = FieldTable<C>("scenario", "An example scenario.")
                                .field("name", &C::name, {.doc = "title"})
                                .field("resources", &C::resources, {.doc = "by id"})
                                .field("handlers", &C::handlers, {.doc = "by operation"});
  return table;
}

}  // namespace nephoscope
