// Bills as metrics: cost.total, cost.monthly, cost.per_million_requests, and each resource's cost.total.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "models/common/pricing.hpp"
#include "models/common/report.hpp"

namespace nephoscope {

struct CostOptions {
  PriceBook book = {};
  Probability discount = {};
  Duration duration{};                      // of the run, warm-up included
  std::optional<Duration> represents = {};  // whole days whose average the run is
  std::vector<std::string> resources = {};  // ids that get a cost.total of their own, 0 if nothing was billed
};

// One line of the bill, as means over replications.
struct MeanBillLine {
  std::string resource;
  std::string usage_type;
  double quantity = 0;  // in `unit`
  std::string unit;
  double usd = 0;
};

// Why a run of this length has no cost.monthly; empty if it has one. A month is made of whole days: part of a
// day says nothing about the other hours, unless the scenario says of which days it is the average. Either
// way a month's quantities are the run's times 730 h / duration.
std::string why_not_monthly(Duration duration, std::optional<Duration> represents = {});

// Bills replications one by one.
class CostLedger final {
 public:
  explicit CostLedger(CostOptions options) : options_(std::move(options)) {}

  // Bills the report's usage and adds the cost metrics to the report.
  void bill(Report& report);

  // In order of resource and usage type.
  std::vector<MeanBillLine> lines() const;

 private:
  struct Sum {
    double quantity = 0;
    std::string unit;
    std::int64_t nanos = 0;
  };

  CostOptions options_;
  std::map<UsageKey, Sum> sums_;
  std::int64_t bills_ = 0;
};

}  // namespace nephoscope
