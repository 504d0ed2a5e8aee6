#include "models/station/station.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/queueing/processor_sharing.hpp"
#include "engine/queueing/station.hpp"
#include "models/common/references.hpp"
#include "models/common/removable.hpp"
#include "models/common/report.hpp"
#include "models/common/series.hpp"
#include "models/common/world.hpp"

namespace nephoscope::station {

const FieldTable<StationConfig>& StationConfig::fields() {
  static const auto table =
      FieldTable<StationConfig>("Nephoscope::Station", "A generic server with a waiting line.")
          .typed()
          .field("servers", &StationConfig::servers,
                 {.doc = "requests served at once (cores under processor_sharing, where all run at once)",
                  .min = 1,
                  .max = 1'000'000})
          .field(
              "queue_limit", &StationConfig::queue_limit,
              {.doc = "waiting places; 0 = none, absent = unlimited; who finds none is rejected", .min = 0})
          .field(
              "discipline", &StationConfig::discipline,
              {.doc =
                   "who is served next: first come, lowest priority number (not preemptive), or all at once"})
          .required("service", &StationConfig::service, {.doc = "service time of a request"})
          .field("patience", &StationConfig::patience,
                 {.doc = "how long a request waits in line before it leaves unserved; absent = for ever"})
          .field(
              "availability_zone", &StationConfig::availability_zone,
              {.doc = "where it stands, for latencies and data transfer; absent, without `region`: nowhere, "
                      "and messages to it take no time",
               .refers_to = "Availability Zone"})
          .field("region", &StationConfig::region,
                 {.doc = "the same for a service of a Region as a whole", .refers_to = "Region"})
          .at_most_one_of({"availability_zone", "region"})
          .field("price_per_hour", &StationConfig::price_per_hour, {.doc = "billed for each server"})
          .field("price_per_million_requests", &StationConfig::price_per_million_requests,
                 {.doc = "billed for each request taken in"})
          .assume("error_rate", &StationConfig::error_rate,
                  {.doc = "share of served requests that end in InternalServerError",
                   .source = "assumption: no failures"})
          .validate([](const StationConfig& config, const Node& node, Context& context) {
            const bool shared = config.discipline == LineDiscipline::processor_sharing;
            for (const char* key : {"queue_limit", "patience"})
              if (shared && node.find(key) != nullptr)
                context.report_key(Code::inconsistent, *node.find(key),
                                   std::string("'") + key + "' has no meaning under processor_sharing",
                                   "nobody waits in line: all requests are served at once");
          });
  return table;
}

void StationConfig::check(const Defined& defined, Diagnostics& diagnostics) const {
  if (availability_zone) check_zone(*availability_zone, defined, diagnostics);
  if (region) check_regions(*region, defined.region, defined, diagnostics);
}

namespace {

constexpr std::int64_t kPicoPerNano = 1000;

class StationResource final : public Resource, public Endpoint, public Removable {
 public:
  StationResource(World& world, const std::string& id, const StationConfig& config)
      : world_(world),
        config_(config),
        id_(id),
        self_(world.resources.intern("resources." + id)),
        line_(world.simulation, line_options(config)),
        cores_(world.simulation,
               {.cores = static_cast<std::uint32_t>(std::min<std::int64_t>(config.servers, 1024))}),
        service_purpose_("station.service:" + id),
        patience_purpose_("station.patience:" + id),
        error_purpose_("station.error:" + id),
        rejected_(world.errors.intern("QueueFull")),
        reneged_(world.errors.intern("QueueTimeout")),
        failed_(world.errors.intern("InternalServerError")),
        reset_(world.errors.intern("ConnectionReset")),
        gone_(world.errors.intern("ConnectionRefused")),
        queue_series_(world.run),
        busy_series_(world.run) {
    if (const PlaceId place = find_place()) front_.emplace(world, place, *this);
  }

  Endpoint* endpoint() override { return front_ ? static_cast<Endpoint*>(&*front_) : this; }
  Removable* removable() override { return this; }
  void start() override { world_.simulation.spawn(sample()); }

