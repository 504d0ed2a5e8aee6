#include "models/study/value_range.hpp"

#include <doctest/doctest.h>

using namespace nephoscope;

namespace {

// "2 3 4", or what is wrong.
std::string values(std::string_view text) {
  const auto range = ValueRange::parse(text);
  if (!range) return range.problem.message;
  std::string result;
  for (std::size_t i = 0; i < range.value->count(); ++i)
    result.append(i == 0 ? "" : " ").append(range.value->text(i));
  return result;
}

}  // namespace

TEST_CASE("value range: whole numbers go up by one, or by the step") {
  CHECK(values("2..5") == "2 3 4 5");
  CHECK(values("2..10:3") == "2 5 8");
  CHECK(values("-1..1") == "-1 0 1");
  CHECK(values("7..7") == "7");
}

TEST_CASE("value range: quantities keep their units") {
  CHECK(values("10ms..50ms:20ms") == "10ms 30ms 50ms");
  CHECK(values("500ms..2s:500ms") == "500ms 1s 1.5s 2s");
  CHECK(values("256MiB..1GiB:256MiB") == "256MiB 512MiB 768MiB 1GiB");
  CHECK(values("50/s..150/s:50/s") == "50/s 100/s 150/s");
  CHECK(values("10%..50%:20%") == "10% 30% 50%");
  CHECK(values("$1..$2:$0.50") == "$1 $1.5 $2");
}

TEST_CASE("value range: decimal fractions are exact") {
  CHECK(values("0.1..0.5:0.1") == "0.1 0.2 0.3 0.4 0.5");
  CHECK(values("0..1:0.25") == "0 0.25 0.5 0.75 1");
}

TEST_CASE("value range: what is not a range says why") {
  CHECK(values("2..x") == "'x' is no quantity");
  CHECK(values("2") == "'2' is no range");
  CHECK(values("10ms..50ms") == "the range 10ms..50ms needs a step");
  CHECK(values("0.5..2") == "the range 0.5..2 needs a step");
  CHECK(values("10ms..50:1ms") == "the range 10ms..50 mixes kinds of quantities");
  CHECK(values("10%..50:5%") == "the range 10%..50 mixes kinds of quantities");
  CHECK(values("10..2") == "the range ends at 2, below its start 10");
  CHECK(values("2..10:0") == "the step 0 is not above 0");
  CHECK(values("2..10:") == "no step behind the colon of '2..10:'");
  CHECK(values("0..99999999999") == "'99999999999' is too large for a range");
}
