// What a table is billed for: see the section on the bill in dynamodb.md.
#include "models/common/report.hpp"
#include "models/dynamodb/table.hpp"

namespace nephoscope::dynamodb {

void Table::bill(UsageMeter& meter) const {
  const PartitionSet& partitions = core_.partitions;
  if (partitions.settings().mode == BillingMode::pay_per_request) {
    meter.add(core_.id, "ReadRequestUnits", partitions.counts(Access::read).consumed.halves);
    meter.add(core_.id, "WriteRequestUnits", partitions.counts(Access::write).consumed.halves / 2);
  } else {
    meter.add(core_.id, "ReadCapacityUnit-Hrs", capacity_.unit_hours(Access::read, world_.end()));
    meter.add(core_.id, "WriteCapacityUnit-Hrs", capacity_.unit_hours(Access::write, world_.end()));
  }
  const std::int64_t stored = core_.storage.mebibyte_seconds(world_.end());
  meter.add(core_.id, "TimedStorage-ByteHrs", stored);
  if (config_.point_in_time_recovery_enabled) meter.add(core_.id, "TimedPITRStorage-ByteHrs", stored);
  if (config_.backups == 0) return;
  const WideInt byte_seconds =
      WideInt{backed_up_} * config_.backups * ((world_.end() - Time{}) / Duration(1s));
  meter.add(core_.id, "TimedBackupStorage-ByteHrs", static_cast<std::int64_t>(byte_seconds >> 20));
}

}  // namespace nephoscope::dynamodb
