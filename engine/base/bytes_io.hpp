// Flat binary records: what a replication writes into its pipe and the study reads back.
//
// Little-endian on every machine; doubles travel as their 64 bits, so a value survives exactly, NaN and -0.0
// included. There is no framing and no version: writer and reader are the same program, and read back in the
// order of writing.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/check.hpp"

namespace nephoscope {

// Appends values to a buffer that it owns.
class ByteWriter final {
 public:
  void u8(std::uint8_t value) { bytes_.push_back(static_cast<std::byte>(value)); }
  void boolean(bool value) { u8(value ? 1 : 0); }
  void u32(std::uint32_t value) { put<4>(value); }
  void u64(std::uint64_t value) { put<8>(value); }
  void i64(std::int64_t value) { put<8>(static_cast<std::uint64_t>(value)); }
  void f64(double value) { put<8>(std::bit_cast<std::uint64_t>(value)); }
  void text(std::string_view value) {
    u64(value.size());
    for (const char c : value) u8(static_cast<std::uint8_t>(c));
  }

  const std::vector<std::byte>& bytes() const { return bytes_; }
  std::vector<std::byte> take() { return std::exchange(bytes_, {}); }

 private:
  template <std::size_t kWidth>
  void put(std::uint64_t value) {
    for (std::size_t i = 0; i < kWidth; ++i) bytes_.push_back(static_cast<std::byte>(value >> (8 * i)));
  }

  std::vector<std::byte> bytes_;
};

// Reads values back in the order of writing. Reading past the end throws CheckFailure: the record is cut off
// or was written by other code.
class ByteReader final {
 public:
  // REQUIRES: `bytes` outlives the reader.
  explicit ByteReader(std::span<const std::byte> bytes) : rest_(bytes) {}

  std::uint8_t u8() { return static_cast<std::uint8_t>(get<1>()); }
  bool boolean() { return u8() != 0; }
  std::uint32_t u32() { return static_cast<std::uint32_t>(get<4>()); }
  std::uint64_t u64() { return get<8>(); }
  std::int64_t i64() { return static_cast<std::int64_t>(get<8>()); }
  double f64() { return std::bit_cast<double>(get<8>()); }
  std::string text() {
    std::string value(length(1), '\0');
    for (char& c : value) c = static_cast<char>(u8());
    return value;
  }

  // A count of items that follow, each at least `item_bytes` long; checked against what is left, so that a
  // damaged record cannot ask for more memory than it has bytes.
  std::size_t length(std::size_t item_bytes) {
    const std::uint64_t count = u64();
    check(count <= rest_.size() / item_bytes, "bytes_io", "{} items do not fit in {} bytes", count,
          rest_.size());
    return static_cast<std::size_t>(count);
  }

  std::size_t remaining() const { return rest_.size(); }

 private:
  template <std::size_t kWidth>
  std::uint64_t get() {
    check(rest_.size() >= kWidth, "bytes_io", "the record ends {} bytes early", kWidth - rest_.size());
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < kWidth; ++i) value |= std::to_integer<std::uint64_t>(rest_[i]) << (8 * i);
    rest_ = rest_.subspan(kWidth);
    return value;
  }

  std::span<const std::byte> rest_;
};

}  // namespace nephoscope
