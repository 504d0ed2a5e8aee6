// What a load balancer counts, per node and target group, and CloudWatch's names for it.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "engine/base/time.hpp"

namespace nephoscope::elasticloadbalancing {

enum class Count : std::uint8_t {
  requests,  // that got a target
  target_2xx,
  target_4xx,
  target_5xx,
  elb_4xx,  // the client closed first (460)
  elb_502,
  elb_503,
  elb_504,
  target_resets,      // network: refused or reset by the target
  elb_resets,         // network: by the load balancer
  port_errors,        // network: no port left
  lost,               // their node's zone has no power, or the load balancer is gone: nobody answers
  rejected,           // past the load balancer's capacity
  connection_errors,  // to targets
  unhealthy_routing,  // requests sent while failing open
  target_connections,
  processed_bytes,
  cross_zone_bytes,  // between a node and targets of other zones
  size,
};

struct Counters {
  std::array<std::uint64_t, static_cast<std::size_t>(Count::size)> values{};

  std::uint64_t& operator[](Count count) { return values[static_cast<std::size_t>(count)]; }
  std::uint64_t operator[](Count count) const { return values[static_cast<std::size_t>(count)]; }
  Counters& operator+=(const Counters& other) {
    for (std::size_t i = 0; i < values.size(); ++i) values[i] += other.values[i];
    return *this;
  }
  Counters operator-(const Counters& earlier) const {
    Counters difference = *this;
    for (std::size_t i = 0; i < values.size(); ++i) difference.values[i] -= earlier.values[i];
    return difference;
  }
  std::uint64_t elb_5xx() const {
    return (*this)[Count::elb_502] + (*this)[Count::elb_503] + (*this)[Count::elb_504];
  }
  std::uint64_t failed() const {
    return elb_5xx() + (*this)[Count::target_4xx] + (*this)[Count::target_5xx] + (*this)[Count::elb_4xx] +
           (*this)[Count::target_resets] + (*this)[Count::elb_resets] + (*this)[Count::port_errors] +
           (*this)[Count::rejected] + (*this)[Count::lost];
  }
  std::uint64_t ended() const { return (*this)[Count::target_2xx] + failed(); }
};

// Response times of a stretch of time.
struct MinuteTimes {
  std::uint64_t samples = 0;
  Duration sum{};
  Duration least = Duration::max();
  Duration most{};
  void add(Duration time) {
    ++samples;
    sum += time;
    least = std::min(least, time);
    most = std::max(most, time);
  }
  MinuteTimes& operator+=(const MinuteTimes& other) {
    samples += other.samples;
    sum += other.sum;
    least = std::min(least, other.least);
    most = std::max(most, other.most);
    return *this;
  }
};

// A count's metric and whether target groups have it too, not only load balancers and their zones
// (Application and Network Load Balancer guides, "CloudWatch metrics").
struct CountMetric {
  Count count;
  std::string_view name;
  bool of_targets = false;
};

inline constexpr std::array kApplicationMetrics = {
    CountMetric{Count::requests, "RequestCount", true},
    CountMetric{Count::target_2xx, "HTTPCode_Target_2XX_Count", true},
    CountMetric{Count::target_4xx, "HTTPCode_Target_4XX_Count", true},
    CountMetric{Count::target_5xx, "HTTPCode_Target_5XX_Count", true},
    CountMetric{Count::elb_4xx, "HTTPCode_ELB_4XX_Count"},
    CountMetric{Count::elb_502, "HTTPCode_ELB_502_Count"},
    CountMetric{Count::elb_503, "HTTPCode_ELB_503_Count"},
    CountMetric{Count::elb_504, "HTTPCode_ELB_504_Count"},
    CountMetric{Count::rejected, "RejectedConnectionCount"},
    CountMetric{Count::connection_errors, "TargetConnectionErrorCount", true},
    CountMetric{Count::unhealthy_routing, "UnhealthyRoutingRequestCount", true},
    CountMetric{Count::processed_bytes, "ProcessedBytes"},
};
inline constexpr std::array kNetworkMetrics = {
    CountMetric{Count::target_resets, "TCP_Target_Reset_Count"},
    CountMetric{Count::elb_resets, "TCP_ELB_Reset_Count"},
    CountMetric{Count::port_errors, "PortAllocationErrorCount", true},
    CountMetric{Count::rejected, "RejectedFlowCount"},
    CountMetric{Count::unhealthy_routing, "UnhealthyRoutingFlowCount", true},
    CountMetric{Count::processed_bytes, "ProcessedBytes"},
};

}  // namespace nephoscope::elasticloadbalancing
