// Metric math: an expression over metrics under ids, as alarms and scaling policies compare it.
//
//   backlog / FILL(workers, 1)        IF(requests > 100, 100 * errors / requests, 0)
//
// Numbers, ids, + - * /, comparisons (1 or 0), AND, OR, parentheses; ABS(x), FILL(x, s), IF(c, x, y), and
// SUM, AVG, MIN, MAX over [x, y, ...]. Evaluated datapoint by datapoint: between two series a missing value
// is 0 as long as the other one is there, and a division by zero drops the datapoint. Source: CloudWatch User
// Guide, "Use metric math" (awsdocs, using-metric-math, 17 May 2023). Not modelled: functions that look at
// other datapoints (RATE, FILL with REPEAT, scalars of a whole series), ^, and METRICS().
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nephoscope {

class MetricMath final {
 public:
  struct Parsed;
  // Reads an expression over `ids`. Its problem, if it has one, reads as a sentence part.
  static Parsed parse(std::string_view text, std::span<const std::string> ids);

  // The value at one instant, from those of the ids; none where the datapoint is dropped or missing.
  // REQUIRES: inputs.size() == ids.size() of parse().
  std::optional<double> value(std::span<const std::optional<double>> inputs) const;

 private:
  friend class MetricMathParser;
  enum class Op : std::uint8_t {
    number,
    input,
    negate,
    add,
    subtract,
    multiply,
    divide,
    less,
    less_equal,
    greater,
    greater_equal,
    equal,
    unequal,
    both,
    either,
    absolute,
    fill,
    choose,
    sum,
    average,
    minimum,
    maximum,
  };
  struct Node {
    Op op = Op::number;
    double number = 0;                     // of a number
    std::uint32_t input = 0;               // of an id
    std::vector<std::uint32_t> args = {};  // nodes
  };
  // A number of the expression is always there; a series may lack its datapoint.
  struct Value {
    std::optional<double> number;
    bool series = false;
  };
  Value value_of(std::uint32_t node, std::span<const std::optional<double>> inputs) const;
  Value choose(const Node& node, std::span<const std::optional<double>> inputs) const;
  Value fill(const Node& node, std::span<const std::optional<double>> inputs) const;
  Value over_list(const Node& node, std::span<const std::optional<double>> inputs) const;
  static std::optional<double> combine(Op op, double left, double right);

  std::vector<Node> nodes_;
  std::uint32_t root_ = 0;
};

struct MetricMath::Parsed {
  std::optional<MetricMath> value;
  std::string problem;
};

}  // namespace nephoscope
