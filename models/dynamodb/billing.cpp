// What a table is billed for: see the section on the bill in dynamodb.md.
#include "models/common/report.hpp"
#include "models/dynamodb/table.hpp"

namespace nephoscope::dynamodb {

// A write to a global table is paid in replicated write units by each Region, the first one included; those
// of its indexes are ordinary ones (Developer Guide, "Understanding DynamoDB billing for global tables").
void Table::bill(UsageMeter& meter) const {
  const PartitionSet& partitions = core_.partitions;
  const bool replicated = !config_.global_table.empty();
  const auto add = [&](const char* usage_type, std::int64_t own, std::int64_t of_indexes) {
    const bool write = std::string_view(usage_type).starts_with("Write");
    const std::string first = replicated && write ? std::string("Repl") + usage_type : usage_type;
    meter.add(core_.id, first, own);
    if (indexes_) meter.add(core_.id, usage_type, of_indexes);
  };
  const auto halves = [&](Access access) { return indexes_ ? indexes_->consumed(access).halves : 0; };
  const auto hours = [&](Access access) { return indexes_ ? indexes_->unit_hours(access, world_.end()) : 0; };
  if (partitions.settings().mode == BillingMode::pay_per_request) {
    add("ReadRequestUnits", partitions.counts(Access::read).consumed.halves, halves(Access::read));
    add("WriteRequestUnits", partitions.counts(Access::write).consumed.halves / 2, halves(Access::write) / 2);
  } else {
    add("ReadCapacityUnit-Hrs", capacity_.unit_hours(Access::read, world_.end()), hours(Access::read));
    add("WriteCapacityUnit-Hrs", capacity_.unit_hours(Access::write, world_.end()), hours(Access::write));
  }
  const std::int64_t stored = core_.storage.mebibyte_seconds(world_.end());
  meter.add(core_.id, "TimedStorage-ByteHrs",
            stored + (indexes_ ? indexes_->mebibyte_seconds(world_.end()) : 0));
  if (stream_) stream_->bill(meter);
  if (config_.point_in_time_recovery_enabled) meter.add(core_.id, "TimedPITRStorage-ByteHrs", stored);
  if (config_.backups == 0) return;
  const WideInt byte_seconds =
      WideInt{backed_up_} * config_.backups * ((world_.end() - Time{}) / Duration(1s));
  meter.add(core_.id, "TimedBackupStorage-ByteHrs", static_cast<std::int64_t>(byte_seconds >> 20));
}

}  // namespace nephoscope::dynamodb
