// Rates that change with time in a known way: the day's curve, a launch's ramp, load-test stages.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "engine/base/time.hpp"
#include "engine/base/units.hpp"

namespace nephoscope {

// A rate over time in pieces, each constant or a straight line.
class RateProfile final {
 public:
  // The rate runs straight from `from` to `to`. Neighbours need not meet.
  struct Piece {
    Duration length;
    Rate from;
    Rate to;
  };
  // What follows the last piece: nothing, or the first piece again.
  enum class End { stop, repeat };

  // REQUIRES: at least one piece; lengths > 0, in total at most kMaxDuration; rates finite and >= 0.
  RateProfile(std::span<const Piece> pieces, End end);
  // Constant rates, each for `step`.
  static RateProfile steps(Duration step, std::span<const Rate> rates, End end);

  Duration length() const { return length_; }
  // The expected number of arrivals in one pass.
  double mass() const { return mass_; }

 private:
  friend class ProfileCursor;
  struct Line {
    Duration start;
    double length;  // ns
    double rate;    // at the start, per ns
    double slope;   // per ns^2
    double mass;    // expected arrivals
  };

  std::vector<Line> lines_;
  Duration length_{};
  double mass_ = 0;
  End end_;
};

// A place in a profile that moves on by expected arrivals: the inverse of the integrated rate.
class ProfileCursor final {
 public:
  // The profile begins `phase` before `start` (a repeating one: modulo its length).
  // REQUIRES: phase >= 0; start within +-kMaxDuration.
  ProfileCursor(RateProfile profile, Time start, Duration phase);

  // The first instant by which `expected` more arrivals are due; nothing if the profile ends before (then and
  // ever after), or more than kMaxDuration after Time{}. Stretches of rate zero are skipped.
  // REQUIRES: expected >= 0, finite.
  std::optional<Time> advance(double expected);

 private:
  bool next_line(double& expected);
  bool skip_passes(double& expected);

  RateProfile profile_;
  std::size_t line_ = 0;
  double offset_ = 0;  // ns into the line
  Time pass_start_;
  bool ended_ = false;
};

}  // namespace nephoscope
