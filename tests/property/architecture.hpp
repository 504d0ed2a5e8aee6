// Random small architectures under random faults, as scenario texts: a pure function of a seed.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "models/common/request.hpp"

namespace nephoscope::property {

class Architecture final {
 public:
  explicit Architecture(std::uint64_t seed) : state_(mix64(seed)) {}
  // A scenario that loads without diagnostics but warnings.
  std::string text();

 private:
  // One of the first n numbers; one of the words.
  std::uint64_t below(std::uint64_t n) { return (state_ = mix64(state_)) % n; }
  bool chance(std::uint64_t percent) { return below(100) < percent; }
  std::string number(std::uint64_t low, std::uint64_t high) {
    return std::to_string(low + below(high - low + 1));
  }
  std::string one_of(const std::vector<std::string>& words) { return words[below(words.size())]; }
  std::string zone() { return "us-east-1" + one_of(zones_); }
  std::string minutes(std::uint64_t low, std::uint64_t high) { return number(60 * low + 1, 60 * high) + "s"; }

  void choose_zones();
  std::string applications();
  std::string arrivals();
  std::string workloads();
  std::string launch(bool burstable = true);
  std::string balancer(const std::string& targets);
  void add_database();
  void add_group();
  void add_instances();
  void add_environment();
  void add_placement_group();
  void add_store(std::uint64_t nodes);
  void add_job();
  void add_quorum();
  std::string table_properties(bool provisioned, bool global);
  void add_table();
  void add_global_table();
  void add_resources();
  std::string times(bool lasts, const std::string& each);
  std::string fault_on_instances();
  std::string fault_on_places();
  std::string fault_on_network();
  std::string faults();
  std::string account();
  std::string deployments();

