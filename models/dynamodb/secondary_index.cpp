#include "models/dynamodb/secondary_index.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "models/dynamodb/capacity.hpp"

namespace nephoscope::dynamodb {

SecondaryIndex::SecondaryIndex(World& world, std::string_view table, std::string name,
                               const GlobalIndexConfig& config, const PartitionSettings& settings,
                               const PartitionAssumptions& assumptions, TableQuota* quota,
                               std::int64_t entries)
    : world_(world),
      name_(std::move(name)),
      config_(config),
      value_(Purpose("dynamodb.index.value").of(table).of(name_)),
      asked_(Purpose("dynamodb.index.asked").of(table).of(name_)),
      indexed_(Purpose("dynamodb.index.indexed").of(table).of(name_)),
      moves_(Purpose("dynamodb.index.moves").of(table).of(name_)),
      projected_(Purpose("dynamodb.index.projected").of(table).of(name_)),
      lag_(Purpose("dynamodb.index.lag").of(table).of(name_)),
      lags_(config.propagation_lag, Purpose("dynamodb.index.lags").of(table).of(name_), world.random),
      partitions_(world, fmt::format("{}/index/{}", table, name_), settings, assumptions, quota),
      entries_(entries) {
  if (config.keys) values_.emplace(config.keys->ranks());
}

namespace {

// What draws about a write are addressed by: the items of one request differ.
std::uint64_t address(const ItemChange& write) {
  return mix64(write.number ^ number_of({write.key, write.sort}));
}

}  // namespace

// --- what a write does -------------------------------------------------------------------------------------

std::uint32_t SecondaryIndex::moves_of(const ItemId& item) const {
  const std::uint32_t* moves = moved_.find(item);
  return moves == nullptr ? 0 : *moves;
}

// The item's value after so many changes of it.
SecondaryIndex::Spot SecondaryIndex::spot_of(const ItemId& item, std::uint32_t moves) const {
  const std::uint64_t number = number_of(item);
  Spot spot{.value = mix64(number + moves), .indexed = true};
  if (values_) {
    Draws draws = world_.random.request(value_, number, 0, moves & RandomSource::kMaxStep);
    spot.value = values_->sample(draws) + 1;
  }
  if (config_.share_indexed.value >= 1) return spot;
  Draws draws = world_.random.request(indexed_, number, 0, moves & RandomSource::kMaxStep);
  spot.indexed = draws.next_uniform() < config_.share_indexed.value;
  return spot;
}

bool SecondaryIndex::moves_key(const ItemChange& write) const {
  if (write.old_bytes == 0 || write.new_bytes == 0 || config_.changes_key.value == 0) return false;
  Draws draws = world_.random.request(moves_, address(write));
  return draws.next_uniform() < config_.changes_key.value;
}

bool SecondaryIndex::changes_projected(const ItemChange& write) const {
  const double share = config_.projected_changes().value;
  if (share <= 0 || share >= 1) return share >= 1;
  Draws draws = world_.random.request(projected_, address(write));
  return draws.next_uniform() < share;
}

// One entry of `before` bytes becomes one of `after`; it costs the larger.
void SecondaryIndex::add(EntryWrites& to, const ItemChange& write, const Spot& spot, std::int64_t before,
                         std::int64_t after) const {
  if (!spot.indexed || (before == 0 && after == 0)) return;
  to.writes[to.count++] = {.demand = {.position = {.hash = position_of(spot.value).hash,
                                                   .sort = number_of({write.key, write.sort})},
                                      .key = spot.value,
                                      .access = Access::write,
                                      .units = write_units(before, after),
                                      .number = write.number},
                           .growth = after - before,
                           .enters = static_cast<int>(after > 0) - static_cast<int>(before > 0)};
}

EntryWrites SecondaryIndex::plan(const ItemChange& write) const {
  EntryWrites all;
  const ItemId item{write.key, write.sort};
  const std::int64_t before = config_.entry_bytes(write.old_bytes);
  const std::int64_t after = config_.entry_bytes(write.new_bytes);
  all.moves = moves_key(write);
  const bool same_place = !all.moves && write.old_bytes > 0 && write.new_bytes > 0;
  if (same_place && !changes_projected(write)) return all;
  const std::uint32_t moves = moves_of(item);
  const Spot spot = spot_of(item, moves);
  if (all.moves) {
    add(all, write, spot, before, 0);
    add(all, write, spot_of(item, moves + 1), 0, after);
  } else {
    add(all, write, spot, before, after);
  }
  return all;
}

// --- admission ---------------------------------------------------------------------------------------------

Admission SecondaryIndex::judge(const EntryWrites& writes) {
  for (std::uint32_t i = 0; i < writes.count; ++i) {
    const Admission admission = partitions_.judge(writes.writes[i].demand);
    if (!admission.admitted()) return admission;
  }
  return {};
}

// Both halves of a move were judged before either was taken, so the second may leave a bucket in debt by one
// entry.
void SecondaryIndex::take(const ItemChange& write, const EntryWrites& writes) {
  for (std::uint32_t i = 0; i < writes.count; ++i) partitions_.take_anyway(writes.writes[i].demand);
  commit(write, writes);
}

Admission SecondaryIndex::refuse(const EntryWrites& writes) {
  Admission first;
  for (std::uint32_t i = 0; i < writes.count; ++i) {
    const Admission admission = partitions_.judge(writes.writes[i].demand);
    partitions_.refuse(writes.writes[i].demand, admission);
    if (first.admitted()) first = admission;
  }
  return first;
}

void SecondaryIndex::commit(const ItemChange& write, const EntryWrites& writes) {
  ++(writes.count == 0 ? counts_.none : writes.count == 1 ? counts_.one : counts_.two);
  for (std::uint32_t i = 0; i < writes.count; ++i) {
    const EntryWrite& entry = writes.writes[i];
    partitions_.add_bytes(entry.demand.position, entry.growth);
    entries_ += entry.enters;
    Draws draws = world_.random.request(lag_, address(write), 0, i);
    Time& visible = visible_[{entry.demand.key, 0}];
    visible = std::max(visible, world_.now() + lags_.at(draws.next_bits()));
  }
  if (writes.moves) ++moved_[{write.key, write.sort}];
  if (visible_.size() > forget_at_) forget_visible();
}

// Only what is still under way is remembered.
void SecondaryIndex::forget_visible() {
  const Time now = world_.now();
  visible_.erase_if([now](const ItemId&, Time visible) { return visible <= now; });
  forget_at_ = std::max<std::size_t>(1024, visible_.size() * 2);
}

// --- reads -------------------------------------------------------------------------------------------------

std::uint64_t SecondaryIndex::value_of(const ItemId& item) const {
  return spot_of(item, moves_of(item)).value;
}

std::uint64_t SecondaryIndex::query_key(const Request& request, const ItemId& item) const {
  if (!values_) return value_of(item);
  if (request.key != 0) return request.key;
  Draws draws = world_.random.request(asked_, request.number);
  return values_->sample(draws) + 1;
}

bool SecondaryIndex::read_is_stale(std::uint64_t value) {
  const Time* visible = visible_.find({value, 0});
  const bool stale = visible != nullptr && *visible > world_.now();
  ++counts_.reads;
  counts_.stale_reads += stale ? 1 : 0;
  return stale;
}

Collection SecondaryIndex::all() const {
  return {.newest = static_cast<std::uint64_t>(std::max<std::int64_t>(entries_, 0)),
          .items = std::max<std::int64_t>(entries_, 0),
          .bytes = std::max<std::int64_t>(partitions_.bytes(), 0)};
}

// As many as the law of values says: entries of a value are not listed.
Collection SecondaryIndex::entries_of(std::uint64_t value) const {
  const Collection whole = all();
  if (!values_)
    return {.newest = 1, .items = std::min<std::int64_t>(whole.items, 1), .bytes = whole.mean_bytes()};
  if (value < 1 || value > values_->count()) return {};
  const double expected = static_cast<double>(whole.items) * values_->probability(value - 1);
  const auto items = static_cast<std::int64_t>(expected + 0.5);
  return {.newest = static_cast<std::uint64_t>(items), .items = items, .bytes = items * whole.mean_bytes()};
}

// --- results -----------------------------------------------------------------------------------------------

void SecondaryIndex::begin_measurement() { before_ = counts_; }

void SecondaryIndex::report(Report& report, const std::string& id) const {
  const auto ratio = [&](const char* name, std::uint64_t part, std::uint64_t all) {
    report.ratio({Scope::resource, id, name}, "1", static_cast<double>(part), static_cast<double>(all));
  };
  const std::uint64_t one = counts_.one - before_.one, two = counts_.two - before_.two;
  ratio("writes_per_table_write", one + 2 * two, counts_.none - before_.none + one + two);
  ratio("reads.stale", counts_.stale_reads - before_.stale_reads, counts_.reads - before_.reads);
  ratio("items", static_cast<std::uint64_t>(all().items), 1);
}

void SecondaryIndex::audit(Audit& audit) const { partitions_.audit(audit); }

}  // namespace nephoscope::dynamodb
