// Why a table or index throttled, in sentences, from what its HeatRecord remembers.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "engine/config/units.hpp"
#include "models/dynamodb/heat_record.hpp"

namespace nephoscope::dynamodb {
namespace {

constexpr double kWorthNaming = 0.1;  // the share of a key
constexpr double kOneKey = 0.5;       // of a partition's load: then it is a hot key, not a hot range of keys

std::string_view name(Access access) { return access == Access::read ? "reads" : "writes"; }
std::string_view units(Access access) { return access == Access::read ? "RU/s" : "WU/s"; }

std::string share_text(double part, double whole) {
  return whole > 0 ? fmt::format("{:.3g} %", 100 * part / whole) : std::string("0 %");
}

std::string clock(Time time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time.time_since_epoch());
  return seconds.count() == 0 ? "0s" : show(Duration(seconds));
}

}  // namespace

// Everything that a sentence may want to say.
struct HeatRecord::Case {
  const Subject& subject;
  Access access;
  double demands = 0;  // in all
  double peak = 0;     // units/s in the worst minute
  Time peak_at{};
  Hottest hottest;
  double of_hottest = 0;  // share of what partitions turned away
  HeavyKey key;           // that was turned away most there
  double of_key = 0;      // share of what was turned away there

  double rate() const { return subject.rate[index_of(access)]; }
  double cap() const { return kPartitionCaps.of(access); }
};

HeatRecord::Case HeatRecord::case_of(const Subject& subject, Access access) const {
  const Load& load = loads_[index_of(access)];
  Case it{.subject = subject, .access = access, .hottest = {}, .key = {}};
  it.demands = static_cast<double>(load.demands);
  const std::int64_t peak = std::max(load.peak, load.minute);
  it.peak = static_cast<double>(peak) / 2 / 60;
  it.peak_at = load.peak >= load.minute ? load.peak_at : minute_end_ - Duration(1min);
  it.hottest = hottest(access);
  const std::uint64_t by_partitions = load.refusals[static_cast<std::size_t>(Bucket::partition)].count +
                                      load.refusals[static_cast<std::size_t>(Bucket::node)].count;
  it.of_hottest =
      static_cast<double>(it.hottest.throttled) / std::max(static_cast<double>(by_partitions), 1.0);
  if (!it.hottest.partition || !rows_[it.hottest.partition.value].keys) return it;
  const HeavyKeys& keys = (*rows_[it.hottest.partition.value].keys)[index_of(access)];
  it.key = keys.heaviest();
  it.of_key = keys.total() > 0 ? (it.key.weight - it.key.surplus) / keys.total() : 0;
  return it;
}

Finding HeatRecord::explain(const Case& it, Bucket bucket, const Refusals& refusals) {
  Finding finding{.resource = it.subject.id, .kind = "throttling", .text = {}, .remedy = {}, .share = 0};
  finding.share = static_cast<double>(refusals.count) / std::max(it.demands, 1.0);
  const std::string befell =
      fmt::format("{} of the {} were throttled, between {} and {}", share_text(finding.share, 1),
                  name(it.access), clock(refusals.first), clock(refusals.last));
  switch (bucket) {
    case Bucket::node:
      return explain_partition(it, befell + ", for want of room on storage nodes", std::move(finding));
    case Bucket::partition:
      return explain_partition(it, befell, std::move(finding));
    case Bucket::quota:
      finding.text =
          fmt::format("{}: the table's quota was used up; the worst minute, at {}, asked for {:.0f} {}",
                      befell, clock(it.peak_at), it.peak, units(it.access));
      finding.remedy = "a higher quota (Service Quotas: table-level throughput)";
      return finding;
    case Bucket::maximum:
      finding.text =
          fmt::format("{}: the maximum that its owner has set; the worst minute, at {}, asked for {:.0f} {}",
                      befell, clock(it.peak_at), it.peak, units(it.access));
      finding.remedy = fmt::format("a maximum of {:.0f} {} or more", it.peak, units(it.access));
      return finding;
    default:
      return explain_rate(it, befell, std::move(finding));
  }
}

// The table's own rate ran out, on demand or provisioned.
Finding HeatRecord::explain_rate(const Case& it, const std::string& befell, Finding finding) {
  if (it.subject.on_demand) {
    finding.text = fmt::format(
        "{}: on demand it admits twice its earlier peak; the worst minute, at {}, asked for {:.0f} {}, and "
        "it "
        "was ready for less",
        befell, clock(it.peak_at), it.peak, units(it.access));
    finding.remedy =
        fmt::format("warm throughput of {:.0f} {}, or growth to it over 30 min", it.peak, units(it.access));
    return finding;
  }
  finding.text = fmt::format(
      "{}: its capacity was used up, bursts included; the worst minute, at {}, asked for {:.0f} {}, and at "
      "the "
      "end {:.0f} were provisioned",
      befell, clock(it.peak_at), it.peak, units(it.access), it.rate());
  finding.remedy = fmt::format("{:.0f} {} before the peak, or on-demand mode", it.peak, units(it.access));
  return finding;
}

// A partition was at its limit while the table was not.
Finding HeatRecord::explain_partition(const Case& it, const std::string& befell, Finding finding) {
  const double share = it.rate() / static_cast<double>(std::max<std::size_t>(it.subject.partitions, 1));
  finding.text = fmt::format("{}: partition {}, one of {}, turned away {} of them; ", befell,
                             it.hottest.partition.value, it.subject.partitions, share_text(it.of_hottest, 1));
  finding.text += it.subject.shares
                      ? fmt::format("its share of the table's rate was {:.0f} {}", share, units(it.access))
                      : fmt::format("no partition serves more than {:.0f} {}", it.cap(), units(it.access));
  if (it.of_key >= kWorthNaming)
    finding.text +=
        fmt::format("; key {} is {} of what it turned away", it.key.key, share_text(it.of_key, 1));
  finding.remedy = remedy(it);
  return finding;
}

std::string HeatRecord::remedy(const Case& it) {
  if (it.subject.shares)
    return "keys that spread evenly over partitions, or admission that gives partitions no shares";
  if (it.of_key < kOneKey)
    return "keys that spread evenly; warm throughput ahead of the peak, since splits for heat come minutes "
           "late";
  return fmt::format("no capacity helps one key beyond {:.0f} {}: spread it over several keys{}", it.cap(),
                     units(it.access), it.access == Access::read ? ", or cache it" : " (write sharding)");
}

void HeatRecord::add_findings(Report& report, const Subject& subject, Access access) const {
  const Load& load = loads_[index_of(access)];
  const Case it = case_of(subject, access);
  for (std::size_t bucket = 1; bucket < kBuckets; ++bucket)
    if (load.refusals[bucket].count > 0)
      report.findings.push_back(explain(it, static_cast<Bucket>(bucket), load.refusals[bucket]));
}

}  // namespace nephoscope::dynamodb