  void submit(const Request& request, ReplyId reply) override {
    ++requests_;
    if (removed_at_) return refuse(reply);
    world_.simulation.spawn(shared() ? share(request, reply) : serve(request, reply));
  }

  void remove(const std::string& reason) override {
    if (removed_at_) return;
    removed_at_ = world_.now();
    world_.log(id_, "removal", fmt::format("removed, later requests are refused: {}", reason));
    line_.interrupt_all();
    cores_.interrupt_all();
  }

  void begin_measurement() override {
    take_sample();
    line_.reset_statistics();
    cores_.reset_statistics();
    queue_series_.level_was_reset();
    busy_series_.level_was_reset();
    waits_ = QuantileSketch();
    measured_requests_ = requests_;
    failures_ = 0;
  }

  void report(Report& report) const override {
    const Time now = world_.now();
    const double span = to_seconds(now - world_.warmup_end());
    const auto add = [&](const char* name, const char* unit, double numerator, double denominator) {
      report.ratio({Scope::resource, id_, name}, unit, numerator, denominator);
    };
    add("throughput", "1/s", static_cast<double>(shared() ? cores_.counts().served : line_.counts().served),
        span);
    const Level& busy = shared() ? cores_.busy() : line_.busy();
    const Level& capacity = shared() ? cores_.capacity() : line_.capacity();
    add("utilization", "1", seconds(busy.integral(now)), seconds(capacity.integral(now)));
    if (shared()) {
      add("jobs.mean", "1", seconds(cores_.present().integral(now)), span);
    } else {
      const StationCounts& counts = line_.counts();
      const auto arrivals = static_cast<double>(counts.arrivals);
      add("queue.mean", "1", seconds(line_.queue().integral(now)), span);
      add("wait.mean", "s", seconds(line_.wait_of_started()), static_cast<double>(counts.started));
      add("rejected.rate", "1", static_cast<double>(counts.rejected), arrivals);
      add("reneged.rate", "1", static_cast<double>(counts.reneged), arrivals);
      report.sketch({Scope::resource, id_, "wait"}, "s", waits_);
      report.series(id_ + ".queue", "1", queue_series_.series());
    }
    add("errors.rate", "1", static_cast<double>(failures_),
        static_cast<double>(requests_ - measured_requests_));
    report.series(id_ + ".utilization", "1", busy_series_.series());
  }