  std::uint64_t state_;
  std::vector<std::string> zones_;
  std::string resources_;
  std::vector<std::string> fleets_;     // resources with instances
  std::vector<std::string> names_;      // with DNS
  std::vector<std::string> endpoints_;  // that users call
  std::string quiet_calls_;             // workloads of endpoints that take few or special requests
  bool database_ = false;
};

// Implementation.

namespace detail {

// The pattern with each # replaced by the next value. A braced list's values are drawn from left to right.
inline std::string fill(std::string_view pattern, std::initializer_list<std::string> values) {
  std::string text;
  const auto* value = values.begin();
  for (const char c : pattern)
    if (c == '#')
      text += *value++;
    else
      text += c;
  return text;
}

}  // namespace detail

inline void Architecture::choose_zones() {
  const std::vector<std::string> letters = {"a", "b", "c"};
  zones_.assign(letters.begin(), letters.begin() + static_cast<std::ptrdiff_t>(1 + below(3)));
}

inline std::string Architecture::applications() {
  return detail::fill(
      "applications:\n  site:\n    concurrency: #\n    backlog: #\n    handlers: {get: [{compute: {dist: "
      "exponential, mean: #ms}}#]}\n    versions: {v1: {}, bad: #}\n",
      {number(1, 32), number(0, 32), number(5, 65), database_ ? ", {call: db.get}" : "",
       one_of({"{error_rate: 50%}", "{slow_factor: 5}", "{fails_health_checks: true}",
               "{crashes_at_boot: true}", "{leaks: {dies_after: 7m}}"})});
}

inline std::string Architecture::arrivals() {
  if (chance(70)) return detail::fill("{rate: #/s}", {number(1, 12)});
  return detail::fill("{users: #, think_time: #s}", {number(1, 20), number(1, 5)});
}

inline std::string Architecture::workloads() {
  std::string text = "workloads:\n";
  for (const std::string& endpoint : endpoints_)
    text += detail::fill(
        "  users-of-#:\n    target: #\n    arrivals: #\n    timeout: #s\n    retry: #\n",
        {endpoint, endpoint, arrivals(), number(1, 9),
         one_of({"{mode: none}", "{mode: standard, max_attempts: 3}", "{mode: legacy, max_attempts: 4}"})});
  return text + quiet_calls_;
}

inline std::string Architecture::launch(bool burstable) {
  return detail::fill(
      "    application: site\n    instance_type: #\n    assume: {launch_time: #s, boot_time: #s, "
      "bootstrap_time: #s, restart_time: #s#}\n",
      {burstable ? one_of({"t3.small", "m6i.large", "t2.micro", "c6i.large"})
                 : one_of({"m6i.large", "c6i.large"}),
       number(0, 20), number(0, 30), number(0, 120), number(0, 20),
       chance(20) ? ", image_size: " + number(1, 5000) + "MB" : ""});
}

inline std::string Architecture::balancer(const std::string& targets) {
  return detail::fill(
      "    type: AWS::ElasticLoadBalancingV2::LoadBalancer\n    load_balancer_type: #\n    targets: #\n    "
      "target_group: {health_check_interval_seconds: #, deregistration_delay_seconds: #}\n",
      {one_of({"application", "application", "network"}), targets, one_of({"10", "30"}), number(0, 60)});
}

inline void Architecture::add_database() {
  database_ = true;
  resources_ += detail::fill(
      "  db: {type: Nephoscope::Station, servers: #, queue_limit: #, service: {dist: exponential, mean: "
      "#ms}}\n",
      {number(1, 4), number(0, 50), number(1, 30)});
}

inline void Architecture::add_group() {
  const std::uint64_t least = 1 + below(5);
  const std::uint64_t spare = below(4);
  const bool grouped = chance(40);
  if (grouped) add_placement_group();
  resources_ += "  web:\n    type: AWS::AutoScaling::AutoScalingGroup\n" + launch(!grouped);
  if (grouped) resources_ += "    placement_group: pg\n";
  resources_ += detail::fill(
      "    min_size: #\n    max_size: #\n    health_check_type: #\n    health_check_grace_period: #\n",
      {std::to_string(least), std::to_string(least + spare), one_of({"EC2", "ELB"}), minutes(0, 6)});
  if (chance(40))
    resources_ += detail::fill("    mixed_instances: {on_demand_percentage_above_base_capacity: #}\n",
                               {one_of({"0", "50"})});
  else if (chance(20))
    resources_ += "    warm_pool: {min_size: 1}\n";
  if (chance(20)) resources_ += "    capacity_rebalance: true\n";
  if (chance(20))
    resources_ += detail::fill(
        "    lifecycle_hooks: {hook: {transition: #, default_result: #, heartbeat_timeout: #, assume: "
        "{duration: #, "
        "fails: #%}}}\n",
        {one_of({"launching", "terminating"}), one_of({"CONTINUE", "ABANDON"}), minutes(1, 5), minutes(0, 6),
         number(0, 50)});
  if (chance(50))
    resources_ +=
        "    scaling_policies: {cpu: {target_tracking: {predefined_metric: ASGAverageCPUUtilization, "
        "target_value: 50}}}\n";
  if (chance(30)) add_store(least);
  if (chance(30)) add_job();
  resources_ += "  front:\n" + balancer("web");
  fleets_.emplace_back("web");
  names_.emplace_back("front");
  endpoints_.emplace_back("front");
}

// A cluster group has one zone, a spread group seven places in each.
inline void Architecture::add_placement_group() {
  const bool cluster = zones_.size() == 1 && chance(50);
  const bool spread = !cluster && chance(50);
  resources_ += detail::fill("  pg: {type: AWS::EC2::PlacementGroup, strategy: #}\n",
                             {cluster  ? "cluster"
                              : spread ? "spread"
                                       : "partition, partition_count: " + number(1, 7)});
}

inline void Architecture::add_store(std::uint64_t nodes) {
  resources_ += detail::fill(
      "  data: {type: Nephoscope::ReplicatedStore, nodes: web, initial_nodes: #, data: #GiB, chunks: #, "
      "replication_factor: #, placement: #, repair: {delay: #}}\n",
      {std::to_string(nodes), number(1, 60), number(5, 100), std::to_string(1 + below(nodes < 3 ? nodes : 3)),
       one_of({"random", "rack_aware", "zone_aware"}), minutes(0, 5)});
  quiet_calls_ +=
      "  users-of-data: {target: data, arrivals: {rate: 5/s}, mix: {read: 80%, write: 20%}, timeout: 2s}\n";
}

inline void Architecture::add_job() {
  resources_ += detail::fill(
      "  work: {type: Nephoscope::DistributedJob, workers: web, stages: {sort: {handler: get, tasks: #, "
      "shuffle: "
      "#MB}, solve: {exchanges: {rounds: #, compute: 1ms, size: 1KiB}}}}\n",
      {number(1, 20), number(0, 9000), number(1, 200)});
  quiet_calls_ += "  users-of-work: {target: work, arrivals: {rate: 20/h}, timeout: 20m}\n";
}

inline void Architecture::add_instances() {
  const std::uint64_t count = 1 + below(4);
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::string id = "m" + std::to_string(i);
    resources_ +=
        detail::fill("  #:\n    type: AWS::EC2::Instance\n    availability_zone: #\n", {id, zone()});
    resources_ += launch();
    fleets_.push_back(id);
  }
  endpoints_.emplace_back("m0");
}

