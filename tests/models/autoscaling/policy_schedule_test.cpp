#include <vector>

#include "tests/models/autoscaling/policy_fakes.hpp"

namespace nephoscope::autoscaling {
namespace {

// The next time after one, as text.
std::string next(const std::string& cron, const std::string& from) {
  const auto parsed = parse_cron(cron);
  INFO(parsed.problem.message);
  REQUIRE(parsed.value.has_value());
  const auto instant = parsed.value->next(*parse_utc(from).value);
  return instant ? show(*instant) : "never";
}

TEST_CASE("cron: the next time that matches, at or after an instant") {
  struct Row {
    const char* cron;
    const char* from;
    const char* next;
  };
  const std::vector<Row> rows = {
      {"0 9 * * *", "2026-03-02T08:30Z", "2026-03-02T09:00Z"},
      {"0 9 * * *", "2026-03-02T09:00Z", "2026-03-02T09:00Z"},
      {"0 9 * * *", "2026-03-02T09:00:01Z", "2026-03-03T09:00Z"},
      {"30 6 * * 2", "2026-03-02T00:00Z", "2026-03-03T06:30Z"},  // 2026-03-02 is a Monday
      {"30 6 * * TUE", "2026-03-02T00:00Z", "2026-03-03T06:30Z"},
      {"0 18 * * 1-5", "2026-03-06T18:00:01Z", "2026-03-09T18:00Z"},  // Friday evening -> Monday
      {"0 0 * * 7", "2026-03-02T00:00Z", "2026-03-08T00:00Z"},        // 7 is Sunday too
      {"30 0 1 1,6,12 *", "2026-02-01T00:00Z", "2026-06-01T00:30Z"},  // the API reference's example
      {"*/15 * * * *", "2026-03-02T10:16Z", "2026-03-02T10:30Z"},
      {"0-30/10 12 * JAN-MAR *", "2026-03-31T12:21Z", "2026-03-31T12:30Z"},
      {"0-30/10 12 * JAN-MAR *", "2026-03-31T12:31Z", "2027-01-01T12:00Z"},
      {"59 23 31 12 *", "2026-03-02T00:00Z", "2026-12-31T23:59Z"},
      {"0 0 29 2 *", "2026-03-02T00:00Z", "2028-02-29T00:00Z"},  // a leap year
      {"0 0 29 2 *", "2096-03-01T00:00Z", "2104-02-29T00:00Z"},  // 2100 is none
      {"0 0 13 * 5", "2026-03-02T00:00Z", "2026-03-06T00:00Z"},  // the 13th or a Friday
  };
  for (const Row& row : rows) {
    CAPTURE(row.cron);
    CAPTURE(row.from);
    CHECK(next(row.cron, row.from) == row.next);
  }
}

TEST_CASE("cron: what is no recurrence is refused with its field") {
  struct Row {
    const char* cron;
    const char* message;
  };
  const std::vector<Row> rows = {
      {"0 9 * *", "'0 9 * *' has 4 fields; a recurrence has 5"},
      {"0 9 * * * *", "'0 9 * * * *' has 6 fields; a recurrence has 5"},
      {"hourly", "'hourly' has 1 field; a recurrence has 5"},
      {"", "'' has 0 fields; a recurrence has 5"},
      {"60 9 * * *", "'60' is no minute of a recurrence"},
      {"0 24 * * *", "'24' is no hour of a recurrence"},
      {"0 9 0 * *", "'0' is no day of month of a recurrence"},
      {"0 9 * 13 *", "'13' is no month of a recurrence"},
      {"0 9 * * 8", "'8' is no day of week of a recurrence"},
      {"0 9 * * FUN", "'FUN' is no day of week of a recurrence"},
      {"0 9 ? * *", "'?' is no day of month of a recurrence"},
      {"0 5-3 * * *", "'5-3' is no hour of a recurrence"},
      {"0 5/2 * * *", "'5/2' is no hour of a recurrence"},
      {"*/0 9 * * *", "'*/0' is no minute of a recurrence"},
      {"1, 9 * * *", "'1,' is no minute of a recurrence"},
      {"0 0 30 2 *", "'0 0 30 2 *' never happens"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.cron);
    const auto parsed = parse_cron(row.cron);
    CHECK(!parsed);
    CHECK(parsed.problem.message == row.message);
  }
}

constexpr std::int64_t kMonday = 1'772'409'600;  // 2026-03-02T00:00Z

TEST_CASE("scheduled actions: a recurring one happens at its hours, at most two minutes late") {
  PolicyFixture fixture(
      "{scheduled_actions: {morning: {recurrence: \"0 9 * * *\", min_size: 4, desired_capacity: 6}}}",
      kMonday);
  fixture.capacity.wanted = 2;
  fixture.start();
  fixture.run(24h * 3);
  REQUIRE(fixture.capacity.changes.size() == 3);
  for (int day = 0; day < 3; ++day) {
    const Duration late =
        fixture.capacity.changes[static_cast<std::size_t>(day)].at - Time{} - (24h * day + 9h);
    CHECK(late >= 0s);
    CHECK(late <= 2min);
  }
  CHECK(fixture.capacity.changes[0].to == 6);
  CHECK(fixture.capacity.changes[0].reason == "scheduled action morning (min 4, desired 6)");
  CHECK(fixture.capacity.min == 4);
  // Each time has its own luck.
  CHECK(fixture.capacity.changes[0].at + 24h != fixture.capacity.changes[1].at);
}

TEST_CASE("scheduled actions: the delay is an assumption, cut at two minutes") {
  for (const auto& [delay, due] : {std::pair("0s", Duration(9h)), {"10min", Duration(9h + 2min)}}) {
    PolicyFixture fixture(
        std::string("{scheduled_actions: {morning: {recurrence: \"0 9 * * *\", min_size: 4, "
                    "assume: {delay: ") +
            delay + "}}}}",
        kMonday);
    fixture.start();
    fixture.run(12h);
    REQUIRE(fixture.capacity.changes.size() == 1);
    CHECK(fixture.capacity.changes[0].at == Time{} + due);
  }
}

TEST_CASE("scheduled actions: with a start time it happens then, and after that as it recurs until its end") {
  PolicyFixture fixture(
      "{scheduled_actions: {sale: {start_time: 2026-03-03T10:30Z, end_time: 2026-03-05T00:00Z, recurrence: "
      "\"0 9 * * *\", desired_capacity: 20, assume: {delay: 0s}}}}",
      kMonday);
  fixture.start();
  fixture.run(24h * 7);
  std::vector<Duration> times;
  for (const auto& change : fixture.capacity.changes) times.push_back(change.at - Time{});
  CHECK(times == std::vector<Duration>{24h + 10h + 30min, 48h + 9h});
}

TEST_CASE("scheduled actions: a single one happens once, a past one never") {
  PolicyFixture fixture(
      "{scheduled_actions: {once: {start_time: 2026-03-02T06:00Z, desired_capacity: 20, assume: {delay: "
      "0s}}, "
      "past: {start_time: 2026-03-01T06:00Z, desired_capacity: 1, assume: {delay: 0s}}}}",
      kMonday);
  fixture.start();
  fixture.run(24h * 7);
  REQUIRE(fixture.capacity.changes.size() == 1);
  CHECK(fixture.capacity.changes[0].at == Time{} + 6h);
  CHECK(fixture.capacity.changes[0].to == 20);
}

TEST_CASE("scheduled actions: those of one group happen in the order in which they are due") {
  PolicyFixture fixture(
      "{scheduled_actions: {"
      "second: {recurrence: \"1 9 * * *\", desired_capacity: 2, assume: {delay: 0s}}, "
      "first: {recurrence: \"0 9 * * *\", desired_capacity: 1, assume: {delay: 2min}}}}",
      kMonday);
  fixture.start();
  fixture.run(12h);
  REQUIRE(fixture.capacity.changes.size() == 2);
  CHECK(fixture.capacity.changes[0].to == 1);
  CHECK(fixture.capacity.changes[0].at == Time{} + 9h + 2min);
  CHECK(fixture.capacity.changes[1].to == 2);
  CHECK(fixture.capacity.changes[1].at == Time{} + 9h + 2min);
}

TEST_CASE("scheduled actions: suspended ones are left out") {
  PolicyFixture fixture("{scheduled_actions: {morning: {recurrence: \"0 9 * * *\", min_size: 4}}}", kMonday);
  fixture.capacity.stopped = SuspendableProcess::scheduled_actions;
  fixture.start();
  fixture.run(24h);
  CHECK(fixture.capacity.changes.empty());
}

}  // namespace
}  // namespace nephoscope::autoscaling
