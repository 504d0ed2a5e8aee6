#include "engine/random/arrivals.hpp"

#include <algorithm>
#include <limits>

#include "engine/base/check.hpp"
#include "engine/random/elementary.hpp"

namespace nephoscope {

namespace {

// Infinite at rate 0.
double gap_nanoseconds(Rate rate) {
  check(rate.per_second >= 0 && rate.per_second < std::numeric_limits<double>::infinity(), "random",
        "arrivals at a rate of {}/s", rate.per_second);
  return rate.per_second == 0 ? std::numeric_limits<double>::infinity() : 1e9 / rate.per_second;
}

}  // namespace

PoissonArrivals::PoissonArrivals(Rate rate, Time start) : mean_gap_(gap_nanoseconds(rate)), clock_(start) {}

EvenArrivals::EvenArrivals(Rate rate, Time start)
    : gap_(gap_nanoseconds(rate)), start_(ArrivalClock(start).now()) {}

std::optional<Time> EvenArrivals::next(const RandomSource&, Purpose, std::uint64_t number) {
  const double offset = gap_ * static_cast<double>(number + 1) + 0.5;
  if (!(offset < static_cast<double>((kMaxDuration - start_.time_since_epoch()).count())))
    return std::nullopt;
  return start_ + Duration(static_cast<std::int64_t>(offset));
}

std::optional<Time> ProfileArrivals::next(const RandomSource& source, Purpose purpose, std::uint64_t number) {
  return cursor_.advance(source.request(purpose, number).next_exponential());
}

RenewalArrivals::RenewalArrivals(const Distribution& gap_seconds, Time start)
    : gap_(gap_seconds), clock_(start) {
  check(gap_.mean() > 0, "random", "renewal arrivals with a mean gap of {} s", gap_.mean());
}

std::optional<Time> RenewalArrivals::next(const RandomSource& source, Purpose purpose, std::uint64_t number) {
  Draws draws = source.request(purpose, number);
  if (!clock_.advance(1e9 * gap_.sample(draws))) return std::nullopt;
  return clock_.now();
}

CountedArrivals::CountedArrivals(std::vector<std::uint64_t> counts, Duration interval, Time start)
    : counts_(std::move(counts)), interval_(interval), interval_start_(ArrivalClock(start).now()) {
  check(interval > Duration{} && interval <= kMaxDuration, "random", "counts per {} ns", interval.count());
  const auto room = static_cast<std::uint64_t>((kMaxDuration - start.time_since_epoch()) / interval);
  check(counts_.size() <= room, "random", "{} intervals end past the end of time", counts_.size());
}

std::optional<Time> CountedArrivals::next(const RandomSource& source, Purpose purpose, std::uint64_t number) {
  while (index_ < counts_.size() && placed_ == counts_[index_]) {
    ++index_;
    placed_ = 0;
    rest_ = 1;
    interval_start_ += interval_;
  }
  if (index_ == counts_.size()) return std::nullopt;
  const auto left = static_cast<double>(counts_[index_] - placed_++);
  rest_ *= elementary::exp(-source.request(purpose, number).next_exponential() / left);
  const double offset = (1 - rest_) * static_cast<double>(interval_.count());
  // Inside the interval even where the rest is too small to be seen.
  return interval_start_ + std::min(Duration(static_cast<std::int64_t>(offset)), interval_ - Duration(1));
}

ListedArrivals::ListedArrivals(std::vector<Time> times) : times_(std::move(times)) {
  check(std::is_sorted(times_.begin(), times_.end()), "random", "the listed arrivals are not in order");
}

std::optional<Time> ListedArrivals::next(const RandomSource&, Purpose, std::uint64_t number) {
  if (number >= times_.size()) return std::nullopt;
  return times_[static_cast<std::size_t>(number)];
}

std::optional<Time> ArrivalProcess::next_other(const RandomSource& source, std::uint64_t number) {
  return std::visit([&](auto& pattern) { return pattern.next(source, purpose_, number); }, pattern_);
}

}  // namespace nephoscope
