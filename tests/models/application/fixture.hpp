// A world with one application, one server of it and made-up callees.
#pragma once

#include <doctest/doctest.h>

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/config/tree.hpp"
#include "models/application/application.hpp"
#include "models/application/model.hpp"
#include "models/application/server.hpp"
#include "models/common/world.hpp"

namespace nephoscope::application {

// Reads an application; fails the test on a diagnostic. `yaml` is flow style.
inline ApplicationConfig read_application(const std::string& yaml) {
  SourceSet sources;
  Diagnostics diagnostics;
  const Tree tree = parse_text(sources, "test", yaml, diagnostics);
  Context context(diagnostics);
  auto config = ApplicationConfig::fields().read(tree.root(), context);
  INFO(diagnostics.render(sources));
  REQUIRE(config.has_value());
  return std::move(*config);
}

// Answers every request after a fixed time, as told.
class FakeCallee final : public Endpoint {
 public:
  explicit FakeCallee(World& world) : world_(world) {}
  void submit(const Request& request, ReplyId reply) override {
    seen.push_back(request);
    if (silent) return;
    world_.simulation.spawn(serve(reply, delays.empty() ? delay : delays[(seen.size() - 1) % delays.size()]));
  }

  Duration delay = 5ms;
  std::vector<Duration> delays;  // in turn, instead of `delay`
  bool silent = false;
  Response response;
  std::vector<Request> seen;
  std::uint64_t answered = 0;

 private:
  Process serve(ReplyId reply, Duration span) {
    co_await world_.simulation.delay(span);
    ++answered;
    world_.replies.answer(reply, response);
  }
  World& world_;
};

// What became of a request that the test sent.
struct Answer {
  int count = 0;  // answers; 1 when all is well
  Time at{};
  Response response;
};

class Fixture : public Wiring {
 public:
  explicit Fixture(const std::string& yaml, int vcpus = 1, const std::string& version = "",
                   Seed seed = Seed{1})
      : world({.warmup = {}, .duration = 1h, .start_epoch = 0, .windows = {}}, seed, 0),
        config(read_application(yaml)),
        model(world, "app", config),
        db(world),
        other(world) {
    model.connect(*this);
    server = launch(vcpus, version);
  }
  ~Fixture() override { world.simulation.clear(); }

  std::unique_ptr<ApplicationServer> launch(int vcpus = 1, const std::string& version = "",
                                            std::uint64_t entity = 0) {
    ServerOptions options;
    options.name = "web/" + std::to_string(entity);
    options.self = world.resources.intern("resources.web");
    options.entity = entity;
    options.vcpus = vcpus;
    options.version = version;
    return model.launch(options);
  }
  Server& concrete() { return static_cast<Server&>(*server); }

  Endpoint& endpoint(std::string_view id) const override {
    return const_cast<FakeCallee&>(id == "db" ? db : other);
  }
  Application& application(std::string_view) const override { return const_cast<ApplicationModel&>(model); }

  Request request(const std::string& operation = "get") {
    Request result;
    result.number = ++number_;
    result.operation = world.operations.intern(operation);
    return result;
  }
  // Sends a request at `instant`; its answer appears in the result.
  Answer& send(Duration instant, const Request& request, ApplicationServer* to = nullptr) {
    answers.emplace_back();
    world.simulation.spawn(client(instant, request, to == nullptr ? *server : *to, answers.back()));
    return answers.back();
  }
  Answer& send(Duration instant, const std::string& operation = "get") {
    return send(instant, request(operation));
  }
  void run(Duration until = 10s) { world.simulation.run_until(Time{} + until); }
  const std::string& error(const Answer& answer) { return world.errors.name(answer.response.error); }
  // Calls `action()` at an instant.
  template <typename Action>
  void at(Duration instant, Action action) {
    actions_.emplace_back(action);
    const auto call = [](void* context) { (*static_cast<std::function<void()>*>(context))(); };
    world.simulation.at(Time{} + instant, call, &actions_.back());
  }
  void check_balance() {
    CHECK(concrete().audit() == "");
    Audit::Flow flow;
    concrete().add_to(flow);
    CHECK(flow.arrived == flow.completed + flow.failed + flow.rejected + flow.in_flight);
  }

  World world;
  ApplicationConfig config;
  ApplicationModel model;
  FakeCallee db;
  FakeCallee other;
  std::unique_ptr<ApplicationServer> server;
  std::deque<Answer> answers;

 private:
  Process client(Duration instant, Request request, ApplicationServer& to, Answer& answer) {
    co_await world.simulation.delay(instant);
    const ReplyId reply = world.replies.open();
    to.submit(request, reply);
    const Replies::Result result = co_await world.replies.wait(reply);
    ++answer.count;
    answer.at = world.now();
    answer.response = result.value;
  }

  std::uint64_t number_ = 0;
  std::deque<std::function<void()>> actions_;
};

inline Time at(Duration instant) { return Time{} + instant; }

}  // namespace nephoscope::application

namespace doctest {
template <>
struct StringMaker<nephoscope::Time> {
  static String convert(nephoscope::Time instant) {
    return (std::to_string(nephoscope::to_seconds(instant)) + " s").c_str();
  }
};
}  // namespace doctest
