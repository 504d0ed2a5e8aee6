// A workload read from YAML, in a world whose only other part is a scripted service.
#pragma once

#include <doctest/doctest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/config/tree.hpp"
#include "models/client/client.hpp"
#include "models/common/audit.hpp"
#include "models/common/report.hpp"
#include "models/common/world.hpp"

namespace nephoscope::client {

// Answers every request after `latency` with the fault that `judge` finds for (request, time of sending).
class ScriptedService final : public Endpoint {
 public:
  using Judge = std::function<Fault(const Request&, Time)>;

  ScriptedService(World& world, Duration latency, Judge judge)
      : world_(world), latency_(latency), judge_(std::move(judge)) {}

  void submit(const Request& request, ReplyId reply) override {
    requests.push_back(request);
    sent_at.push_back(world_.now() - Time{});
    Response response;
    if (judge_) response.fault = judge_(request, world_.now());
    if (!response.ok()) {
      response.error = world_.errors.intern("ServiceUnavailable");
      response.source = world_.resources.intern("resources.front");
    }
    world_.simulation.spawn(work(response, reply));
  }

  std::vector<Request> requests;
  std::vector<Duration> sent_at;

 private:
  Process work(Response response, ReplyId reply) {
    if (latency_ > Duration{}) co_await world_.simulation.delay(latency_);
    world_.replies.answer(reply, response);
  }

  World& world_;
  Duration latency_;
  Judge judge_;
};

struct ReadResult {
  std::optional<WorkloadConfig> config;
  std::string diagnostics;
};

// Reads a workload from the text of its map. `data` is the folder of its files.
inline ReadResult read_workload(const std::string& text, const std::string& data = ".") {
  SourceSet sources;
  Diagnostics diagnostics;
  const Tree tree = parse_text(sources, "t.yaml", text, diagnostics);
  Context context(diagnostics);
  context.data_folders().push_back(data);
  auto config = WorkloadConfig::fields().read(tree.root(), context);
  return {std::move(config), diagnostics.render(sources)};
}

struct FixtureOptions {
  Duration latency = 10ms;
  ScriptedService::Judge judge = {};
  RunWindow run = {.warmup = 0s, .duration = 10s, .start_epoch = 0, .windows = {}};
};

class Fixture final : public Wiring {
 public:
  explicit Fixture(const std::string& text, const FixtureOptions& options = {})
      : world(options.run, Seed{7}, 0), service(world, options.latency, options.judge) {
    ReadResult read = read_workload(text);
    REQUIRE_MESSAGE(read.config, read.diagnostics);
    config = std::move(*read.config);
    workload = config.build(world, "shoppers");
    workload->connect(*this);
  }

  Endpoint& endpoint(std::string_view) const override { return const_cast<ScriptedService&>(service); }
  Application& application(std::string_view) const override { throw std::logic_error("no applications"); }

  // Runs to the end and drains, at most for an hour.
  void run() {
    workload->start();
    world.simulation.run_until(world.end());
    while (world.open_calls > 0 && world.simulation.step(world.end() + 1h)) {
    }
    workload->report_drained(report);
  }

  RatioMeasure ratio(const std::string& name, Scope scope = Scope::workload,
                     std::string id = "shoppers") const {
    const Measure* measure = report.find({scope, std::move(id), name});
    REQUIRE(measure != nullptr);
    return std::get<RatioMeasure>(measure->value);
  }
  double value(const std::string& name, Scope scope = Scope::workload, std::string id = "shoppers") const {
    const RatioMeasure measure = ratio(name, scope, std::move(id));
    return measure.numerator / measure.denominator;
  }
  const QuantileSketch& sketch(const std::string& name) const {
    return std::get<QuantileSketch>(report.find({Scope::workload, "shoppers", name})->value);
  }
  bool audits_hold() const {
    Audit audit;
    workload->audit(audit);
    for (const AuditLine& line : audit.lines())
      if (!line.ok) return false;
    return !audit.lines().empty();
  }

  World world;
  ScriptedService service;
  WorkloadConfig config;
  std::unique_ptr<Resource> workload;
  Report report;
};

}  // namespace nephoscope::client
