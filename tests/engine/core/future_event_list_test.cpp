#include "engine/core/future_event_list.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <queue>
#include <string_view>
#include <vector>

using namespace nephoscope;

namespace {

using Entry = FutureEventList::Entry;

struct Later {
  bool operator()(const Entry& a, const Entry& b) const {
    return a.time != b.time ? a.time > b.time : a.order > b.order;
  }
};
using Reference = std::priority_queue<Entry, std::vector<Entry>, Later>;

struct Bits {  // Marsaglia, J. Stat. Soft. 8(14), 2003
  std::uint64_t state = 88172645463325252U;
  std::uint64_t next() {
    state ^= state << 13;
    state ^= state >> 7;
    return state ^= state << 17;
  }
  std::int64_t below(std::int64_t limit) { return static_cast<std::int64_t>(next() >> 1) % limit; }
};

enum class Spacing { equal, few, uniform, bimodal, heavy, decreasing, increasing };
constexpr Spacing kSpacings[] = {Spacing::equal, Spacing::few,        Spacing::uniform,   Spacing::bimodal,
                                 Spacing::heavy, Spacing::decreasing, Spacing::increasing};

// How far in the future the `i`-th event lies, ns.
std::int64_t gap(Spacing spacing, Bits& bits, std::int64_t i) {
  constexpr std::int64_t kMs = 1'000'000;
  switch (spacing) {
    case Spacing::equal:
      return 0;
    case Spacing::few:
      return bits.below(3) * kMs;
    case Spacing::uniform:
      return bits.below(1000 * kMs);
    case Spacing::bimodal:
      return bits.below(2) == 0 ? kMs : 3'600'000 * kMs;
    case Spacing::heavy:
      return static_cast<std::int64_t>(bits.next() >> (2 + bits.below(60)));
    case Spacing::decreasing:
      return std::max<std::int64_t>(1'000'000 * kMs - i * 1000, 0);
    case Spacing::increasing:
      return i * 1000;
  }
  return 0;
}

// Both lists side by side; every pop is compared.
struct Pair {
  FutureEventList list;
  Reference reference;
  std::uint64_t order = 0;
  std::int64_t now = 0;
  bool equal = true;

  void push(std::int64_t time, std::uint64_t priority = 0) {
    const Entry entry{.time = time, .order = (priority << 56) | ++order, .slot = 0, .chain = 0};
    list.push(entry);
    reference.push(entry);
  }
  void pop() {
    const Entry expected = reference.top();
    reference.pop();
    const Entry seen = list.pop();
    equal = equal && seen.time == expected.time && seen.order == expected.order;
    now = seen.time;
  }
};

constexpr std::int64_t kFarthest = std::int64_t{1} << 61;

std::int64_t bounded(std::int64_t now, std::int64_t ahead) { return std::min(now + ahead, kFarthest); }

}  // namespace

TEST_CASE("event list: everything pushed first comes out in order") {
  for (const std::int64_t size : {1, 10, 511, 513, 2000, 100'000}) {
    for (const Spacing spacing : kSpacings) {
      CAPTURE(size);
      CAPTURE(static_cast<int>(spacing));
      Bits bits;
      Pair pair;
      for (std::int64_t i = 0; i < size; ++i) pair.push(gap(spacing, bits, i));
      CHECK(pair.list.size() == static_cast<std::size_t>(size));
      while (!pair.reference.empty()) pair.pop();
      CHECK(pair.equal);
      CHECK(pair.list.empty());
    }
  }
}

TEST_CASE("event list: a steady population of pops and pushes stays in order") {
  for (const std::int64_t size : {10, 600, 5000, 100'000}) {
    for (const Spacing spacing : kSpacings) {
      CAPTURE(size);
      CAPTURE(static_cast<int>(spacing));
      Bits bits;
      Pair pair;
      for (std::int64_t i = 0; i < size; ++i) pair.push(gap(spacing, bits, i));
      for (std::int64_t i = 0; i < 20'000; ++i) {
        pair.pop();
        pair.push(bounded(pair.now, gap(spacing, bits, i)));
      }
      CHECK(pair.equal);
    }
  }
}

TEST_CASE("event list: populations that swell and shrink stay in order, with priorities at equal times") {
  Bits bits;
  Pair pair;
  for (int round = 0; round < 60; ++round) {
    const Spacing spacing = kSpacings[bits.below(std::size(kSpacings))];
    const std::int64_t pushes = bits.below(4000);
    for (std::int64_t i = 0; i < pushes; ++i)
      pair.push(bounded(pair.now, gap(spacing, bits, i)), bits.next() % 3);
    const std::int64_t pops = bits.below(static_cast<std::int64_t>(pair.list.size()) + 1);
    for (std::int64_t i = 0; i < pops; ++i) pair.pop();
  }
  while (!pair.reference.empty()) pair.pop();
  CHECK(pair.equal);
}

TEST_CASE("event list: events among thousands of rungs, opened by falling times, stay in order") {
  Bits bits;
  Pair pair;
  for (std::int64_t i = 100'000; i > 0; --i) pair.push(i * 1000);
  for (std::int64_t i = 0; i < 20'000; ++i) pair.push(bits.below(100'000'000));
  while (!pair.reference.empty()) pair.pop();
  CHECK(pair.equal);
}

TEST_CASE("event list: removal leaves the others in order") {
  Bits bits;
  Pair pair;
  Reference kept;
  for (std::int64_t i = 0; i < 20'000; ++i) pair.push(gap(Spacing::heavy, bits, i));
  while (!pair.reference.empty()) {
    if (pair.reference.top().order % 3 == 0) kept.push(pair.reference.top());
    pair.reference.pop();
  }
  pair.reference = kept;
  pair.list.remove_if([](const Entry& entry) { return entry.order % 3 != 0; });
  CHECK(pair.list.size() == pair.reference.size());
  while (!pair.reference.empty()) pair.pop();
  CHECK(pair.equal);
}

TEST_CASE("event list: memory follows the population, not the number of events that pass through") {
  for (const Spacing spacing : kSpacings) {
    CAPTURE(static_cast<int>(spacing));
    Bits bits;
    FutureEventList list;
    std::uint64_t order = 0;
    const auto push = [&](std::int64_t now, std::int64_t i) {
      list.push({.time = bounded(now, gap(spacing, bits, i)), .order = ++order, .slot = 0, .chain = 0});
    };
    for (std::int64_t i = 0; i < 10'000; ++i) push(0, i);
    for (std::int64_t i = 0; i < 200'000; ++i) push(list.pop().time, i % 10'000);
    // An event takes 24 bytes in the heap; in the buckets a chunk of 128 bytes at worst, and vectors may
    // have twice the room that they need.
    CHECK(list.memory() < 10'000 * 2 * (128 + 3 * 24));
  }
}
