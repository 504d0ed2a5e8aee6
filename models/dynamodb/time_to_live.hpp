// Deletes expired items in the background, and knows which ones have expired.
//
// Each write by a client gives an item a new time of expiry. Some time after it the item is deleted, free of
// charge; in between it can still be read. Source: DynamoDB Developer Guide, "Using time to live (TTL)". Not
// modelled: items that were there at the start have no time of expiry.
#pragma once

#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

#include "models/common/audit.hpp"
#include "models/common/cloudwatch.hpp"
#include "models/common/report.hpp"
#include "models/common/world.hpp"
#include "models/dynamodb/index_map.hpp"
#include "models/dynamodb/item_change.hpp"
#include "models/dynamodb/time_to_live_config.hpp"

namespace nephoscope::dynamodb {

// The table, as far as TTL acts on it.
class ExpiringItems {
 public:
  virtual ~ExpiringItems() = default;
  // Deletes the item and tells the table's listeners, with origin time_to_live; it costs no capacity.
  virtual void delete_expired(const ItemId& item) = 0;
};

class TimeToLive final : public ChangeListener {
 public:
  static constexpr Duration kOldest = 24h * 365 * 5;  // values before that are ignored (Developer Guide)
  static constexpr Duration kSweep = 1s;              // deletions happen at whole seconds, many at a time

  // REQUIRES: all outlive it.
  TimeToLive(World& world, std::string table, const TimeToLiveSpecification& specification,
             ExpiringItems& items);

  void item_changed(const ItemChange& change) override;
  // Whether an item that can be read should not be there any more.
  bool expired(const ItemId& item) const;
  // Counts a read of an item.
  void count_read(const ItemId& item);

  std::uint64_t deleted() const { return counts_.deleted; }
  std::uint64_t waiting() const { return counts_.marked - counts_.superseded - counts_.deleted; }
  void connect(CloudWatch& cloudwatch);
  // The end of the minute that began at `from`. REQUIRES: connected.
  void publish(Time from);
  void begin_measurement() { before_ = counts_; }
  void report(Report& report) const;
  void audit(Audit& audit) const;

 private:
  struct Mark {
    Time expires{};
    Time deletes{};
    bool live = false;    // false: it only waits for its place in the line to come up
    bool queued = false;  // it has a place in line_
  };
  struct Due {
    Time at{};
    ItemId item;
  };
  struct Counts {
    std::uint64_t marked = 0, superseded = 0, deleted = 0;
    std::uint64_t reads = 0, expired_reads = 0;
  };

  void mark(const ItemChange& change);
  void unmark(const ItemId& item);
  void queue(const ItemId& item, Mark& mark);
  void arm();
  void sweep();
  void remove(const ItemId& item);
  static bool later(const Due& a, const Due& b) {
    return std::tie(a.at, a.item.key, a.item.sort) > std::tie(b.at, b.item.key, b.item.sort);
  }

  World& world_;
  std::string table_;
  const TimeToLiveSpecification& config_;
  ExpiringItems& items_;
  Purpose ttl_, passed_, delay_;
  ItemMap<Mark> marks_;    // items that will expire or have expired
  std::vector<Due> line_;  // a heap: the earliest first; one place an item, which may turn out too early
  Timer timer_;
  Time armed_ = Time::max();
  Counts counts_, before_;
  CloudWatch* cloudwatch_ = nullptr;
  MetricId metric_;
  std::uint64_t published_ = 0;
};

}  // namespace nephoscope::dynamodb
