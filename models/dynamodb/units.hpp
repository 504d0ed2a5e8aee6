// Capacity units, throughput, and the access that consumes them.
//
// Source: DynamoDB Developer Guide, "Provisioned throughput" (read and write capacity units, request units).
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>

namespace nephoscope::dynamodb {

enum class Access : std::uint8_t { read, write };
inline constexpr int kAccesses = 2;
inline constexpr std::array kEachAccess = {Access::read, Access::write};
constexpr std::size_t index_of(Access access) { return static_cast<std::size_t>(access); }

// Read or write capacity, exact: the smallest amount is the half unit of an eventually consistent read.
struct CapacityUnits {
  std::int64_t halves = 0;
  static constexpr CapacityUnits of(std::int64_t units) { return {units * 2}; }
  constexpr double value() const { return static_cast<double>(halves) / 2; }
  constexpr auto operator<=>(const CapacityUnits&) const = default;
  constexpr CapacityUnits& operator+=(CapacityUnits other) { return halves += other.halves, *this; }
  constexpr CapacityUnits& operator-=(CapacityUnits other) { return halves -= other.halves, *this; }
};
constexpr CapacityUnits operator+(CapacityUnits a, CapacityUnits b) { return {a.halves + b.halves}; }
constexpr CapacityUnits operator-(CapacityUnits a, CapacityUnits b) { return {a.halves - b.halves}; }
constexpr CapacityUnits operator*(CapacityUnits a, std::int64_t n) { return {a.halves * n}; }

// Units per second of each kind.
struct Throughput {
  double read = 0;
  double write = 0;
  constexpr double of(Access access) const { return access == Access::read ? read : write; }
  constexpr double& of(Access access) { return access == Access::read ? read : write; }
  constexpr bool operator==(const Throughput&) const = default;
};

}  // namespace nephoscope::dynamodb
