// What one replication measured. Reports of replications merge into pooled values; intervals are made from
// the replications' own values.
//
// Every scalar metric is a ratio of two sums (availability = answered / arrived, utilisation = busy time /
// time, latency.mean = summed latency / calls), so pooling means adding numerators and denominators.
// Quantiles come from a sketch that is stored once and yields p50, p95, p99, p999.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "engine/base/bytes_io.hpp"
#include "engine/stats/quantile_sketch.hpp"
#include "engine/stats/windowed_series.hpp"
#include "models/common/audit.hpp"
#include "models/common/event_log.hpp"
#include "models/common/findings.hpp"

namespace nephoscope {

// What a metric speaks of: the whole scenario, one workload, one resource, or one window of time that an
// expectation names.
enum class Scope : std::uint8_t { summary, workload, resource, window };

struct MetricKey {
  Scope scope = Scope::summary;
  std::string id;    // the workload's or resource's id; "from..to" for a window; empty for the summary
  std::string name;  // "availability", "latency.mean", "CPUUtilization"; for a sketch "latency"
  auto operator<=>(const MetricKey&) const = default;
};

struct RatioMeasure {
  double numerator = 0;
  double denominator = 0;
};

struct Measure {
  MetricKey key;
  std::string unit;  // of the value: "s", "1", "1/s", "USD", "B"
  std::variant<RatioMeasure, QuantileSketch> value;
};

struct SeriesMeasure {
  std::string name;  // "ID.METRIC"
  std::string unit;
  WindowedSeries series;
};

// A cause of failed attempts: who failed whom with which error.
struct FailureCause {
  std::string workload;
  std::string resource;  // who failed; empty: the caller's own side
  std::string error;
  bool final = false;  // the call failed with it (otherwise a retry hid it)
  auto operator<=>(const FailureCause&) const = default;
};

// Metered usage in AWS's billing units, as integers. `usage_type` is the price book's key.
struct UsageKey {
  std::string resource;
  std::string usage_type;
  auto operator<=>(const UsageKey&) const = default;
};

class UsageMeter {
 public:
  // Adds `quantity` base units (seconds, bytes, requests: the price book says which). REQUIRES: >= 0.
  void add(std::string_view resource, std::string_view usage_type, std::int64_t quantity);
  // Usage whose price the scenario itself states: `pico_usd` per `block` units.
  struct OwnPrice {
    std::int64_t pico_usd = 0;
    std::int64_t block = 1;
    std::string unit;
    auto operator<=>(const OwnPrice&) const = default;
  };
  void add(std::string_view resource, std::string_view usage_type, std::int64_t quantity,
           const OwnPrice& price);

  const std::map<UsageKey, std::int64_t>& quantities() const { return quantities_; }
  const std::map<UsageKey, OwnPrice>& own_prices() const { return own_prices_; }

 private:
  std::map<UsageKey, std::int64_t> quantities_;
  std::map<UsageKey, OwnPrice> own_prices_;
};

class Report {
 public:
  void ratio(MetricKey key, std::string unit, double numerator, double denominator);
  void sketch(MetricKey key, std::string unit, QuantileSketch sketch);
  void series(std::string name, std::string unit, WindowedSeries series);
  void cause(FailureCause cause, std::uint64_t count);

  const std::vector<Measure>& measures() const { return measures_; }
  const Measure* find(const MetricKey& key) const;
  const std::vector<SeriesMeasure>& all_series() const { return series_; }
  const std::map<FailureCause, std::uint64_t>& causes() const { return causes_; }

  UsageMeter usage;
  std::vector<AuditLine> audits;
  std::vector<LoggedEvent> timeline;
  std::vector<Finding> findings;
  std::vector<HeatMap> heat_maps;
  std::uint64_t requests = 0;  // calls begun, warm-up included
  std::uint64_t events = 0;
  std::uint64_t fingerprint = 0;

  // Adds another replication's sums, samples, counts and usage (timeline, findings, heat maps and
  // fingerprint stay this one's).
  void merge(const Report& other);

  void save(ByteWriter& out) const;
  static Report load(ByteReader& in);

 private:
  std::vector<Measure> measures_;  // in the order in which models reported them
  std::map<MetricKey, std::size_t> index_;
  std::vector<SeriesMeasure> series_;
  std::map<FailureCause, std::uint64_t> causes_;
};

}  // namespace nephoscope
