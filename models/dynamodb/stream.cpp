#include "models/dynamodb/stream.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "engine/base/check.hpp"

namespace nephoscope::dynamodb {

ChangeStream::ChangeStream(World& world, std::string table, const StreamSpecification& specification,
                           const PartitionSet& partitions)
    : world_(world),
      table_(std::move(table)),
      config_(specification),
      partitions_(partitions),
      latency_(Purpose("dynamodb.stream.latency").of(table_)),
      unchanged_(Purpose("dynamodb.stream.unchanged").of(table_)),
      latencies_(specification.record_latency, Purpose("dynamodb.stream.latencies").of(table_),
                 world.random) {
  for (const PartitionId partition : partitions_.partition_ids()) open_shard(partition);
}

// --- writing -----------------------------------------------------------------------------------------------

bool ChangeStream::unchanged(const ItemChange& change) const {
  if (change.old_bytes == 0 && change.new_bytes == 0) return true;
  if (change.inserts() || change.removes() || config_.unchanged.value == 0) return false;
  Draws draws = world_.random.request(unchanged_, change.number);
  return draws.next_uniform() < config_.unchanged.value;
}

std::uint32_t ChangeStream::size_of(const ItemChange& change) const {
  const StreamViewType view = config_.stream_view_type;
  const bool with_new = view == StreamViewType::new_image || view == StreamViewType::new_and_old_images;
  const bool with_old = view == StreamViewType::old_image || view == StreamViewType::new_and_old_images;
  const std::int64_t size =
      config_.key_size.count + (with_new ? change.new_bytes : 0) + (with_old ? change.old_bytes : 0);
  return static_cast<std::uint32_t>(std::min<std::int64_t>(size, kMaxBytes));
}

void ChangeStream::item_changed(const ItemChange& change) {
  if (unchanged(change)) return;
  const PartitionId partition = partitions_.partition_of(position_of(change.key, change.sort));
  Shard& shard = shards_[open_shard(partition)];
  ++counts_.written;
  if (consumers_ > 0) append(shard, change);
}

void ChangeStream::append(Shard& shard, const ItemChange& change) {
  trim(shard);
  Draws draws =
      world_.random.request(latency_, change.number, 0, static_cast<std::uint32_t>(change.version & 0xffffU));
  const Duration latency = latencies_.at(draws.next_bits());
  // Records of a shard come in order.
  shard.last_visible = std::max(shard.last_visible, change.at + latency);
  const auto microseconds = (shard.last_visible - change.at) / 1us;
  constexpr auto most = std::int64_t{std::numeric_limits<std::uint32_t>::max()};
  shard.records.push_back(
      {.created = change.at,
       .key = change.key,
       .sort = change.sort,
       .size = size_of(change),
       .latency_us = static_cast<std::uint32_t>(std::min<std::int64_t>(microseconds, most))});
  ++shard.written;
}

// --- shards ------------------------------------------------------------------------------------------------

std::uint32_t ChangeStream::open_shard(PartitionId partition) {
  if (partition.value >= last_of_.size()) last_of_.resize(partition.value + 1, kNone);
  const std::uint32_t last = last_of_[partition.value];
  if (last == kNone) {
    const std::uint32_t parent = shard_before(partition);
    if (parent != kNone) close(parent);
    return add_shard(partition, parent);
  }
  if (world_.now() < shards_[last].opened + config_.shard_lifetime) return last;
  close(last);
  return add_shard(partition, last);
}

// That of the partition which this one was split from; that of its parent if it never had one.
std::uint32_t ChangeStream::shard_before(PartitionId partition) const {
  for (PartitionId at = partitions_.parent_of(partition); at; at = partitions_.parent_of(at))
    if (at.value < last_of_.size() && last_of_[at.value] != kNone) return last_of_[at.value];
  return kNone;
}

std::uint32_t ChangeStream::add_shard(PartitionId partition, std::uint32_t parent) {
  const auto index = static_cast<std::uint32_t>(shards_.size());
  Shard& shard = shards_.emplace_back();
  shard.parent = parent;
  shard.partition = partition;
  shard.opened = world_.now();
  shard.reads_left = config_.reads_per_shard.per_second;
  shard.reads_settled = world_.now();
  last_of_[partition.value] = index;
  return index;
}

void ChangeStream::close(std::uint32_t shard) {
  shards_[shard].closed = std::min(shards_[shard].closed, world_.now());
}

std::vector<StreamShard> ChangeStream::shards() const {
  std::vector<StreamShard> all;
  for (std::uint32_t i = 0; i < shards_.size(); ++i) {
    const Shard& shard = shards_[i];
    const bool closed = shard.closed != Time::max();
    if (closed && shard.closed + kRetention <= world_.now()) continue;
    all.push_back({.id = ShardId(i), .parent = std::nullopt, .closed = closed});
    if (shard.parent != kNone) all.back().parent = ShardId(shard.parent);
  }
  return all;
}

// --- reading -----------------------------------------------------------------------------------------------

void ChangeStream::trim(Shard& shard) {
  const Time horizon = world_.now() - kRetention;
  while (!shard.records.empty() && shard.records.front().created <= horizon) {
    shard.records.pop_front();
    ++shard.first;
    ++counts_.trimmed;
  }
}

ShardIterator ChangeStream::iterator(ShardId shard, IteratorType type) const {
  check(shard.value < shards_.size(), "dynamodb", "stream of {}: there is no shard {}", table_, shard.value);
  const Shard& of = shards_[shard.value];
  return {.shard = shard, .next_sequence = type == IteratorType::latest ? of.written : of.first};
}

bool ChangeStream::may_read(Shard& shard) {
  const double rate = config_.reads_per_shard.per_second;
  const double gained = to_seconds(world_.now() - shard.reads_settled) * rate;
  shard.reads_left = std::min(std::max(rate, 1.0), shard.reads_left + gained);
  shard.reads_settled = world_.now();
  if (shard.reads_left < 1) return false;
  shard.reads_left -= 1;
  return true;
}

StreamBatch ChangeStream::get_records(ShardIterator& iterator, std::uint32_t limit) {
  check(iterator.shard.value < shards_.size(), "dynamodb", "stream of {}: no shard {}", table_,
        iterator.shard.value);
  Shard& shard = shards_[iterator.shard.value];
  StreamBatch batch;
  if (!may_read(shard)) {
    ++counts_.throttled_reads;
    batch.throttled = true;
    return batch;
  }
  ++counts_.reads;
  trim(shard);
  if (iterator.next_sequence < shard.first) {
    counts_.missed += shard.first - iterator.next_sequence;
    iterator.next_sequence = shard.first;
  }
  std::int64_t bytes = 0;
  while (batch.records.size() < std::min(limit, kMaxRecords) && iterator.next_sequence < shard.written) {
    const Record& record = shard.records[iterator.next_sequence - shard.first];
    if (visible(record) > world_.now()) break;
    if (!batch.records.empty() && bytes + record.size > kMaxBytes) break;
    bytes += record.size;
    batch.records.push_back({.sequence = iterator.next_sequence++,
                             .created = record.created,
                             .key = record.key,
                             .sort = record.sort,
                             .size = Bytes(record.size)});
  }
  counts_.returned += batch.records.size();
  batch.end_of_shard = shard.closed != Time::max() && iterator.next_sequence == shard.written;
  return batch;
}

// --- results -----------------------------------------------------------------------------------------------

std::uint64_t ChangeStream::held() const {
  std::uint64_t sum = 0;
  for (const Shard& shard : shards_) sum += shard.records.size();
  return sum;
}

void ChangeStream::report(Report& report) const {
  const auto number = [&](const char* name, std::uint64_t now, std::uint64_t before) {
    report.ratio({Scope::resource, table_, name}, "1", static_cast<double>(now - before), 1);
  };
  number("stream.records", counts_.written, before_.written);
  number("stream.shards", shards_.size(), 0);
  number("stream.reads", counts_.reads, before_.reads);
  number("stream.reads.throttled", counts_.throttled_reads, before_.throttled_reads);
  number("stream.records.returned", counts_.returned, before_.returned);
  number("stream.records.missed", counts_.missed, before_.missed);
}

void ChangeStream::bill(UsageMeter& meter) const {
  meter.add(table_, "Streams-Requests", static_cast<std::int64_t>(counts_.reads));
}

void ChangeStream::audit(Audit& audit) const {
  const std::uint64_t here = held();
  const bool kept = consumers_ > 0;
  const bool ok = kept ? counts_.written == counts_.trimmed + here : counts_.trimmed + here == 0;
  audit.add(
      "stream: resources." + table_, ok,
      kept ? fmt::format("{} records written = {} trimmed + {} held", counts_.written, counts_.trimmed, here)
           : fmt::format("{} records written, none kept for want of consumers", counts_.written));
}

}  // namespace nephoscope::dynamodb
