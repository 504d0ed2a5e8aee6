#include "models/cloudwatch/metric_store.hpp"

#include <algorithm>

#include "engine/base/check.hpp"

namespace nephoscope::cloudwatch {
namespace {

Time floor_to(Time instant, Duration step) { return instant - instant.time_since_epoch() % step; }

}  // namespace

std::string full_name(const MetricName& name) {
  auto dimensions = name.dimensions;
  std::sort(dimensions.begin(), dimensions.end());
  std::string text = name.space + " " + name.name;
  for (const auto& [key, value] : dimensions) text += " " + key + "=" + value;
  return text;
}

MetricId MetricStore::id(const MetricName& name) {
  const std::string text = full_name(name);
  const auto [place, added] = ids_.try_emplace(text, static_cast<std::uint32_t>(metrics_.size()));
  if (added)
    metrics_.push_back({.delay = Purpose("cloudwatch.delay").of(text),
                        .custom = !name.space.starts_with("AWS/"),
                        .buckets = {}});
  return place->second;
}

void MetricStore::watch(MetricId metric, Duration history, Duration resolution) {
  Metric& watched = metrics_[metric.value];
  watched.history = std::max(watched.history, history);
  watched.resolution = std::min(watched.resolution, resolution);
}

void MetricStore::put(MetricId id, Time stamp, const StatisticSet& values) {
  const Time now = world_.now();
  Metric& metric = metrics_[id.value];
  check(stamp <= now, "cloudwatch", "a datapoint of the future, {} s", to_seconds(stamp));
  ++counts_.puts;
  if (metric.custom) meter(metric);
  if (metric.history == Duration{}) {
    ++counts_.unwatched;
    return;
  }
  drop_before(metric, now - metric.history);
  const Time start = floor_to(stamp, metric.resolution);
  if (start < now - metric.history) {
    ++counts_.too_late;
    return;
  }
  Bucket& place = bucket(metric, start);
  ++place.puts;
  settle(place, now);
  const Time visible_at = now + place.delay;
  if (place.waiting.empty() || place.waiting.back().visible_at != visible_at)
    place.waiting.push_back({visible_at, {}});
  place.waiting.back().values += values;
}

// Adds up what has become visible, which stands in front, since all of a bucket waits equally long. Only once
// it is half of what stands there, so that the rest is not moved for every put.
void MetricStore::settle(Bucket& bucket, Time now) {
  auto& waiting = bucket.waiting;
  const auto rest = std::partition_point(waiting.begin(), waiting.end(),
                                         [&](const Waiting& each) { return each.visible_at <= now; });
  if (2 * (rest - waiting.begin()) < static_cast<std::ptrdiff_t>(waiting.size())) return;
  for (auto due = waiting.begin(); due != rest; ++due) bucket.visible += due->values;
  waiting.erase(waiting.begin(), rest);
}

StatisticSet MetricStore::visible(MetricId id, Time from, Time to) const {
  const Metric& metric = metrics_[id.value];
  check(metric.history > Duration{}, "cloudwatch", "nobody keeps metric {}", id.value);
  const Time now = world_.now();
  StatisticSet sum;
  auto place = std::lower_bound(metric.buckets.begin(), metric.buckets.end(), from,
                                [](const Bucket& bucket, Time instant) { return bucket.start < instant; });
  for (; place != metric.buckets.end() && place->start < to; ++place) {
    sum += place->visible;
    for (const Waiting& waiting : place->waiting)
      if (waiting.visible_at <= now) sum += waiting.values;
  }
  return sum;
}

MetricStore::Counts MetricStore::counts() const {
  Counts counts = counts_;
  for (const Metric& metric : metrics_) {
    counts.expired += metric.expired;
    for (const Bucket& bucket : metric.buckets) counts.held += bucket.puts;
  }
  return counts;
}

// Custom metrics are billed for the hours in which they are published.
void MetricStore::meter(Metric& metric) {
  const std::int64_t hour = world_.now().time_since_epoch() / Duration(1h);
  if (hour == metric.last_hour) return;
  metric.last_hour = hour;
  ++custom_metric_hours_;
}

// The bucket of that start, made if it is new. Nearly always it is the last one or goes behind it.
MetricStore::Bucket& MetricStore::bucket(Metric& metric, Time start) {
  auto& buckets = metric.buckets;
  auto place = buckets.end();
  while (place != buckets.begin() && std::prev(place)->start >= start) --place;
  if (place != buckets.end() && place->start == start) return *place;
  return *buckets.insert(place,
                         {.start = start, .delay = draw_delay(metric, start), .visible = {}, .waiting = {}});
}

// One draw a datapoint: whatever is published of it at one instant becomes visible at one instant.
Duration MetricStore::draw_delay(const Metric& metric, Time start) const {
  const bool high_resolution = metric.resolution < Duration(60s);
  const auto number = static_cast<std::uint64_t>(start.time_since_epoch() / Duration(1s));
  Draws draws = world_.random.entity(metric.delay, high_resolution ? 1 : 0, number);
  return (high_resolution ? config_.high_resolution_delay : config_.metric_delay).sample(draws);
}

void MetricStore::drop_before(Metric& metric, Time instant) {
  while (!metric.buckets.empty() && metric.buckets.front().start < instant) {
    metric.expired += metric.buckets.front().puts;
    metric.buckets.pop_front();
  }
}

}  // namespace nephoscope::cloudwatch