inline void Architecture::add_environment() {
  const std::uint64_t least = 1 + below(3);
  const std::uint64_t spare = below(3);
  resources_ += detail::fill(
      "  shop:\n    type: AWS::ElasticBeanstalk::Environment\n    application: site\n    option_settings:\n"
      "      aws:elasticbeanstalk:environment: {LoadBalancerType: #}\n"
      "      aws:autoscaling:asg: {MinSize: #, MaxSize: #}\n"
      "      aws:elasticbeanstalk:healthreporting:system: {SystemType: enhanced}\n"
      "      aws:elasticbeanstalk:command: {DeploymentPolicy: #}\n",
      {one_of({"application", "network"}), std::to_string(least), std::to_string(least + spare),
       one_of({"AllAtOnce", "Rolling", "Immutable", "RollingWithAdditionalBatch"})});
  if (chance(30)) resources_ += "    blue_green: {}\n";
  fleets_.emplace_back("shop");
  names_.emplace_back("shop");
  endpoints_.emplace_back("shop");
}

inline void Architecture::add_quorum() {
  if (fleets_.front() == "shop") return;
  resources_ += detail::fill("  most: {type: Nephoscope::Quorum, of: [#], at_least: #}\n",
                             {fleets_.front(), number(1, 3)});
  endpoints_.emplace_back("most");
}

