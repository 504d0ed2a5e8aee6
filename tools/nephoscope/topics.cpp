#include "tools/nephoscope/topics.hpp"

#include "models/elasticbeanstalk/environment.hpp"
#include "models/registry.hpp"
#include "models/scenario.hpp"
#include "tools/nephoscope/option_topics.hpp"

namespace nephoscope {
namespace {

template <HasFields T>
Topic topic(std::string kind, std::string name) {
  return {std::move(kind), std::move(name), T::fields().doc(), [] { return T::fields().rows(); }};
}

void add_sections(std::vector<Topic>& topics) {
  topics.push_back(topic<ScenarioDocument>("section", "scenario"));
  topics.push_back(topic<RunConfig>("section", "run"));
  topics.push_back(topic<client::WorkloadConfig>("section", "workloads"));
  topics.push_back(topic<application::ApplicationConfig>("section", "applications"));
  topics.push_back(topic<application::VersionConfig>("section", "versions"));
  topics.push_back(topic<application::SheddingConfig>("section", "shedding"));
  topics.push_back({"section", "expect",
                    "What the results are expected to show; `run` exits 1 if they do not.",
                    expectation_rows});
  topics.push_back(topic<deployments::DeploymentConfig>("section", "deployments"));
  topics.push_back(topic<elasticbeanstalk::BlueGreen>("section", "blue_green"));
  topics.push_back(topic<faults::FaultConfig>("section", "faults"));
  topics.push_back(topic<faults::Repeat>("section", "repetition"));
  topics.push_back(topic<PricingConfig>("section", "pricing"));
  topics.push_back(topic<Price>("section", "overrides"));
  topics.push_back(topic<KeyDistribution>("section", "keys"));
  topics.push_back(topic<ec2::Ec2Config>("section", "ec2"));
  topics.push_back(topic<RetryPolicy>("section", "retry"));
  topics.push_back(topic<PoolPolicy>("section", "pool"));
  topics.push_back(topic<BreakerPolicy>("section", "breaker"));
  topics.push_back(topic<HedgePolicy>("section", "hedge"));
  topics.push_back(topic<SweepConfig>("section", "sweep"));
  topics.push_back(topic<FindConfig>("section", "find"));
  topics.push_back(topic<GoldenConfig>("section", "golden"));
}

// A fault's action is explained with what it needs and takes beside the keys that say when.
std::vector<FieldRow> rows_of(const faults::ActionInfo& action) {
  std::vector<FieldRow> rows;
  for (FieldRow& row : faults::FaultConfig::fields().rows()) {
    row.required = faults::has_key(action.needs, row.key);
    if (row.required) row.default_text = "required";
    if (row.required || faults::has_key(action.takes, row.key)) rows.push_back(std::move(row));
  }
  return rows;
}

void add_actions(std::vector<Topic>& topics) {
  for (const faults::ActionInfo& action : faults::action_table())
    topics.push_back({"fault", FieldType<faults::FaultAction>::show(action.action), std::string(action.doc),
                      [&action] { return rows_of(action); }});
}

// A step is explained with the keys of its body, where it has one.
void add_steps(std::vector<Topic>& topics) {
  using namespace application;
  topics.push_back(topic<ComputeStep>("step", "compute"));
  topics.push_back(topic<WaitStep>("step", "wait"));
  topics.push_back(topic<CallStep>("step", "call"));
  topics.push_back(topic<SendStep>("step", "send"));
  topics.push_back(topic<ParallelBody>("step", "parallel"));
  topics.push_back(topic<RepeatBody>("step", "repeat"));
  topics.push_back(topic<Choice>("step", "choose"));
  topics.push_back(topic<CacheBody>("step", "cache"));
  topics.push_back(topic<SpawnStep>("step", "spawn"));
  topics.push_back(topic<LockBody>("step", "lock"));
  topics.push_back(topic<FailBody>("step", "fail"));
}

}  // namespace

std::vector<Topic> all_topics() {
  std::vector<Topic> topics;
  for (const ResourceType& type : resource_types())
    topics.push_back({"type", std::string(type.name), std::string(type.doc), type.rows});
  add_sections(topics);
  add_steps(topics);
  add_actions(topics);
  add_option_namespaces(topics);
  return topics;
}

}  // namespace nephoscope