  void bill(UsageMeter& meter) const override {
    if (config_.price_per_hour.nanos > 0)
      meter.add(id_, "ServerHours", config_.servers * (existed().count() / 1'000'000'000),
                {.pico_usd = config_.price_per_hour.nanos * kPicoPerNano, .block = 3600, .unit = "Hrs"});
    if (config_.price_per_million_requests.nanos > 0)
      meter.add(id_, "Requests", static_cast<std::int64_t>(requests_),
                {.pico_usd = config_.price_per_million_requests.nanos * kPicoPerNano,
                 .block = 1'000'000,
                 .unit = "million requests"});
  }

  void audit(Audit& audit) const override {
    const std::string trouble = shared() ? cores_.audit() : line_.audit();
    audit.add("balance: resources." + id_, trouble.empty(),
              trouble.empty() ? "customers and times in system balance exactly" : trouble);
    const std::uint64_t inside = shared() ? cores_.jobs() : line_.waiting() + line_.in_service();
    audit.conservation("resources." + id_, {.arrived = requests_,
                                            .completed = answered_ok_,
                                            .failed = answered_failed_,
                                            .rejected = refused_,
                                            .in_flight = inside});
  }

 private:
  // None if it stands nowhere.
  PlaceId find_place() const {
    if (world_.network == nullptr) return {};
    if (config_.region) return world_.network->region_place(config_.region->id);
    if (!config_.availability_zone) return {};
    return world_.network->add_node(
        {.owner = id_, .zone = zone_named(config_.availability_zone->id, world_.run.zones)});
  }
  static StationOptions line_options(const StationConfig& config) {
    std::optional<std::uint64_t> limit;
    if (config.queue_limit) limit = static_cast<std::uint64_t>(*config.queue_limit);
    return {.servers = static_cast<std::uint32_t>(config.servers),
            .queue_limit = limit,
            .discipline =
                config.discipline == LineDiscipline::priority ? Discipline::priority : Discipline::fifo};
  }
  static double seconds(WideInt nanoseconds) { return static_cast<double>(nanoseconds) * 1e-9; }
  bool shared() const { return config_.discipline == LineDiscipline::processor_sharing; }

  Duration service_time(const Request& request) const {
    Draws draws = world_.random.request(service_purpose_, request.number, request.attempt);
    return config_.service.sample(draws);
  }
  Patience patience(const Request& request) const {
    if (!config_.patience) return {};
    Draws draws = world_.random.request(patience_purpose_, request.number, request.attempt);
    return config_.patience->sample(draws);
  }

  Process serve(Request request, ReplyId reply) {
    const ServeOptions options{.priority = request.priority, .patience = patience(request)};
    const ServiceResult result = co_await line_.serve(service_time(request), options);
    if (result.status == WaitStatus::done) waits_.add(result.waited);
    answer(request, reply, result.status);
  }

  Process share(Request request, ReplyId reply) {
    const WaitStatus status = co_await cores_.serve(service_time(request));
    answer(request, reply, status);
  }

  void answer(const Request& request, ReplyId reply, WaitStatus status) {
    Response response;
    if (status == WaitStatus::done) {
      (finish(request, response) ? answered_ok_ : answered_failed_) += 1;
    } else {
      ++refused_;
      fail(response, status == WaitStatus::rejected ? Fault::throttling : Fault::transient, error_of(status));
    }
    world_.replies.answer(reply, response);
  }

  ErrorId error_of(WaitStatus status) const {
    if (status == WaitStatus::interrupted) return reset_;
    return status == WaitStatus::rejected ? rejected_ : reneged_;
  }
  void refuse(ReplyId reply) {
    ++refused_;
    Response response;
    fail(response, Fault::transient, gone_);
    world_.replies.answer(reply, response);
  }
  Duration existed() const { return std::min(removed_at_.value_or(world_.end()), world_.end()) - Time{}; }

  // Decides whether a served request succeeds.
  bool finish(const Request& request, Response& response) {
    if (config_.error_rate.value == 0) return true;
    Draws draws = world_.random.request(error_purpose_, request.number, request.attempt);
    if (draws.next_uniform() >= config_.error_rate.value) return true;
    fail(response, Fault::transient, failed_);
    ++failures_;
    return false;
  }
  void fail(Response& response, Fault fault, ErrorId error) const {
    response.fault = fault;
    response.error = error;
    response.source = self_;
  }

  Process sample() {
    for (;;) {
      const WaitStatus status = co_await world_.simulation.delay(queue_series_.step());
      if (status != WaitStatus::done) co_return;
      take_sample();
    }
  }
  void take_sample() {
    queue_series_.sample(world_.now(), line_.queue());
    busy_series_.sample(world_.now(), shared() ? cores_.busy() : line_.busy(), config_.servers);
  }

  World& world_;
  const StationConfig& config_;
  std::string id_;
  ResourceId self_;
  Station line_;
  ProcessorSharing cores_;
  Purpose service_purpose_;
  Purpose patience_purpose_;
  Purpose error_purpose_;
  ErrorId rejected_;
  ErrorId reneged_;
  ErrorId failed_;
  ErrorId reset_;
  ErrorId gone_;
  std::optional<PlacedEndpoint> front_;  // if it has a place
  std::optional<Time> removed_at_;
  QuantileSketch waits_;
  LevelSeries queue_series_;
  LevelSeries busy_series_;
  std::uint64_t requests_ = 0;  // since the start, as are the next three
  std::uint64_t answered_ok_ = 0;
  std::uint64_t answered_failed_ = 0;
  std::uint64_t refused_ = 0;
  std::uint64_t measured_requests_ = 0;  // requests_ at the end of warm-up
  std::uint64_t failures_ = 0;
};

}  // namespace

std::unique_ptr<Resource> StationConfig::build(World& world, const std::string& id) const {
  return std::make_unique<StationResource>(world, id, *this);
}

}  // namespace nephoscope::station