inline std::string Architecture::table_properties(bool provisioned, bool global) {
  const bool sorted = chance(50);
  std::string text = detail::fill("key_schema: {partition_key: id#}", {sorted ? ", sort_key: at" : ""});
  text += provisioned ? detail::fill(
                            ", billing_mode: PROVISIONED, provisioned_throughput: {read_capacity_units: #, "
                            "write_capacity_units: #}",
                            {number(1, 60), number(1, 60)})
                      : std::string(", billing_mode: PAY_PER_REQUEST");
  if (chance(50))
    text += detail::fill(
        ", global_secondary_indexes: {other: {key_schema: {partition_key: kind}#, assume: {keys: {count: "
        "#}, changes_key: #%}}}",
        {provisioned ? ", provisioned_throughput: {read_capacity_units: 5, write_capacity_units: " +
                           number(1, 60) + "}"
                     : "",
         number(1, 20), number(0, 100)});
  if (sorted && !global && chance(30)) text += ", local_secondary_indexes: {total: {sort_key: sum}}";
  if (chance(40)) text += ", stream_specification: {stream_view_type: NEW_IMAGE}";
  if (chance(40)) text += detail::fill(", time_to_live_specification: {assume: {ttl: #}}", {minutes(0, 9)});
  return text + detail::fill(
                    ", assume: {items: #, item_size: #B, partitions: {admission: #, saved_at_start: #s, "
                    "leader_failures_per_year: #}}",
                    {number(0, 20'000), number(1, 90'000),
                     one_of({"static", "burst_adaptive", "global_admission_control"}), number(0, 300),
                     number(0, 100'000)});
}

// What users do with a table: every kind of operation.
constexpr std::string_view kTableMix =
    "{GetItem: 30%, PutItem: 25%, UpdateItem: 10%, DeleteItem: 5%, Query: 8%, Scan: 1%, BatchGetItem: 8%, "
    "BatchWriteItem: 5%, TransactGetItems: 4%, TransactWriteItems: 4%}";

inline void Architecture::add_table() {
  const bool provisioned = chance(60);
  resources_ += "  table: {type: AWS::DynamoDB::Table, " + table_properties(provisioned, false) + "}\n";
  const std::string users = detail::fill(
      "{mix: #, arrivals: {rate: #/s}, keys: {dist: zipf, exponent: 1, count: #}, timeout: #s, retry: {mode: "
      "standard}, target: ",
      {std::string(kTableMix), number(1, 60), number(1, 5000), number(1, 9)});
  quiet_calls_ += "  users-of-table: " + users + "table}\n";
  if (provisioned && chance(50))
    resources_ += detail::fill(
        "  scaling: {type: AWS::ApplicationAutoScaling::ScalableTarget, resource_id: table, "
        "scalable_dimension: dynamodb:table:WriteCapacityUnits, min_capacity: 1, max_capacity: #, "
        "scaling_policies: {target_tracking: {predefined_metric: DynamoDBWriteCapacityUtilization}}}\n",
        {number(1, 500)});
  if (!chance(40)) return;
  resources_ += detail::fill(
      "  cache: {type: AWS::DAX::Cluster, table: table, node_type: dax.t3.small, replication_factor: #}\n",
      {number(1, 4)});
  quiet_calls_ += "  users-of-cache: " + users + "cache}\n";
}

inline void Architecture::add_global_table() {
  resources_ += "  world: {type: AWS::DynamoDB::GlobalTable, replicas: {us-east-1: {}, eu-west-1: {}}, " +
                table_properties(chance(30), true) + "}\n";
  for (const char* region : {"us-east-1", "eu-west-1"})
    quiet_calls_ += detail::fill(
        "  near-#: {target: world/#, from: #, mix: {GetItem: 50%, PutItem: 40%, DeleteItem: 10%}, arrivals: "
        "{rate: #/s}, keys: {count: #}, timeout: 3s}\n",
        {region, region, region, number(1, 20), number(1, 300)});
}

inline void Architecture::add_resources() {
  if (chance(40)) add_table();
  if (chance(15)) add_global_table();
  if (chance(40)) add_database();
  const std::uint64_t shape = below(4);
  if (shape == 0 || shape == 3) add_group();
  if (shape == 1) add_instances();
  if (shape == 2 || (shape == 3 && chance(30))) add_environment();
  if (chance(40)) add_quorum();
}

inline std::string Architecture::times(bool lasts, const std::string& each) {
  const std::string duration = lasts ? ", duration: " + minutes(0, 15) : "";
  switch (below(4)) {
    case 0:
      return detail::fill("time_between: {dist: exponential, mean: #}##",
                          {minutes(4, 20), each.empty() || chance(30) ? "" : ", each: " + each,
                           !lasts || chance(50) ? duration : ", duration: {dist: exponential, mean: 3m}"});
    case 1:
      return detail::fill("at: #, repeat: {every: ##}#",
                          {minutes(0, 30), minutes(2, 15), chance(50) ? ", times: 3" : "", duration});
    case 2:
      return detail::fill("at: ##",
                          {minutes(0, 40), lasts ? ", duration: {dist: exponential, mean: 5m}" : ""});
    default:
      return detail::fill("at: ##", {minutes(0, 40), duration});
  }
}

inline std::string Architecture::fault_on_instances() {
  struct Kind {
    const char* keys;
    bool lasts;
  };
  constexpr Kind kinds[] = {{"aws:ec2:terminate-instances", false},
                            {"aws:ec2:stop-instances", true},
                            {"aws:ec2:stop-instances", false},
                            {"aws:ec2:reboot-instances", false},
                            {"aws:ec2:send-spot-instance-interruptions", false},
                            {"sim:instance-failure", true},
                            {"sim:instance-failure", false},
                            {"sim:gray-failure, speed: 20%", true},
                            {"sim:slow-disk, speed: 10%", true},
                            {"aws:ebs:pause-volume-io", true},
                            {"sim:bad-version, version: bad", true}};
  const Kind& kind = kinds[below(std::size(kinds))];
  const std::string when = times(kind.lasts, "instance");
  const std::string chosen =
      when.find("each") != std::string::npos
          ? ""
          : one_of({"", "", ", selection: COUNT(1)", ", selection: COUNT(2)", ", selection: PERCENT(50)"});
  return detail::fill("{action: #, target: ###, #}",
                      {kind.keys, one_of(fleets_), chosen, chance(20) ? ", zone: " + zone() : "", when});
}

inline std::string Architecture::fault_on_places() {
  switch (below(4)) {
    case 0:
      return detail::fill("{action: sim:az-power-loss, zone: #, #}", {zone(), times(true, "zone")});
    case 1:
      return detail::fill("{action: aws:ec2:asg-insufficient-instance-capacity-error, zone: #, #}",
                          {zone(), times(true, "zone")});
    case 2:
      return detail::fill("{action: sim:host-failure, target: #, #}", {one_of(fleets_), times(true, "host")});
    default:
      return detail::fill("{action: sim:rack-power-loss, target: #, #}",
                          {one_of(fleets_), times(true, "rack")});
  }
}

inline std::string Architecture::fault_on_network() {
  const std::string between =
      detail::fill("between: [#, #]",
                   {chance(50) ? zone() : one_of(fleets_), chance(50) ? zone() : std::string("eu-west-1")});
  switch (below(6)) {
    case 0:
      return detail::fill("{action: sim:latency, #, delay: #ms, #}",
                          {between, number(1, 500), times(true, "")});
    case 1:
      return detail::fill("{action: sim:packet-loss, #, loss: #%, #}",
                          {between, number(1, 60), times(true, "")});
    case 2:
      return detail::fill("{action: sim:disconnect, #, #}", {between, times(true, "")});
    case 3:
      return detail::fill("{action: sim:region-isolation, #}", {times(true, "")});
    case 4:
      return names_.empty() ? fault_on_places()
                            : detail::fill("{action: sim:dns-stale, target: #, share: #%, #}",
                                           {one_of(names_), number(1, 100), times(true, "")});
    default:
      return detail::fill("{action: aws:network:disrupt-connectivity, zone: #, #}",
                          {zone(), times(true, "")});
  }
}

inline std::string Architecture::faults() {
  std::string text = "faults:\n";
  const std::uint64_t count = 1 + below(6);
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::uint64_t kind = below(10);
    const std::string fault = kind < 5   ? fault_on_instances()
                              : kind < 8 ? fault_on_places()
                                         : fault_on_network();
    text += "  f" + std::to_string(i) + ": " + fault + "\n";
  }
  return text;
}

// What befalls instances without faults of the scenario's own.
inline std::string Architecture::account() {
  if (!chance(30)) return "";
  return detail::fill(
      "ec2:\n  assume:\n    launch_failures: #%\n    time_to_system_failure: {dist: exponential, mean: #}\n  "
      "  "
      "capacity_shortages: {time_between: {dist: exponential, mean: #}, duration: #}\n",
      {number(0, 30), minutes(20, 60), minutes(10, 30), minutes(1, 9)});
}

inline std::string Architecture::deployments() {
  if (names_.empty() || !chance(20)) return "";
  return detail::fill("deployments:\n  ship: {at: #, target: #, version: bad}\n",
                      {minutes(6, 30), names_.back() == "shop" ? "shop" : "web"});
}

inline std::string Architecture::text() {
  choose_zones();
  add_resources();
  std::string letters;
  for (const std::string& letter : zones_) letters += (letters.empty() ? "" : ", ") + letter;
  std::string text = detail::fill(
      "nephoscope: 1\nname: Anything\nrun: {duration: #, warmup: 5m, replications: 1, seed: #, zones: [#]}\n",
      {minutes(30, 70), number(0, 1'000'000), letters});
  text += workloads();
  text += applications();
  text += "resources:\n" + resources_;
  text += faults();
  text += account();
  return text + deployments();
}

}  // namespace nephoscope::property
