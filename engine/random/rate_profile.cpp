#include "engine/random/rate_profile.hpp"

#include <algorithm>
#include <cmath>  // sqrt: an exact operation
#include <limits>
#include <utility>

#include "engine/base/check.hpp"

namespace nephoscope {

namespace {

double nanoseconds(Duration span) { return static_cast<double>(span.count()); }

bool is_rate(Rate rate) {
  return rate.per_second >= 0 && rate.per_second < std::numeric_limits<double>::infinity();
}

}  // namespace

RateProfile::RateProfile(std::span<const Piece> pieces, End end) : end_(end) {
  check(!pieces.empty(), "random", "a rate profile without pieces");
  lines_.reserve(pieces.size());
  for (const Piece& piece : pieces) {
    check(piece.length > Duration{} && piece.length <= kMaxDuration - length_, "random",
          "a piece of a rate profile lasts {} ns", piece.length.count());
    check(is_rate(piece.from) && is_rate(piece.to), "random", "a profile's rate goes from {} to {}",
          piece.from.per_second, piece.to.per_second);
    const double length = nanoseconds(piece.length);
    const double first = piece.from.per_second * 1e-9;
    const double last = piece.to.per_second * 1e-9;
    lines_.push_back({length_, length, first, (last - first) / length, 0.5 * (first + last) * length});
    mass_ += lines_.back().mass;
    length_ += piece.length;
  }
}

RateProfile RateProfile::steps(Duration step, std::span<const Rate> rates, End end) {
  std::vector<Piece> pieces;
  pieces.reserve(rates.size());
  for (const Rate rate : rates) pieces.push_back({step, rate, rate});
  return RateProfile(pieces, end);
}

ProfileCursor::ProfileCursor(RateProfile profile, Time start, Duration phase)
    : profile_(std::move(profile)), pass_start_(start) {
  check(phase >= Duration{}, "random", "a profile's phase is {} ns", phase.count());
  check(start.time_since_epoch() <= kMaxDuration && start.time_since_epoch() >= -kMaxDuration, "random",
        "a profile starts at {} ns", start.time_since_epoch().count());
  const bool repeats = profile_.end_ == RateProfile::End::repeat;
  if (repeats) phase %= profile_.length_;
  ended_ = phase >= profile_.length_ || (repeats && !(profile_.mass_ > 0));
  if (ended_) return;
  pass_start_ = start - phase;
  while (line_ + 1 < profile_.lines_.size() && profile_.lines_[line_ + 1].start <= phase) ++line_;
  offset_ = nanoseconds(phase - profile_.lines_[line_].start);
}

std::optional<Time> ProfileCursor::advance(double expected) {
  if (ended_) return std::nullopt;
  for (;;) {
    const RateProfile::Line& line = profile_.lines_[line_];
    const double rate = line.rate + line.slope * offset_;
    const double rest = line.length - offset_;
    const double due = (rate + 0.5 * line.slope * rest) * rest;
    if (expected < due) {
      // expected = rate t + slope t^2 / 2; this form of the root keeps its digits also where rate or slope is
      // 0.
      const double square = std::max(0.0, rate * rate + 2 * line.slope * expected);
      const double step = line.slope == 0 ? expected / rate : 2 * expected / (rate + std::sqrt(square));
      offset_ = std::min(offset_ + step, line.length * (1 - 0x1p-53));
      return pass_start_ + line.start + Duration(static_cast<std::int64_t>(offset_));
    }
    expected = std::max(0.0, expected - std::max(0.0, due));
    if (!next_line(expected)) return std::nullopt;
  }
}

// To the start of the next line, also of the next pass. False at the profile's end.
bool ProfileCursor::next_line(double& expected) {
  offset_ = 0;
  if (++line_ < profile_.lines_.size()) return true;
  line_ = 0;
  if (profile_.end_ == RateProfile::End::stop || !skip_passes(expected)) ended_ = true;
  return !ended_;
}

// To the start of the pass in which `expected` is due, at once, however many passes that takes.
bool ProfileCursor::skip_passes(double& expected) {
  const double whole = std::floor(expected / profile_.mass_);
  const double span = (whole + 1) * nanoseconds(profile_.length_);
  if (!(span <= nanoseconds(kMaxDuration - pass_start_.time_since_epoch()))) return false;
  pass_start_ += profile_.length_ * (static_cast<std::int64_t>(whole) + 1);
  expected = std::max(0.0, expected - whole * profile_.mass_);
  return true;
}

}  // namespace nephoscope
