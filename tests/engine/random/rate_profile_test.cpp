#include "engine/random/rate_profile.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <limits>

#include "engine/base/check.hpp"

using namespace nephoscope;

namespace {

using End = RateProfile::End;

Time at(double seconds) { return Time(from_seconds(seconds)); }

ProfileCursor cursor(std::initializer_list<RateProfile::Piece> pieces, End end, Duration phase = {}) {
  return ProfileCursor(RateProfile(std::span(pieces.begin(), pieces.size()), end), Time{}, phase);
}

// The instant, rounded down to whole ns, so a value that ends just below one may show the nanosecond before.
void check_near(std::optional<Time> instant, double seconds) {
  REQUIRE(instant.has_value());
  CHECK(std::abs((*instant - at(seconds)).count()) <= 1);
}

}  // namespace

TEST_CASE("rate profile: constant pieces are inverted exactly, and stretches of rate zero are skipped") {
  // 1/s for 10 s, 0 for 10 s, 2/s for 10 s: 5 are due at 5 s, 11 at 20 + 1/2 s, 29.9 at 29.95 s; 30.1 never.
  ProfileCursor c =
      cursor({{10s, Rate(1), Rate(1)}, {10s, Rate(0), Rate(0)}, {10s, Rate(2), Rate(2)}}, End::stop);
  check_near(c.advance(5), 5);
  check_near(c.advance(6), 20.5);
  check_near(c.advance(18.9), 29.95);
  CHECK_FALSE(c.advance(0.2).has_value());
  CHECK_FALSE(c.advance(0).has_value());
}

TEST_CASE("rate profile: a rising ramp from rate zero is inverted exactly") {
  // 0 to 2/s over 10 s: t^2 / 10 are due by t: 2.5 at 5 s, 6.4 at 8 s, 10 at the end.
  ProfileCursor c = cursor({{10s, Rate(0), Rate(2)}}, End::stop);
  check_near(c.advance(2.5), 5);
  check_near(c.advance(3.9), 8);
  check_near(c.advance(3.599), std::sqrt(99.99));
  CHECK_FALSE(c.advance(0.002).has_value());
}

TEST_CASE("rate profile: a falling ramp to rate zero is inverted exactly") {
  // 2/s to 0 over 10 s: 2 t - t^2 / 10 are due by t: 7.5 at 5 s, 9.6 at 8 s.
  ProfileCursor c = cursor({{10s, Rate(2), Rate(0)}}, End::stop);
  check_near(c.advance(7.5), 5);
  check_near(c.advance(2.1), 8);
  CHECK_FALSE(c.advance(0.5).has_value());
}

TEST_CASE("rate profile: a repeating one starts again, whole passes at once") {
  // 10 a pass of 20 s: 25 are due 5 s into the third pass; 4 e5 more after 40,000 passes more, at the same
  // place.
  ProfileCursor c = cursor({{10s, Rate(1), Rate(1)}, {10s, Rate(0), Rate(0)}}, End::repeat);
  check_near(c.advance(25), 45);
  check_near(c.advance(4e5), 45 + 20 * 4e4);
}

TEST_CASE("rate profile: rare arrivals pass thousands of days in one step, and time ends after 100 years") {
  // 2 expected in the first second of each day: 5001 are due 2500 days and half a second in.
  ProfileCursor c = cursor({{1s, Rate(2), Rate(2)}, {24h - 1s, Rate(0), Rate(0)}}, End::repeat);
  check_near(c.advance(5001), 2500 * 86400 + 0.5);
  CHECK_FALSE(c.advance(1e300).has_value());
  CHECK_FALSE(c.advance(0).has_value());
}

TEST_CASE("rate profile: a phase enters it in the middle") {
  // 15 s into the pass of 20 s: 5 s of silence, then 1/s. 35 s into it is the same place.
  for (const Duration phase : {Duration(15s), Duration(35s)}) {
    ProfileCursor c = cursor({{10s, Rate(1), Rate(1)}, {10s, Rate(0), Rate(0)}}, End::repeat, phase);
    check_near(c.advance(1), 6);
  }
  ProfileCursor ramp = cursor({{10s, Rate(0), Rate(2)}}, End::stop, 5s);
  check_near(ramp.advance(3.9), 3);  // 6.4 in all, at 8 s of the profile
  CHECK_FALSE(cursor({{10s, Rate(1), Rate(1)}}, End::stop, 10s).advance(0).has_value());
}

TEST_CASE("rate profile: all zero yields nothing, repeating or not") {
  CHECK_FALSE(cursor({{10s, Rate(0), Rate(0)}}, End::stop).advance(1e-9).has_value());
  CHECK_FALSE(cursor({{10s, Rate(0), Rate(0)}}, End::repeat).advance(1e-9).has_value());
}

TEST_CASE("rate profile: mass and length add up over the pieces") {
  // 10 s from 1/s to 3/s is 20; 5 s at 4/s is 20.
  const std::array pieces = {RateProfile::Piece{10s, Rate(1), Rate(3)},
                             RateProfile::Piece{5s, Rate(4), Rate(4)}};
  const RateProfile profile(pieces, End::stop);
  CHECK(profile.mass() == doctest::Approx(40).epsilon(1e-14));
  CHECK(profile.length() == 15s);
  const std::array rates = {Rate(1), Rate(2)};
  CHECK(RateProfile::steps(30s, rates, End::stop).mass() == doctest::Approx(90).epsilon(1e-14));
}

TEST_CASE("rate profile: invalid pieces are a programmer's error") {
  CHECK_THROWS_AS(cursor({}, End::stop), CheckFailure);
  CHECK_THROWS_AS(cursor({{0s, Rate(1), Rate(1)}}, End::stop), CheckFailure);
  CHECK_THROWS_AS(cursor({{1s, Rate(-1), Rate(1)}}, End::stop), CheckFailure);
  CHECK_THROWS_AS(cursor({{1s, Rate(1), Rate(std::numeric_limits<double>::infinity())}}, End::stop),
                  CheckFailure);
  CHECK_THROWS_AS(cursor({{kMaxDuration, Rate(1), Rate(1)}, {1s, Rate(1), Rate(1)}}, End::stop),
                  CheckFailure);
}
