#include "models/dynamodb/searches.hpp"

#include <algorithm>

#include "engine/base/check.hpp"
#include "models/dynamodb/batches.hpp"

namespace nephoscope::dynamodb {

// --- what is read ------------------------------------------------------------------------------------------

// None for the table itself and its local indexes, which lie in its own partitions.
IndexId Searches::index_of_pattern(const Operation& operation) const {
  if (!operation.pattern->index || core_.indexes == nullptr) return {};
  return core_.indexes->find(*operation.pattern->index);
}

Searches::Stretch Searches::query_stretch(const Request& request, const Operation& operation) const {
  ItemKey item = core_.operations.item_of(request, operation, 0);
  Stretch stretch;
  stretch.source.index = index_of_pattern(operation);
  if (stretch.source.index)
    item.key = core_.indexes->query_key(stretch.source.index, request, {item.key, item.sort});
  stretch.source.found = stretch.source.index ? core_.indexes->collection(stretch.source.index, item.key)
                                              : core_.items.collection(item.key);
  const std::int64_t there = stretch.source.found.items;
  stretch.items = std::min(operation.pattern->items.value_or(there), there);
  stretch.key = item.key;
  const bool backwards = operation.pattern->sort == SortChoice::newest;
  stretch.begin = position_of(item.key, stretch.source.index ? 0 : backwards ? item.sort : 1);
  stretch.bytes = bytes_of(stretch, backwards);
  return stretch;
}

// Few items are added up; of many, and of an index's entries, the collection's mean says enough.
std::int64_t Searches::bytes_of(const Stretch& stretch, bool backwards) const {
  constexpr std::int64_t few = 64;
  if (stretch.source.index || stretch.items > few || !core_.config.sorted())
    return stretch.items * stretch.source.found.mean_bytes();
  return core_.items.bytes_of(stretch.key, stretch.items, backwards);
}

// Segments share the hash evenly; a segment's pages share its part.
Searches::Stretch Searches::segment_stretch(const Operation& operation, std::uint32_t segment) const {
  const auto segments = static_cast<std::uint64_t>(operation.pattern->segments);
  Stretch stretch;
  stretch.source.index = index_of_pattern(operation);
  stretch.source.found =
      stretch.source.index
          ? core_.indexes->all(stretch.source.index)
          : Collection{.newest = 0, .items = core_.items.count(), .bytes = core_.items.bytes()};
  const std::int64_t all =
      std::min(operation.pattern->items.value_or(stretch.source.found.items), stretch.source.found.items);
  const auto share = [&](std::uint64_t n) {
    return all / static_cast<std::int64_t>(segments) +
           (static_cast<std::int64_t>(n) < all % static_cast<std::int64_t>(segments) ? 1 : 0);
  };
  stretch.items = share(segment);
  const std::uint64_t width = ~std::uint64_t{0} / segments;
  stretch.bytes = stretch.items * stretch.source.found.mean_bytes();
  const auto pages = static_cast<std::uint64_t>(blocks(stretch.bytes, kPageBytes));
  stretch.step = std::max<std::uint64_t>(width / pages, 1);
  stretch.begin = {.hash = width * segment + stretch.step / 2, .sort = 0};
  stretch.number = segment;
  return stretch;
}

// --- pages -------------------------------------------------------------------------------------------------

// A page is full when the next item would take it past 1 MB.
Task<Searches::Read> Searches::read(const Request& request, const Operation& operation, Stretch stretch) {
  const std::int64_t mean = stretch.items > 0 ? std::max<std::int64_t>(stretch.bytes / stretch.items, 1) : 1;
  const std::int64_t in_page = std::max<std::int64_t>(kPageBytes / mean, 1);
  const auto pages = static_cast<std::uint32_t>(
      std::min(operation.pattern->pages.value_or(std::int64_t{1} << 31), blocks(stretch.items, in_page)));
  Read sum;
  std::int64_t items = stretch.items;
  std::int64_t bytes = stretch.bytes;
  for (std::uint32_t page = 0; page < pages; ++page) {
    const std::int64_t of_page = items <= in_page ? bytes : in_page * mean;
    items -= in_page;
    bytes -= of_page;
    const Read read = co_await read_page(request, operation, stretch, page, of_page);
    if (read.outcome != Outcome::ok) co_return read;
    sum.bytes += read.bytes;
  }
  co_return sum;
}

Task<Searches::Read> Searches::read_page(const Request& request, const Operation& operation, Stretch stretch,
                                         std::uint32_t page, std::int64_t bytes) {
  const std::uint64_t number =
      stretch.number == 0 ? request.number : child_number(request.number, 0, stretch.number);
  const Demand demand{
      .position = {.hash = stretch.begin.hash + stretch.step * page, .sort = stretch.begin.sort},
      .key = stretch.key,
      .access = Access::read,
      .units = read_units(bytes, operation.consistency),
      .number = number};
  Draws draws = core_.world.random.request(core_.page_purpose, number, request.attempt, page & 0xffffffU);
  Duration agreement{};
  for (std::int64_t repetition = 1;; ++repetition) {
    if (operation.consistency == Consistency::strong) {
      const bool led = co_await core_.leader_of(demand.position);
      if (!led) co_return Read{.outcome = Outcome::no_leader, .refusal = {}};
      if (core_.quorum != nullptr) {
        const auto agreed = core_.quorum->read(core_.replica, number, request.attempt);
        if (agreed.verdict != RegionQuorum::Verdict::agreed)
          co_return Read{.outcome = Outcome::no_quorum, .refusal = {}};
        agreement = agreed.time;
      }
    }
    const Admission admission = admit(stretch.source, demand);
    const Duration latency = core_.read_latency.at(draws.next_bits());
    const bool admitted = admission.admitted();
    WaitStatus status = co_await core_.world.simulation.delay(
        admitted ? latency + agreement + core_.time_of(bytes) : latency);
    if (status != WaitStatus::done || admitted)
      co_return Read{.outcome = Outcome::ok, .refusal = {}, .bytes = bytes};
    if (page == 0 || repetition >= core_.config.continuation_attempts)
      co_return Read{.outcome = Outcome::throttled, .refusal = admission};
    status = co_await core_.world.simulation.delay(continuation_delay(core_.config, repetition));
    if (status != WaitStatus::done) co_return Read{};
  }
}

// All of a page at once, from one partition.
Admission Searches::admit(const Source& source, const Demand& demand) {
  if (source.index) return core_.indexes->read(source.index, demand);
  const Admission admission = core_.partitions.judge(demand);
  if (admission.admitted()) {
    core_.partitions.take(demand, admission);
  } else {
    core_.partitions.refuse(demand, admission);
    core_.note_throttle(Access::read, {.admission = admission});
  }
  return admission;
}

// --- operations --------------------------------------------------------------------------------------------

void Searches::finish(const Operation& operation, ReplyId reply, const Read& read, Time begun) {
  Response response;
  if (read.outcome == Outcome::ok)
    response = Core::body(
        static_cast<std::int64_t>(static_cast<double>(read.bytes) * operation.pattern->filter.value));
  else
    response =
        read.outcome == Outcome::throttled ? core_.throttled(read.refusal) : core_.failure(read.outcome);
  core_.finish(operation, reply, read.outcome, response, begun);
}

Process Searches::query(Request request, const Operation& operation, ReplyId reply) {
  const Time begun = core_.world.now();
  const Stretch stretch = query_stretch(request, operation);
  if (operation.consistency == Consistency::eventual && !stretch.source.index) {
    const ItemKey item = core_.operations.item_of(request, operation, 0);
    Draws draws = core_.latency_draws(request);
    core_.note_freshness(core_.items.find(item.key, item.sort), draws.next_bits());
  }
  const Read read = co_await this->read(request, operation, stretch);
  finish(operation, reply, read, begun);
}

Process Searches::scan(Request request, const Operation& operation, ReplyId reply) {
  const Time begun = core_.world.now();
  const auto segments = static_cast<std::uint32_t>(operation.pattern->segments);
  Gathered gathered;
  const ReplyId done = core_.world.replies.open(segments);
  for (std::uint32_t segment = 0; segment < segments; ++segment)
    core_.world.simulation.spawn(scan_segment(request, operation, segment, gathered, done));
  const Replies::Result result = co_await core_.world.replies.wait(done);
  if (result.status != WaitStatus::done) co_return;
  const Read read{.outcome = gathered.outcome, .refusal = gathered.refusal, .bytes = gathered.bytes};
  finish(operation, reply, read, begun);
}

// `request` and `gathered` live in the scan's frame, which waits for all segments.
Process Searches::scan_segment(const Request& request, const Operation& operation, std::uint32_t segment,
                               Gathered& gathered, ReplyId done) {
  const Stretch stretch = segment_stretch(operation, segment);
  const Read read = co_await this->read(request, operation, stretch);
  gathered.bytes += read.bytes;
  if (read.outcome != Outcome::ok) {
    gathered.outcome = read.outcome;
    gathered.refusal = read.refusal;
  }
  core_.world.replies.answer(done, Response{});
}

}  // namespace nephoscope::dynamodb
