// UpdateTable for provisioned capacity: one update at a time, which takes minutes; few decreases a day.
//
// Sources: DynamoDB API reference, UpdateTable (asynchronous; no other update while UPDATING); Developer
// Guide, "Service, account, and table quotas: decreasing provisioned throughput".
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "engine/base/time.hpp"
#include "models/common/distribution_field.hpp"
#include "models/common/scalable_target.hpp"
#include "models/common/world.hpp"
#include "models/dynamodb/partition_set.hpp"

namespace nephoscope::dynamodb {

// How often capacity may be decreased in a day of UTC: four times within an hour if none has been made before
// that day, then once an hour if none was made in the hour before; so at most 27 times a day. Times are
// seconds since 1970-01-01T00:00Z.
class DecreaseQuota final {
 public:
  bool allows(std::int64_t utc) const;
  // REQUIRES: allows(utc); `utc` does not go back.
  void note(std::int64_t utc);

 private:
  std::int64_t day_ = -1;
  std::int64_t today_ = 0;
  std::int64_t first_ = 0;  // of today
  std::int64_t last_ = 0;
};

// Whether a table or one of its indexes is UPDATING: then no other update of any of them begins.
class TableUpdates final {
 public:
  bool updating() const { return updating_; }
  void begin() { updating_ = true; }
  void end() { updating_ = false; }

 private:
  bool updating_ = false;
};

// The provisioned capacity of a table or of a global secondary index, which UpdateTable changes. The old
// limit holds until an update ends.
class ProvisionedCapacity final {
 public:
  struct Options {
    std::string resource;  // that the event log names: the table's id
    std::string what;      // "" of the table itself, "index by-status" of an index
    std::array<MetricName, kAccesses> consumed;
  };
  // REQUIRES: all but `options` outlive it.
  ProvisionedCapacity(World& world, const Options& options, TableUpdates& updates, PartitionSet& partitions,
                      const DurationDistribution& update_time);

  // Read or write capacity, as Application Auto Scaling sees it.
  ScalableDimension& dimension(Access access) { return dimensions_[index_of(access)]; }
  CapacityChange set(Access access, std::int64_t units, const std::string& reason);
  std::int64_t units(Access access) const;
  bool updating() const { return updates_.updating(); }

  // Unit-hours to be billed until `now`: each hour of the run that has begun, at the highest capacity in it.
  std::int64_t unit_hours(Access access, Time now) const;

 private:
  class Dimension final : public ScalableDimension {
   public:
    Dimension(ProvisionedCapacity& owner, Access access) : owner_(owner), access_(access) {}
    std::int64_t capacity() const override { return owner_.units(access_); }
    bool updating() const override { return owner_.updating(); }
    CapacityChange set_capacity(std::int64_t capacity, const std::string& reason) override {
      return owner_.set(access_, capacity, reason);
    }
    MetricName consumed_metric() const override { return owner_.options_.consumed[index_of(access_)]; }

   private:
    ProvisionedCapacity& owner_;
    Access access_;
  };
  struct Billed {
    std::int64_t hour = 0;     // that is running, from the start of the run
    std::int64_t highest = 0;  // in it
    std::int64_t sum = 0;      // of the hours before
  };

  Process update(Access access, std::int64_t units);
  void enter(Billed& billed, Access access);
  std::int64_t utc() const;

  World& world_;
  Options options_;
  TableUpdates& updates_;
  PartitionSet& partitions_;
  const DurationDistribution& update_time_;
  Purpose purpose_;
  std::uint64_t count_ = 0;
  DecreaseQuota decreases_;
  std::array<Billed, kAccesses> billed_;
  std::array<Dimension, kAccesses> dimensions_;
};

}  // namespace nephoscope::dynamodb
