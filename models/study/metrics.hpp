// The metrics that results carry and expectations name: their units, what they mean, and their names in text.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/config/units.hpp"
#include "models/common/report.hpp"

namespace nephoscope {

// How a value is written in scenarios and shown to people; inside it is a plain number in the base unit.
enum class MetricKind {
  share,     // 0 to 1; "99.9%"
  duration,  // seconds; "400ms"
  rate,      // per second; "200/s"
  money,     // dollars; "$5"
  minutes,   // minutes; "5m"
  number,
};

// Where a metric exists.
struct MetricScopes {
  bool summary = false;
  bool workload = false;
  bool resource = false;
  bool window = false;
  bool has(Scope scope) const;
};

struct MetricInfo {
  std::string_view
      name;  // of a sketch without its quantile: "latency" stands for latency.p50, latency.p99, ...
  MetricKind kind = MetricKind::number;
  MetricScopes scopes;
  bool sketch = false;
  bool counts = false;  // a share of calls: numerator and denominator are whole numbers of calls
  std::string_view doc;
};

std::span<const MetricInfo> metric_table();

// "latency.all.p999" is quantile 0.999 of the sketch "latency.all". The digits are those after "0.", so p5 is
// 0.5 and nobody writes it: at least two digits are needed.
struct QuantileName {
  std::string sketch;
  double q = 0;
};
std::optional<QuantileName> parse_quantile(std::string_view name);
// 0.999 -> "p999".
inline constexpr struct {
  std::string_view suffix;
  double q;
} kShownQuantiles[] = {{"p50", 0.5}, {"p95", 0.95}, {"p99", 0.99}, {"p999", 0.999}};

// The row of a metric as expectations name it; null if there is none. For a quantile, its sketch's row.
const MetricInfo* find_metric(std::string_view name);

// Whether a table row of this name is a sketch, of which quantiles are asked.
bool is_sketch(std::string_view name);

// Names that `scope` has, quantiles written out: for messages.
std::vector<std::string> metric_names(Scope scope);

// The unit that results carry: "1", "s", "1/s", "USD", "min".
std::string_view unit_of(MetricKind kind);

// A bound as text in the base unit of `kind`: "400ms" -> 0.4.
Parsed<double> parse_bound(MetricKind kind, std::string_view text);
// An example of such a bound, for messages.
std::string_view example_of(MetricKind kind);

}  // namespace nephoscope
