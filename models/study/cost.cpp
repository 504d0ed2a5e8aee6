#include "models/study/cost.hpp"

#include <fmt/format.h>

#include "engine/base/check.hpp"
#include "engine/config/units.hpp"

namespace nephoscope {
namespace {

// AWS reckons a month as 730 hours (365 x 24 / 12).
constexpr Duration kMonth = std::chrono::hours(730);

Usd total_of(const std::vector<BillLine>& bill) {
  Usd total;
  for (const BillLine& line : bill) total += line.cost;
  return total;
}

// Usage of a month of such runs, to the nearest base unit.
UsageMeter monthly_usage(const UsageMeter& usage, Duration duration) {
  UsageMeter month;
  for (const auto& [key, quantity] : usage.quantities()) {
    const __int128 scaled =
        (static_cast<__int128>(quantity) * kMonth.count() + duration.count() / 2) / duration.count();
    check(scaled <= INT64_MAX, "cost", "a month's usage of {} is too large", key.usage_type);
    const auto own = usage.own_prices().find(key);
    if (own == usage.own_prices().end())
      month.add(key.resource, key.usage_type, static_cast<std::int64_t>(scaled));
    else
      month.add(key.resource, key.usage_type, static_cast<std::int64_t>(scaled), own->second);
  }
  return month;
}

}  // namespace

std::string why_not_monthly(Duration duration, std::optional<Duration> represents) {
  if (duration > Duration{} && (represents || duration % Duration(24h) == Duration{})) return "";
  return fmt::format("a run of {} is not whole days, and run.represents does not say for which it stands",
                     show(duration));
}

void CostLedger::bill(Report& report) {
  const auto bill = make_bill(options_.book, report.usage, options_.discount);
  const double total = to_dollars(total_of(bill));
  report.ratio({Scope::summary, "", "cost.total"}, "USD", total, 1);
  if (why_not_monthly(options_.duration, options_.represents).empty()) {
    const auto month =
        make_bill(options_.book, monthly_usage(report.usage, options_.duration), options_.discount);
    report.ratio({Scope::summary, "", "cost.monthly"}, "USD", to_dollars(total_of(month)), 1);
  }
  report.ratio({Scope::summary, "", "cost.per_million_requests"}, "USD", total * 1e6,
               static_cast<double>(report.requests));
  for (const std::string& id : options_.resources) {
    Usd cost;
    for (const BillLine& line : bill)
      if (line.resource == id) cost += line.cost;
    report.ratio({Scope::resource, id, "cost.total"}, "USD", to_dollars(cost), 1);
  }
  for (const BillLine& line : bill) {
    Sum& sum = sums_[{line.resource, line.usage_type}];
    sum.quantity += line.quantity;
    sum.unit = line.unit;
    sum.nanos += line.cost.nanos;
  }
  ++bills_;
}

std::vector<MeanBillLine> CostLedger::lines() const {
  std::vector<MeanBillLine> lines;
  const auto n = static_cast<double>(bills_);
  for (const auto& [key, sum] : sums_)
    lines.push_back({key.resource, key.usage_type, sum.quantity / n, sum.unit,
                     static_cast<double>(sum.nanos) * 1e-9 / n});
  return lines;
}

}  // namespace nephoscope
