// When a workload's calls come, as scenarios write it under `arrivals`.
//
//   200/s                                                        Poisson at a constant rate
//   {rate: 200/s, spacing: even}                                 evenly spaced
//   {gaps: {dist: lognormal, mean: 2s, cv: 1.5}}                 independent gaps (a renewal process)
//   {stages: [{for: 5m, target: 300/s}, {for: 1h, rate: 300/s}]} ramps and plateaus, then nothing
//   {daily: {peak: 700/s, factors: [0.3, ...24 of them]}}        the day's curve, in UTC
//   {profile: {step: 15m, rates: [420/s, 510/s]}}                a curve
//   {mmpp: {states: [{rate: 50/s, stay: 2m}, {rate: 400/s, stay: 10s}]}}   bursts
//   {trace: shop.csv, scale: 0.5}                                as counted
//   {users: 50, think_time: 2s}                                  closed: each user thinks, calls, waits,
//   repeats
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/base/time.hpp"
#include "engine/base/units.hpp"
#include "engine/config/field_table.hpp"
#include "engine/random/arrivals.hpp"
#include "models/client/trace.hpp"
#include "models/common/distribution_field.hpp"

namespace nephoscope::client {

enum class Spacing : std::uint8_t { poisson, even };
enum class Interpolation : std::uint8_t { step, linear };

// One stage: a plateau (`rate`) or a ramp from where the last stage ended, at first zero, to `target`.
struct Stage {
  std::optional<Duration> for_;
  std::optional<Duration> duration;  // the same, as load-testing tools call it
  std::optional<Rate> rate;
  std::optional<Rate> target;
  static const FieldTable<Stage>& fields();
  Duration length() const { return for_ ? *for_ : *duration; }
};

struct Daily {
  Rate peak;
  std::vector<double> factors;  // of the peak, for the hours 0 to 23, UTC
  Interpolation interpolation = Interpolation::step;
  static const FieldTable<Daily>& fields();
};

struct Profile {
  Duration step{};
  std::vector<Rate> rates;
  bool repeat = false;
  Interpolation interpolation = Interpolation::step;
  static const FieldTable<Profile>& fields();
};

struct BurstState {
  Rate rate;
  Duration stay{};  // mean
  static const FieldTable<BurstState>& fields();
};

struct Bursts {
  std::vector<BurstState> states;
  static const FieldTable<Bursts>& fields();
};

struct ArrivalsConfig {
  std::optional<Rate> rate;
  Spacing spacing = Spacing::poisson;
  std::optional<DurationDistribution> gaps;
  std::optional<std::vector<Stage>> stages;
  std::optional<Daily> daily;
  std::optional<Profile> profile;
  std::optional<Bursts> mmpp;
  std::optional<Trace> trace;
  std::optional<std::uint32_t> users;
  DurationDistribution think_time;
  double scale = 1;

  static const FieldTable<ArrivalsConfig>& fields();
  bool closed() const { return users.has_value(); }
  // The open arrivals from `start` on. `start_epoch`: the run's start in seconds since 1970, for the day's
  // curve. REQUIRES: !closed().
  ArrivalProcess::Pattern pattern(Time start, std::int64_t start_epoch) const;
};

}  // namespace nephoscope::client

namespace nephoscope {

template <>
inline constexpr auto kEnumNames<client::Spacing> =
    enum_names<client::Spacing>({{"poisson", client::Spacing::poisson}, {"even", client::Spacing::even}});
template <>
inline constexpr auto kEnumNames<client::Interpolation> = enum_names<client::Interpolation>(
    {{"step", client::Interpolation::step}, {"linear", client::Interpolation::linear}});

}  // namespace nephoscope
