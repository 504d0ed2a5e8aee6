#include "engine/base/bytes_io.hpp"

#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <limits>

using namespace nephoscope;

TEST_CASE("bytes_io: what was written comes back in order and bit by bit") {
  ByteWriter out;
  out.u8(200);
  out.boolean(true);
  out.u32(0xdeadbeef);
  out.u64(0xfedcba9876543210);
  out.i64(-2);
  out.f64(-0.0);
  out.f64(std::numeric_limits<double>::denorm_min());
  out.text("caf\xc3\xa9");
  ByteReader in(out.bytes());
  CHECK(in.u8() == 200);
  CHECK(in.boolean());
  CHECK(in.u32() == 0xdeadbeef);
  CHECK(in.u64() == 0xfedcba9876543210);
  CHECK(in.i64() == -2);
  CHECK(std::signbit(in.f64()));
  CHECK(in.f64() == std::numeric_limits<double>::denorm_min());
  CHECK(in.text() == "caf\xc3\xa9");
  CHECK(in.remaining() == 0);
}

TEST_CASE("bytes_io: a NaN keeps its payload") {
  const double nan = std::bit_cast<double>(0x7ff8000000001234ULL);
  ByteWriter out;
  out.f64(nan);
  ByteReader in(out.bytes());
  CHECK(std::bit_cast<std::uint64_t>(in.f64()) == 0x7ff8000000001234ULL);
}

TEST_CASE("bytes_io: numbers are little-endian") {
  ByteWriter out;
  out.u32(1);
  CHECK(out.bytes() == std::vector{std::byte{1}, std::byte{0}, std::byte{0}, std::byte{0}});
}

TEST_CASE("bytes_io: reading past the end is a failed check, not garbage") {
  ByteWriter out;
  out.u32(7);
  ByteReader in(out.bytes());
  CHECK_THROWS_AS(in.u64(), CheckFailure);
}

TEST_CASE("bytes_io: a count that cannot fit in the rest of the record is refused") {
  ByteWriter out;
  out.u64(3);
  out.u64(0);
  out.u64(0);
  ByteReader in(out.bytes());
  CHECK_THROWS_AS(in.length(8), CheckFailure);  // 3 items of 8 bytes > the 16 bytes left
}

TEST_CASE("bytes_io: taking the bytes leaves the writer empty") {
  ByteWriter out;
  out.u8(1);
  CHECK(out.take().size() == 1);
  CHECK(out.bytes().empty());
}
