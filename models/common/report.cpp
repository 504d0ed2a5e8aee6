#include "models/common/report.hpp"

#include "engine/base/check.hpp"

namespace nephoscope {

void UsageMeter::add(std::string_view resource, std::string_view usage_type, std::int64_t quantity) {
  check(quantity >= 0, "meter", "{} used {} of {}", resource, quantity, usage_type);
  quantities_[{std::string(resource), std::string(usage_type)}] += quantity;
}

void UsageMeter::add(std::string_view resource, std::string_view usage_type, std::int64_t quantity,
                     const OwnPrice& price) {
  add(resource, usage_type, quantity);
  own_prices_.insert_or_assign({std::string(resource), std::string(usage_type)}, price);
}

void Report::ratio(MetricKey key, std::string unit, double numerator, double denominator) {
  check(!index_.contains(key), "report", "metric {} of '{}' is reported twice", key.name, key.id);
  index_.emplace(key, measures_.size());
  measures_.push_back({std::move(key), std::move(unit), RatioMeasure{numerator, denominator}});
}

void Report::sketch(MetricKey key, std::string unit, QuantileSketch sketch) {
  check(!index_.contains(key), "report", "metric {} of '{}' is reported twice", key.name, key.id);
  index_.emplace(key, measures_.size());
  measures_.push_back({std::move(key), std::move(unit), std::move(sketch)});
}

void Report::series(std::string name, std::string unit, WindowedSeries series) {
  series_.push_back({std::move(name), std::move(unit), std::move(series)});
}

void Report::cause(FailureCause cause, std::uint64_t count) {
  if (count > 0) causes_[std::move(cause)] += count;
}

const Measure* Report::find(const MetricKey& key) const {
  const auto place = index_.find(key);
  return place == index_.end() ? nullptr : &measures_[place->second];
}

void Report::merge(const Report& other) {
  check(measures_.size() == other.measures_.size() && series_.size() == other.series_.size(), "report",
        "replications report different metrics");
  for (std::size_t i = 0; i < measures_.size(); ++i) {
    check(measures_[i].key == other.measures_[i].key, "report",
          "replications report metrics in different order");
    if (auto* ratio = std::get_if<RatioMeasure>(&measures_[i].value)) {
      const auto& addend = std::get<RatioMeasure>(other.measures_[i].value);
      ratio->numerator += addend.numerator;
      ratio->denominator += addend.denominator;
    } else {
      std::get<QuantileSketch>(measures_[i].value).merge(std::get<QuantileSketch>(other.measures_[i].value));
    }
  }
  for (std::size_t i = 0; i < series_.size(); ++i) series_[i].series.merge(other.series_[i].series);
  for (const auto& [cause, count] : other.causes_) causes_[cause] += count;
  for (const auto& [key, quantity] : other.usage.quantities()) {
    const auto own = other.usage.own_prices().find(key);
    if (own == other.usage.own_prices().end())
      usage.add(key.resource, key.usage_type, quantity);
    else
      usage.add(key.resource, key.usage_type, quantity, own->second);
  }
  requests += other.requests;
  events += other.events;
}

namespace {

void save_key(ByteWriter& out, const MetricKey& key) {
  out.u8(static_cast<std::uint8_t>(key.scope));
  out.text(key.id);
  out.text(key.name);
}

MetricKey load_key(ByteReader& in) {
  const auto scope = static_cast<Scope>(in.u8());
  std::string id = in.text();
  return {scope, std::move(id), in.text()};
}

void save_usage(ByteWriter& out, const UsageMeter& usage) {
  out.u64(usage.quantities().size());
  for (const auto& [key, quantity] : usage.quantities()) {
    out.text(key.resource);
    out.text(key.usage_type);
    out.i64(quantity);
    const auto own = usage.own_prices().find(key);
    out.u8(own != usage.own_prices().end());
    if (own == usage.own_prices().end()) continue;
    out.i64(own->second.pico_usd);
    out.i64(own->second.block);
    out.text(own->second.unit);
  }
}

void load_usage(ByteReader& in, UsageMeter& usage) {
  for (std::uint64_t n = in.u64(); n > 0; --n) {
    const std::string resource = in.text();
    const std::string type = in.text();
    const std::int64_t quantity = in.i64();
    if (in.u8() == 0) {
      usage.add(resource, type, quantity);
      continue;
    }
    UsageMeter::OwnPrice price;
    price.pico_usd = in.i64();
    price.block = in.i64();
    price.unit = in.text();
    usage.add(resource, type, quantity, price);
  }
}

}  // namespace

void Report::save(ByteWriter& out) const {
  out.u64(measures_.size());
  for (const Measure& measure : measures_) {
    save_key(out, measure.key);
    out.text(measure.unit);
    const auto* ratio = std::get_if<RatioMeasure>(&measure.value);
    out.u8(ratio != nullptr);
    if (ratio != nullptr) {
      out.f64(ratio->numerator);
      out.f64(ratio->denominator);
    } else {
      std::get<QuantileSketch>(measure.value).save(out);
    }
  }
  out.u64(series_.size());
  for (const SeriesMeasure& entry : series_) {
    out.text(entry.name);
    out.text(entry.unit);
    entry.series.save(out);
  }
  out.u64(causes_.size());
  for (const auto& [cause, count] : causes_) {
    out.text(cause.workload);
    out.text(cause.resource);
    out.text(cause.error);
    out.u8(cause.final);
    out.u64(count);
  }
  save_usage(out, usage);
  out.u64(audits.size());
  for (const AuditLine& line : audits) {
    out.text(line.name);
    out.u8(line.ok);
    out.text(line.detail);
  }
  out.u64(timeline.size());
  for (const LoggedEvent& event : timeline) {
    out.i64(event.time.time_since_epoch().count());
    out.text(event.resource);
    out.text(event.kind);
    out.text(event.text);
  }
  nephoscope::save(out, findings);
  nephoscope::save(out, heat_maps);
  out.u64(requests);
  out.u64(events);
  out.u64(fingerprint);
}

Report Report::load(ByteReader& in) {
  Report report;
  for (std::uint64_t n = in.u64(); n > 0; --n) {
    MetricKey key = load_key(in);
    std::string unit = in.text();
    if (in.u8() != 0) {
      const double numerator = in.f64();
      report.ratio(std::move(key), std::move(unit), numerator, in.f64());
    } else {
      report.sketch(std::move(key), std::move(unit), QuantileSketch::load(in));
    }
  }
  for (std::uint64_t n = in.u64(); n > 0; --n) {
    std::string name = in.text();
    std::string unit = in.text();
    report.series(std::move(name), std::move(unit), WindowedSeries::load(in));
  }
  for (std::uint64_t n = in.u64(); n > 0; --n) {
    FailureCause cause;
    cause.workload = in.text();
    cause.resource = in.text();
    cause.error = in.text();
    cause.final = in.u8() != 0;
    report.cause(std::move(cause), in.u64());
  }
  load_usage(in, report.usage);
  for (std::uint64_t n = in.u64(); n > 0; --n) {
    AuditLine line;
    line.name = in.text();
    line.ok = in.u8() != 0;
    line.detail = in.text();
    report.audits.push_back(std::move(line));
  }
  for (std::uint64_t n = in.u64(); n > 0; --n) {
    LoggedEvent event;
    event.time = Time(Duration(in.i64()));
    event.resource = in.text();
    event.kind = in.text();
    event.text = in.text();
    report.timeline.push_back(std::move(event));
  }
  report.findings = load_findings(in);
  report.heat_maps = load_heat_maps(in);
  report.requests = in.u64();
  report.events = in.u64();
  report.fingerprint = in.u64();
  return report;
}

}  // namespace nephoscope
