// What instances cost: the time in the state running, surplus CPU credits, detailed monitoring.
#include <fmt/format.h>

#include <algorithm>

#include "models/common/pricing.hpp"
#include "models/ec2/instance.hpp"
#include "models/ec2/owner.hpp"

namespace nephoscope::ec2 {
namespace {

constexpr std::int64_t kMinimumSeconds = 60;
constexpr std::int64_t kSecond = 1'000'000'000;
constexpr double kVcpuMillisecondsInCredit = 60'000;

std::int64_t ceil_divide(std::int64_t value, std::int64_t by) { return (value + by - 1) / by; }

const PriceBook& book_of(const std::string& region) {
  static const PriceBook book = load_price_book("us-east-1");
  check(book.name == region || price_book_names().size() == 1, "ec2", "no price book for {}", region);
  return book;
}

UsageMeter::OwnPrice spot_price(const PriceBook& book, const std::string& type, Probability discount) {
  const Price* price = book.find("BoxUsage:" + type);
  check(price != nullptr && price->usd, "ec2", "{} has no price", type);
  const double paid = static_cast<double>(price->usd->value) * (1 - discount.value);
  return {.pico_usd = static_cast<std::int64_t>(paid + 0.5), .block = price->block, .unit = price->unit};
}

}  // namespace

std::int64_t billed_seconds(Duration running) {
  return std::max(ceil_divide(running.count(), kSecond), kMinimumSeconds);
}

void Usage::add_period(const Ec2Instance& instance, Duration ran) {
  const std::int64_t billed = billed_seconds(ran);
  seconds[static_cast<int>(instance.market())][instance.type()] += billed;
  rounding += WideInt{billed} * kSecond - ran.count();
  if (instance.detailed()) monitored_hours += ceil_divide(ran.count(), 3600 * kSecond);
}

Usage Owner::usage_so_far() const {
  Usage sum = usage;
  each([&](const Ec2Instance& instance) {
    if (instance.is_running()) sum.add_period(instance, region.world.now() - *instance.running_since());
    if (instance.credits()) sum.credits[instance.family()] += instance.credits()->charged().count;
  });
  return sum;
}

void Owner::bill(UsageMeter& meter) const {
  const Usage sum = usage_so_far();
  for (const auto& [type, seconds] : sum.seconds[static_cast<int>(Market::on_demand)])
    meter.add(id, "BoxUsage:" + type, seconds);
  for (const auto& [type, seconds] : sum.seconds[static_cast<int>(Market::spot)]) {
    const PriceBook& book = book_of(region.world.run.region);
    meter.add(id, "SpotUsage:" + type, seconds, spot_price(book, type, region.config.spot_discount));
  }
  for (const auto& [family, credits] : sum.credits)
    if (credits > 0)
      meter.add(id, "CPUCredits:" + family,
                static_cast<std::int64_t>(credits * kVcpuMillisecondsInCredit + 0.5));
  if (sum.monitored_hours > 0) meter.add(id, "EC2:DetailedMonitoring", sum.monitored_hours);
}

void Owner::audit_billing(Audit& audit) const {
  const Usage sum = usage_so_far();
  WideInt billed = 0;
  for (const auto& market : sum.seconds)
    for (const auto& [type, seconds] : market) billed += WideInt{seconds} * kSecond;
  const WideInt ran = running_before_ + running_.integral(region.world.now());
  audit.add("billing: resources." + id, billed == ran + sum.rounding,
            fmt::format("{:.9g} s billed = {:.9g} s running + {:.9g} s of minimum and begun seconds",
                        static_cast<double>(billed) * 1e-9, static_cast<double>(ran) * 1e-9,
                        static_cast<double>(sum.rounding) * 1e-9));
}

}  // namespace nephoscope::ec2
