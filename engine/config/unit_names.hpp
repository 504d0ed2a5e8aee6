// The units that quantities are written in; internal to engine/config.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace nephoscope {

struct UnitName {
  std::string_view name;
  std::int64_t factor;  // in the smallest unit of its table
  bool listed = true;   // named in messages
};

inline constexpr std::int64_t kNanosPerSecond = 1'000'000'000;

// In nanoseconds.
inline constexpr auto kDurationUnits = std::to_array<UnitName>({
    {"ns", 1},
    {"us", 1'000},
    {"µs", 1'000, false},
    {"ms", 1'000'000},
    {"s", kNanosPerSecond},
    {"m", 60 * kNanosPerSecond},
    {"min", 60 * kNanosPerSecond, false},
    {"h", 3'600 * kNanosPerSecond},
    {"d", 86'400 * kNanosPerSecond},
    {"w", 604'800 * kNanosPerSecond},
});

// In bytes.
inline constexpr auto kByteUnits = std::to_array<UnitName>({
    {"B", 1},
    {"kB", 1'000, false},
    {"KB", 1'000},
    {"KiB", 1LL << 10},
    {"MB", 1'000'000},
    {"MiB", 1LL << 20},
    {"GB", 1'000'000'000},
    {"GiB", 1LL << 30},
    {"TB", 1'000'000'000'000},
    {"TiB", 1LL << 40},
    {"PB", 1'000'000'000'000'000},
    {"PiB", 1LL << 50},
});

// In bits per second.
inline constexpr auto kBitRateUnits = std::to_array<UnitName>({
    {"bps", 1},
    {"kbps", 1'000},
    {"Kbps", 1'000, false},
    {"Mbps", 1'000'000},
    {"Gbps", 1'000'000'000},
    {"Tbps", 1'000'000'000'000},
});

// What may follow the slash of a rate, in seconds.
inline constexpr auto kPerUnits = std::to_array<UnitName>({
    {"s", 1},
    {"min", 60},
    {"m", 60, false},
    {"h", 3'600},
    {"d", 86'400},
});

}  // namespace nephoscope
