#include "models/study/metrics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "engine/base/check.hpp"

namespace nephoscope {
namespace {

using enum MetricKind;
constexpr MetricScopes kCalls = {.summary = true, .workload = true, .window = true};
constexpr MetricScopes kResource = {.resource = true};

constexpr auto kTable = std::to_array<MetricInfo>({
    {"availability", share, kCalls, false, true,
     "Calls answered without error or timeout, divided by calls that arrived after the warm-up."},
    {"availability.attempts",
     share,
     {.summary = true, .workload = true},
     false,
     true,
     "The same for single attempts: what the services answered before retries hid failures."},
    {"latency", duration, kCalls, true, false,
     "Quantiles of the time from the user's first attempt to the answer, of successful calls."},
    {"latency.mean", duration, kCalls, false, false, "Mean time to the answer, of successful calls."},
    {"latency.all", duration, kCalls, true, false,
     "Quantiles of the time to the end of all calls, failed ones included."},
    {"latency.all.mean", duration, kCalls, false, false, "Mean time to the end of all calls."},
    {"throughput",
     rate,
     {.summary = true, .workload = true, .resource = true, .window = true},
     false,
     false,
     "Successful calls (for a resource: requests served) per second of the measured window."},
    {"arrivals.rate", rate, kCalls, false, false, "Calls that arrived per second of the measured window."},
    {"errors.rate",
     share,
     {.summary = true, .workload = true, .resource = true, .window = true},
     false,
     true,
     "Calls (for a resource: requests) that failed, divided by those that arrived."},
    {"attempts.mean", number, {.summary = true, .workload = true}, false, false, "Attempts per call."},
    {"minutes_degraded",
     minutes,
     {.summary = true, .workload = true},
     false,
     false,
     "Minutes whose availability is under the objective (99 % unless the scenario says otherwise)."},
    {"rolled_back", share, kResource, false, false,
     "Share of the replications in which a deployment was rolled back by itself."},
    {"time_to_recover",
     duration,
     {.summary = true, .workload = true},
     false,
     false,
     "From the begin of the first degraded minute to the end of the last; 0 without any."},
    {"requests.lost",
     number,
     {.summary = true, .workload = true},
     false,
     false,
     "Calls that failed or were never answered, in one run."},
    {"cost.total",
     money,
     {.summary = true, .resource = true},
     false,
     false,
     "The bill of the whole run, warm-up included."},
    {"cost.monthly",
     money,
     {.summary = true},
     false,
     false,
     "The bill of a month (730 h) of such runs: quantities scaled, tiers applied to the month."},
    {"cost.per_million_requests",
     money,
     {.summary = true},
     false,
     false,
     "cost.total divided by the millions of calls of the whole run."},
    {"utilization", share, kResource, false, false,
     "Time-averaged share of the servers (vCPUs, cores) that are busy."},
    {"queue.mean", number, kResource, false, false, "Time-averaged number of requests that wait in line."},
    {"jobs.mean", number, kResource, false, false,
     "Time-averaged number of requests being served or waiting."},
    {"wait", duration, kResource, true, false,
     "Quantiles of the time in line, of requests that were served."},
    {"wait.mean", duration, kResource, false, false, "Mean time in line, of requests that were served."},
    {"rejected.rate", share, kResource, false, true,
     "Requests turned away because the line was full, divided by those that arrived."},
    {"reneged.rate", share, kResource, false, true,
     "Requests that left the line unserved, divided by those that arrived."},
    {"shed.rate", share, kResource, false, true,
     "Requests turned away on purpose (load shedding), divided by those that arrived."},
    {"workers.utilization", share, kResource, false, false,
     "Time-averaged share of the worker slots that are held."},
    {"crashes.rate", rate, kResource, false, false,
     "Crashes of the application per second of the measured window."},
    {"CPUUtilization", share, kResource, false, false,
     "Mean CPU utilisation of running instances, as CloudWatch shows it."},
    {"instances.mean", number, kResource, false, false, "Time-averaged number of running instances."},
    {"instance_hours", number, kResource, false, false,
     "Hours of running instances in the measured window of one run."},
    {"launches", number, kResource, false, false, "Launches of instances that were asked for, in one run."},
    {"launches.failed", number, kResource, false, false,
     "Launches that EC2 refused, or that ended before the instance ran, in one run."},
    {"CPUCreditBalance", number, kResource, false, false,
     "Mean CPU credits that a running burstable instance has left."},
    {"CPUSurplusCreditsCharged", number, kResource, false, false,
     "Surplus CPU credits that were charged, in one run."},
    {"hosts.available", share, kResource, false, false, "Time-averaged share of the machines that are up."},
    {"up.mean", number, kResource, false, false, "Time-averaged number of instances that are up."},
    {"quorum.share", share, kResource, false, false,
     "Share of the time in which at least as many instances are up as it takes."},
    {"quorum.losses", number, kResource, false, false, "How often there were too few, in one run."},
    {"failures.rate", rate, kResource, false, false,
     "Failures of machines per second of the measured window."},
    // Elastic Load Balancing, under CloudWatch's names; counts are of the measured window.
    {"RequestCount", number, kResource, false, false, "Requests that got a target."},
    {"HTTPCode_Target_2XX_Count", number, kResource, false, false, "Answers of targets without error."},
    {"HTTPCode_Target_4XX_Count", number, kResource, false, false,
     "Answers of targets with errors that are the client's, throttling included."},
    {"HTTPCode_Target_5XX_Count", number, kResource, false, false,
     "Answers of targets with errors of their own."},
    {"HTTPCode_ELB_4XX_Count", number, kResource, false, false, "Requests whose client closed first (460)."},
    {"HTTPCode_ELB_5XX_Count", number, kResource, false, false,
     "Requests that the load balancer answered with 502, 503 or 504."},
    {"HTTPCode_ELB_502_Count", number, kResource, false, false,
     "Requests whose target refused or reset the connection, or was deregistered for too long."},
    {"HTTPCode_ELB_503_Count", number, kResource, false, false,
     "Requests for which no target was registered."},
    {"HTTPCode_ELB_504_Count", number, kResource, false, false,
     "Requests whose target did not answer in time."},
    {"TargetResponseTime", duration, kResource, false, false,
     "Mean time from the load balancer's request to the target's answer."},
    {"RejectedConnectionCount", number, kResource, false, false,
     "Requests past the load balancer's own capacity."},
    {"TargetConnectionErrorCount", number, kResource, false, false,
     "Connections to targets that could not be made."},
    {"UnhealthyRoutingRequestCount", number, kResource, false, false,
     "Requests sent while the node failed open."},
    {"HealthyHostCount", number, kResource, false, false, "Time-averaged number of healthy targets."},
    {"UnHealthyHostCount", number, kResource, false, false, "Time-averaged number of unhealthy targets."},
    {"NewConnectionCount", number, kResource, false, false, "New connections, of clients and to targets."},
    {"ActiveConnectionCount", number, kResource, false, false,
     "Mean number of clients' connections, minute by minute."},
    {"ConsumedLCUs", number, kResource, false, false, "Mean capacity units, minute by minute."},
    {"ProcessedBytes", number, kResource, false, false, "Bytes of requests and responses."},
    {"NewFlowCount", number, kResource, false, false, "New flows of a network load balancer."},
    {"ActiveFlowCount", number, kResource, false, false, "Mean number of flows, minute by minute."},
    {"TCP_Target_Reset_Count", number, kResource, false, false, "Flows that targets refused or reset."},
    {"TCP_ELB_Reset_Count", number, kResource, false, false, "Flows that the load balancer reset."},
    {"PortAllocationErrorCount", number, kResource, false, false,
     "Flows for which no port to the target was left."},
    {"UnhealthyRoutingFlowCount", number, kResource, false, false, "Flows sent while the node failed open."},
    // Distributed jobs and replicated stores; counts are of the measured window of one run, sizes in bytes.
    {"job.duration", duration, kResource, true, false,
     "Quantiles of a run's duration from its first stage on, of runs that succeeded."},
    {"job.duration.mean", duration, kResource, false, false,
     "Mean duration of a run from its first stage on, of runs that succeeded."},
    {"jobs.failed", number, kResource, false, false, "Runs of the job that failed."},
    {"stages.repeated", number, kResource, false, false, "Attempts of stages after their first."},
    {"tasks.finished", number, kResource, false, false,
     "Tasks that ended, those whose output was lost later included."},
    {"tasks.failed", number, kResource, false, false, "Tries of tasks that the application failed."},
    {"tasks.lost", number, kResource, false, false,
     "Tasks that were lost with their worker, running or finished in the stage."},
    {"tasks.stragglers", share, kResource, false, false,
     "Tasks much slower than their stage's median, divided by those that ended."},
    {"shuffle.bytes", number, kResource, false, false, "Bytes that arrived at other workers in shuffles."},
    {"shuffle.rate", number, kResource, false, false,
     "Bytes per second that arrived while a shuffle was in progress."},
    {"chunks.unavailable", share, kResource, false, false,
     "Time-averaged share of the chunks with too few live replicas for a read, lost ones aside."},
    {"chunks.unavailable.peak", number, kResource, false, false,
     "The most chunks that were unavailable at once."},
    {"chunks.under_replicated", share, kResource, false, false,
     "Time-averaged share of the chunks with fewer live replicas than wanted."},
    {"chunks.lost", number, kResource, false, false, "Chunks of which no copy is left, at the end."},
    {"under_replicated.time", duration, kResource, false, false,
     "Time in which any chunk had fewer live replicas than wanted."},
    {"repairs", number, kResource, false, false, "Replicas that were made again."},
    {"repairs.failed", number, kResource, false, false, "Copies that ended with their source or target."},
    {"repairs.stuck", number, kResource, false, false,
     "Time-averaged number of chunks for which the last search found no room."},
    {"repair.bytes", number, kResource, false, false, "Bytes of the replicas that were made again."},
    {"repair.duration", duration, kResource, true, false, "Quantiles of the time that a copy took."},
    {"repair.searches_in_vain", number, kResource, false, false,
     "Searches for a node with room that found none."},
});

std::string_view suffix_after_dot(std::string_view name) {
  const auto dot = name.rfind('.');
  return dot == std::string_view::npos ? std::string_view() : name.substr(dot + 1);
}

const MetricInfo* find_row(std::string_view name, bool sketch) {
  const auto* row = std::find_if(kTable.begin(), kTable.end(), [&](const MetricInfo& each) {
    return each.name == name && each.sketch == sketch;
  });
  return row == kTable.end() ? nullptr : row;
}

template <class T, class Convert>
Parsed<double> converted(const Parsed<T>& parsed, Convert convert) {
  if (!parsed) return {std::nullopt, parsed.problem};
  return {convert(*parsed.value), {}};
}

}  // namespace

bool MetricScopes::has(Scope scope) const {
  switch (scope) {
    case Scope::summary:
      return summary;
    case Scope::workload:
      return workload;
    case Scope::resource:
      return resource;
    case Scope::window:
      return window;
  }
  fail_check("study", "no such scope");
}

std::span<const MetricInfo> metric_table() { return kTable; }

std::optional<QuantileName> parse_quantile(std::string_view name) {
  constexpr std::size_t most_digits = 6;
  const std::string_view suffix = suffix_after_dot(name);
  if (suffix.size() < 3 || suffix.size() > 1 + most_digits || suffix.front() != 'p') return std::nullopt;
  double numerator = 0;
  double denominator = 1;
  for (const char c : suffix.substr(1)) {
    if (c < '0' || c > '9') return std::nullopt;
    numerator = numerator * 10 + (c - '0');
    denominator *= 10;
  }
  if (numerator == 0) return std::nullopt;
  return QuantileName{std::string(name.substr(0, name.size() - suffix.size() - 1)), numerator / denominator};
}

const MetricInfo* find_metric(std::string_view name) {
  if (const MetricInfo* row = find_row(name, false)) return row;
  const auto quantile = parse_quantile(name);
  return quantile ? find_row(quantile->sketch, true) : nullptr;
}

bool is_sketch(std::string_view name) { return find_row(name, true) != nullptr; }

std::vector<std::string> metric_names(Scope scope) {
  std::vector<std::string> names;
  for (const MetricInfo& row : kTable) {
    if (!row.scopes.has(scope)) continue;
    if (!row.sketch) names.emplace_back(row.name);
    for (const auto& quantile : kShownQuantiles)
      if (row.sketch) names.push_back(fmt::format("{}.{}", row.name, quantile.suffix));
  }
  return names;
}

std::string_view unit_of(MetricKind kind) {
  switch (kind) {
    case share:
    case number:
      return "1";
    case duration:
      return "s";
    case rate:
      return "1/s";
    case money:
      return "USD";
    case minutes:
      return "min";
  }
  fail_check("study", "no such kind of metric");
}

Parsed<double> parse_bound(MetricKind kind, std::string_view text) {
  switch (kind) {
    case share:
      return converted(parse_probability(text), [](Probability value) { return value.value; });
    case duration:
      return converted(parse_duration(text), [](Duration value) { return to_seconds(value); });
    case rate:
      return converted(parse_rate(text), [](Rate value) { return value.per_second; });
    case money:
      return converted(parse_usd(text), [](Usd value) { return to_dollars(value); });
    case minutes:
      return converted(parse_duration(text), [](Duration value) { return to_seconds(value) / 60; });
    case number:
      return parse_number(text);
  }
  fail_check("study", "no such kind of metric");
}

std::string_view example_of(MetricKind kind) {
  switch (kind) {
    case share:
      return "99.9%";
    case duration:
      return "400ms";
    case rate:
      return "200/s";
    case money:
      return "$5";
    case minutes:
      return "5m";
    case number:
      return "10";
  }
  fail_check("study", "no such kind of metric");
}

}  // namespace nephoscope
