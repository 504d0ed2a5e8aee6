#include "models/client/client.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "models/client/workload.hpp"
#include "models/common/references.hpp"

namespace nephoscope::client {

namespace {

constexpr double kMixTolerance = 1e-9;
constexpr Duration kLatestStart = kMaxDuration / 10;  // so that start and a trace's length stay in range

void check_mix(const WorkloadConfig& workload, const Node& node, Context& context) {
  const Node* mix = node.find("mix");
  if (mix == nullptr) return;
  double sum = 0;
  for (const auto& share : workload.mix) sum += share.value.value;
  if (sum < 1 - kMixTolerance || sum > 1 + kMixTolerance)
    context.report(Code::percent_sum, *mix, fmt::format("the shares add up to {}", show(Probability(sum))),
                   "they must add up to 100%");
}

void check_workload(const WorkloadConfig& workload, const Node& node, Context& context) {
  check_mix(workload, node, context);
  if (workload.stop && *workload.stop <= workload.start)
    context.report(Code::inconsistent, *node.find("stop"), "the workload stops before it starts");
}

// The path of one of the workload's keys.
std::string path_of(const WorkloadConfig& workload, const std::string& key) {
  return workload.target.path.substr(0, workload.target.path.rfind('.') + 1) + key;
}

// Reports about operations, at the places where the scenario names them.
class OperationCheck {
 public:
  OperationCheck(const WorkloadConfig& workload, const std::vector<std::string>& known,
                 Diagnostics& diagnostics)
      : known_(known.begin(), known.end()), diagnostics_(diagnostics), workload_(workload) {}

  void run() {
    if (workload_.operation) expect(*workload_.operation);
    for (const auto& share : workload_.mix)
      expect({share.id, share.place, path_of(workload_, "mix." + path_segment(share.id))});
    if (!workload_.operation && workload_.mix.empty() && known_.size() > 1)
      report({Code::missing_key, workload_.target.place, path_of(workload_, "mix"),
              fmt::format("'{}' understands several operations: which are called?", workload_.target.id),
              fmt::format("add `mix` or `operation`: {}", fmt::join(known_, ", ")), ""});
  }

 private:
  void expect(const Reference& operation) {
    if (std::find(known_.begin(), known_.end(), operation.id) != known_.end()) return;
    report({Code::unknown_reference, operation.place, operation.path,
            fmt::format("'{}' understands no operation '{}'", workload_.target.id, operation.id),
            did_you_mean(operation.id, known_), fmt::format("known: {}", fmt::join(known_, ", "))});
  }
  void report(Diagnostic diagnostic) { diagnostics_.add(std::move(diagnostic)); }

  std::vector<std::string_view> known_;
  Diagnostics& diagnostics_;
  const WorkloadConfig& workload_;
};

// Priorities of operations that are never called would be forgotten silently.
void check_priorities(const WorkloadConfig& workload, Diagnostics& diagnostics) {
  for (const auto& priority : workload.priorities) {
    const bool in_mix = std::any_of(workload.mix.begin(), workload.mix.end(),
                                    [&](const auto& share) { return share.id == priority.id; });
    const bool is_only = workload.operation && workload.operation->id == priority.id;
    if (!in_mix && !is_only)
      diagnostics.add({Code::unknown_reference, priority.place,
                       path_of(workload, "priorities." + path_segment(priority.id)),
                       fmt::format("this workload never calls '{}'", priority.id),
                       "priorities are for operations of `mix` or `operation`", ""});
  }
}

FieldTable<WorkloadConfig> own_fields() {
  const auto own = []<class M>(M ResolverConfig::*member) {
    return static_cast<M WorkloadConfig::*>(member);
  };
  return FieldTable<WorkloadConfig>("workload",
                                    "Who calls the architecture, when, for what, and how patiently.")
      .required("target", &WorkloadConfig::target,
                {.doc = "the resource that is called", .refers_to = "resource"})
      .required("arrivals", &WorkloadConfig::arrivals, {.doc = "when calls come"})
      .field(
          "from", &WorkloadConfig::from,
          {.doc = "the AWS Region that the callers are near; absent: nowhere, and messages to and from them "
                  "take no time",
           .refers_to = "Region"})
      .field("operation", &WorkloadConfig::operation,
             {.doc = "the only operation that is called", .refers_to = "operation"})
      .field("mix", &WorkloadConfig::mix, {.doc = "the share of each operation; together 100%"})
      .field("priorities", &WorkloadConfig::priorities,
             {.doc = "priority of an operation's requests; lower is served first; 0 unless named here"})
      .field("keys", &WorkloadConfig::keys, {.doc = "which item a call is about; absent: none"})
      .field("request_size", &WorkloadConfig::request_size, {.doc = "size of a request's body"})
      .field(
          "clients", &WorkloadConfig::clients,
          {.doc = "SDK client objects over which calls go in turn; each has its own retry quota, send rate, "
                  "connections and breaker",
           .min = 1,
           .max = 100'000})
      .field("start", &WorkloadConfig::start,
             {.doc = "when the workload begins, from the run's start", .max = kLatestStart})
      .field("stop", &WorkloadConfig::stop, {.doc = "when its arrivals end; absent: at the end of the run"})
      .field("objective", &WorkloadConfig::objective,
             {.doc = "a minute whose availability is lower counts as degraded"})
      .assume(
          "dns_ignores_ttl", own(&ResolverConfig::ignores_ttl),
          {.doc = "share of calls by users whose resolvers keep an answer for dns_stale_time, not its TTL",
           .source = "assumption; that there are some: Elastic Beanstalk Developer Guide, Blue/Green "
                     "deployments"})
      .assume("dns_stale_time", own(&ResolverConfig::stale_time),
              {.doc = "how long such resolvers keep an answer", .source = "assumption"})
      .assume("dns_never_asks_again", own(&ResolverConfig::never_asks_again),
              {.doc = "share of calls by users whose resolvers never ask again",
               .source = "assumption: programs that resolve once when they start"});
}

}  // namespace

const FieldTable<WorkloadConfig>& WorkloadConfig::fields() {
  static const FieldTable<WorkloadConfig> table =
      with_call_policy(own_fields()).at_most_one_of({"operation", "mix"}).validate(check_workload);
  return table;
}

void WorkloadConfig::check(const Defined& defined, Diagnostics& diagnostics) const {
  check_priorities(*this, diagnostics);
  if (from) {
    const auto elsewhere = defined.other_regions.find(target.id);
    const bool at_home = elsewhere == defined.other_regions.end();
    check_regions(*from, at_home ? defined.region : elsewhere->second, defined, diagnostics);
  }
  const auto endpoint = defined.endpoints.find(target.id);
  if (endpoint != defined.endpoints.end()) {
    if (endpoint->second) OperationCheck(*this, *endpoint->second, diagnostics).run();
    return;
  }
  report_no_endpoint(target, defined, diagnostics);
}

std::unique_ptr<Resource> WorkloadConfig::build(World& world, const std::string& id) const {
  return std::make_unique<Workload>(world, id, *this);
}

}  // namespace nephoscope::client
