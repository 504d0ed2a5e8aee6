#include "models/common/send_rate.hpp"

#include <doctest/doctest.h>

namespace nephoscope {
namespace {

// Ten answers a second up to t = 1 s: at 0.5 s m = 0.8 * 5 / 0.5 = 8, at 1 s m = 0.8 * 10 + 0.2 * 8 = 9.6.
SendRate after_one_second() {
  SendRate rate(Time{});
  for (int tenth = 1; tenth <= 10; ++tenth) rate.answered(Time{} + tenth * 100ms, false);
  return rate;
}

TEST_CASE("send rate: it measures answers in half seconds, smoothed by 0.8") {
  SendRate rate(Time{});
  for (int tenth = 1; tenth <= 4; ++tenth) rate.answered(Time{} + tenth * 100ms, false);
  CHECK(rate.measured().per_second == 0);
  rate.answered(Time{} + 500ms, false);
  CHECK(rate.measured().per_second == doctest::Approx(8));
  CHECK(after_one_second().measured().per_second == doctest::Approx(9.6));
}

TEST_CASE("send rate: nothing is limited before the first throttle") {
  SendRate rate = after_one_second();
  CHECK_FALSE(rate.limiting());
  rate.answered(Time{} + 1100ms, true);
  CHECK(rate.limiting());
}

TEST_CASE("send rate: a throttle cuts the rate to 0.7 of what was measured") {
  SendRate rate = after_one_second();
  rate.answered(Time{} + 1100ms, true);
  CHECK(rate.fill_rate().per_second == doctest::Approx(6.72));  // 0.7 * 9.6
  CHECK(rate.capacity() == doctest::Approx(6.72));
}

TEST_CASE("send rate: after a throttle it recovers along a cubic towards the rate before") {
  SendRate rate = after_one_second();
  rate.answered(Time{} + 1100ms, true);
  rate.answered(Time{} + 1300ms, false);
  // K = cbrt(9.6 * 0.3 / 0.4) = cbrt(7.2) = 1.930979; 0.4 * (0.2 - 1.930979)^3 + 9.6 = 9.6 - 0.4 * 5.186509.
  CHECK(rate.fill_rate().per_second == doctest::Approx(7.525396).epsilon(1e-6));
}

TEST_CASE("send rate: it never exceeds twice what is measured") {
  SendRate rate = after_one_second();
  rate.answered(Time{} + 1100ms, true);
  rate.answered(Time{} + 1300ms, false);
  rate.answered(Time{} + 3100ms, false);
  // Three answers in the two seconds to 3 s: m = 0.8 * 1.5 + 0.2 * 9.6 = 3.12; the cubic would say 9.6001.
  CHECK(rate.measured().per_second == doctest::Approx(3.12));
  CHECK(rate.fill_rate().per_second == doctest::Approx(6.24));
}

TEST_CASE("send rate: a further throttle starts from the lower of measured and allowed") {
  SendRate rate = after_one_second();
  rate.answered(Time{} + 1100ms, true);
  rate.answered(Time{} + 1200ms, true);
  // min(9.6, 6.72) * 0.7
  CHECK(rate.fill_rate().per_second == doctest::Approx(4.704));
}

TEST_CASE("send rate: it never falls below one attempt in two seconds, with room for one token") {
  SendRate rate(Time{});
  rate.answered(Time{} + 100ms, true);
  CHECK(rate.fill_rate().per_second == 0.5);
  CHECK(rate.capacity() == 1);
}

}  // namespace
}  // namespace nephoscope
