// The benchmark's rows: each a ratio of two measurements made in one run, so that they mean the same on any
// machine.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "models/scenario.hpp"

namespace nephoscope::bench {

// One row: "name value budget"; the budget is a lower limit.
struct Row {
  std::string name;
  double value = 0;
  double budget = 0;
};

// Users, twenty hosts with worker slots, processor sharing and one downstream call, a station behind them:
// 10,000 requests a second for a minute.
extern const char* const kWholeRequest;
// The same for so long, without warm-up.
std::string whole_request_for(const std::string& duration);

// A benchmark's own scenario. REQUIRES: it is valid.
Scenario scenario_of(const std::string& text);

// Wall seconds that `work` takes.
double seconds_of(const std::function<void()>& work);

// The median over `rounds` of (seconds of `reference`) / (seconds of `subject`), taken in turn: how many
// times as fast the subject is when both do the same amount of work. Scaled by subject_work / reference_work.
struct Pair {
  std::function<void()> subject;
  double subject_work = 1;
  std::function<void()> reference;
  double reference_work = 1;
};
double speed_ratio(const Pair& pair, int rounds);

Row mm1_row();
Row hold_row();
Row whole_request_row();
// The same behind a load balancer.
Row balanced_request_row();
// Operations on a DynamoDB table, straight from the client.
Row table_row();
// 1 GiB over the memory of a table of 10,000 partitions of which 10 million items are written.
Row table_memory_row(const std::string& binary);
Row memory_row(const std::string& binary);
Row two_cores_row(const std::string& binary);
Row validate_row(const std::string& binary);
// By how much common random numbers cut the variance of the difference in latency.mean between a rolling and
// an immutable deployment at this utilisation; other pairs and metrics are printed beside it.
Row common_random_numbers_row(double utilisation, double budget);
// Ten million requests beside ten thousand bulk flows, so many of them in flight at a time.
Row flows_row(std::uint32_t in_flight);

// The hand-specialised M/M/1 loop: two clocks (next arrival, next departure), a ring of waiting customers, no
// event list. Returns the summed waits in seconds.
double specialised_mm1_loop(std::uint64_t customers);

}  // namespace nephoscope::bench
