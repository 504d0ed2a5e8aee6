// A table under test: answers one request at a time, and says what it counted.
#pragma once

#include <doctest/doctest.h>

#include <string>
#include <utility>

#include "models/common/report.hpp"
#include "models/dynamodb/table.hpp"
#include "tests/support/read_config.hpp"

namespace nephoscope::dynamodb {

// Unless the test says otherwise a read takes 2 ms, a write 4 ms, transactions 6 and 12 ms, sizes take no
// time, and replicas do not lag.
inline std::string table_yaml(const std::string& keys, std::string assume = "") {
  const std::pair<const char*, const char*> quiet[] = {
      {"read_latency", "2ms"},          {"write_latency", "4ms"},
      {"transact_read_latency", "6ms"}, {"transact_write_latency", "12ms"},
      {"time_per_mebibyte", "0s"},      {"replication_lag", "0s"}};
  for (const auto& [key, value] : quiet)
    if (assume.find(key) == std::string::npos)
      assume += std::string(assume.empty() ? "" : ", ") + key + ": " + value;
  return "{type: AWS::DynamoDB::Table, " + keys + ", assume: {" + assume + "}}";
}

inline const std::string kOnDemand = "key_schema: {partition_key: id}, billing_mode: PAY_PER_REQUEST";
inline const std::string kSorted =
    "key_schema: {partition_key: id, sort_key: at}, billing_mode: PAY_PER_REQUEST";
inline std::string provisioned_yaml(int reads, int writes) {
  return "key_schema: {partition_key: id}, billing_mode: PROVISIONED, provisioned_throughput: "
         "{read_capacity_units: " +
         std::to_string(reads) + ", write_capacity_units: " + std::to_string(writes) + "}";
}

class TableFixture {
 public:
  explicit TableFixture(const std::string& yaml, std::int64_t start_epoch = 0)
      : world({.warmup = {}, .duration = 100h, .start_epoch = start_epoch, .windows = {}}, Seed{1}, 0),
        config(read_config<TableConfig>(yaml)),
        table(world, "table", config) {}
  ~TableFixture() { world.simulation.clear(); }

  void run_to(Duration instant) { world.simulation.run_until(Time{} + instant); }
  void run_for(Duration span) { world.simulation.run_until(world.now() + span); }

  struct Answer {
    Response response;
    bool came = false;
    Duration took{};
  };
  // Sends a request now; the answer comes while the simulation runs. `answer` stays where it is.
  void send(const std::string& operation, std::uint64_t key, Answer& answer, Bytes size = {}) {
    Request request;
    request.number = mix64(++asked_);
    request.operation = world.operations.intern(operation);
    request.key = key;
    request.size = size;
    world.simulation.spawn(wait(request, answer));
  }
  // Sends a request and runs until it is answered, at most an hour.
  Answer ask(const std::string& operation, std::uint64_t key, Bytes size = {}) {
    Answer answer;
    send(operation, key, answer, size);
    const Time limit = world.now() + 1h;
    while (!answer.came && world.simulation.step(limit)) {
    }
    REQUIRE(answer.came);
    return answer;
  }
  // REQUIRES: it failed.
  const std::string& error_of(const Answer& answer) const {
    REQUIRE(!answer.response.ok());
    return world.errors.name(answer.response.error);
  }

  CapacityUnits consumed(Access access) { return table.core().partitions.counts(access).consumed; }
  // Units that `ask` consumed.
  double units(Access access, const std::string& operation, std::uint64_t key, Bytes size = {}) {
    const CapacityUnits before = consumed(access);
    const Answer answer = ask(operation, key, size);
    CHECK(answer.response.ok());
    return (consumed(access) - before).value();
  }
  double metric(const std::string& name) const {
    Report report;
    table.report(report);
    const Measure* found = report.find({Scope::resource, "table", name});
    REQUIRE(found != nullptr);
    const auto& ratio = std::get<RatioMeasure>(found->value);
    return ratio.numerator / ratio.denominator;
  }
  void check_audits() const {
    Audit audit;
    table.audit(audit);
    for (const AuditLine& line : audit.lines()) {
      INFO(line.name << ": " << line.detail);
      CHECK(line.ok);
    }
  }

  World world;
  TableConfig config;
  Table table;

 private:
  Process wait(Request request, Answer& answer) {
    const Time begun = world.now();
    const ReplyId reply = world.replies.open();
    table.submit(request, reply);
    const Replies::Result result = co_await world.replies.wait(reply);
    answer = {.response = result.value, .came = true, .took = world.now() - begun};
  }
  std::uint64_t asked_ = 0;
};

}  // namespace nephoscope::dynamodb
