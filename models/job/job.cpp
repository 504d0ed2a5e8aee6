#include "models/job/job.hpp"

#include <algorithm>

#include "models/common/references.hpp"
#include "models/job/model.hpp"

namespace nephoscope::job {

const FieldTable<ExchangeConfig>& ExchangeConfig::fields() {
  using E = ExchangeConfig;
  static const auto table =
      FieldTable<E>("exchanges", "Rounds in which workers compute, then exchange messages.")
          .required("rounds", &E::rounds, {.doc = "how many there are", .min = 1, .max = 10'000'000})
          .field("compute", &E::compute, {.doc = "work of each worker in each round, on all its vCPUs"})
          .field("size", &E::size, {.doc = "of the message to each neighbour", .max = Bytes(1'000'000'000)})
          .field("neighbours", &E::neighbours, {.doc = "whom a worker exchanges messages with"});
  return table;
}

const FieldTable<StageConfig>& StageConfig::fields() {
  using S = StageConfig;
  static const auto table =
      FieldTable<S>("stage", "A part of a job that ends when all workers have ended it.")
          .field("handler", &S::handler,
                 {.doc = "the handler of the workers' application that a task runs", .refers_to = "handler"})
          .field("tasks", &S::tasks,
                 {.doc = "how many; none = one for each vCPU of the workers", .min = 1, .max = 100'000})
          .field("shuffle", &S::shuffle,
                 {.doc = "what the tasks leave, which then moves from all workers to all", .above = Bytes(0)})
          .field("exchanges", &S::exchanges, {.doc = "rounds of a tightly coupled program"})
          .validate([](const S& stage, const Node& node, Context& context) {
            if (!stage.handler && !stage.shuffle && !stage.exchanges)
              context.report_key(Code::missing_key, node, "the stage does nothing",
                                 "add at least one of 'handler', 'shuffle', 'exchanges'");
            if (stage.tasks && !stage.handler)
              context.report_key(Code::inconsistent, *node.find("tasks"),
                                 "'tasks' has no meaning without a 'handler'");
          });
  return table;
}

const FieldTable<DistributedJobConfig>& DistributedJobConfig::fields() {
  using D = DistributedJobConfig;
  static const auto table =
      FieldTable<D>("Nephoscope::DistributedJob", "A program of stages on the instances of a fleet.")
          .typed()
          .required(
              "workers", &D::workers,
              {.doc = "the Auto Scaling group or EC2 instance that it runs on", .refers_to = "resource"})
          .field("min_workers", &D::min_workers,
                 {.doc = "a stage begins when so many can work", .min = 1, .max = 10'000})
          .field("max_attempts", &D::max_attempts,
                 {.doc = "of a task, and of a stage; after so many the run fails",
                  .source = "default: Apache Spark, Configuration: spark.task.maxFailures and "
                            "spark.stage.maxConsecutiveAttempts, 4",
                  .min = 1,
                  .max = 1000})
          .required("stages", &D::stages, {.doc = "one after the other, by name", .min_items = 1})
          .assume(
              "fetch_parallelism", &D::fetch_parallelism,
              {.doc = "peers from which a worker fetches at once",
               .source = "default: Hadoop, mapred-default.xml: mapreduce.reduce.shuffle.parallelcopies, 5",
               .min = 1,
               .max = 1000})
          .assume("straggler_factor", &D::straggler_factor,
                  {.doc = "a task that takes more than so many times its stage's median is a straggler",
                   .source = "default: Apache Spark 3, Configuration: spark.speculation.multiplier, 1.5",
                   .min = 1,
                   .max = 1000});
  return table;
}

void DistributedJobConfig::check(const Defined& defined, Diagnostics& diagnostics) const {
  check_instances(workers, defined, diagnostics);
  const auto fleet = defined.fleets.find(workers.id);
  if (fleet == defined.fleets.end()) return;
  const auto application = defined.applications.find(fleet->second);
  if (application == defined.applications.end()) return;
  const std::vector<std::string_view> known(application->second.begin(), application->second.end());
  for (const auto& stage : stages)
    if (stage.value.handler && std::find(known.begin(), known.end(), stage.value.handler->id) == known.end())
      report_unknown_reference(*stage.value.handler, "handler", known, diagnostics);
}

std::optional<std::vector<std::string>> DistributedJobConfig::operations(const Defined&) const {
  return std::vector<std::string>{"run"};
}

std::unique_ptr<Resource> DistributedJobConfig::build(World& world, const std::string& id) const {
  return std::make_unique<Job>(world, id, *this);
}

}  // namespace nephoscope::job
