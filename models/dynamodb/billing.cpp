// What a table is billed for.
#include "models/common/report.hpp"
#include "models/dynamodb/table.hpp"

namespace nephoscope::dynamodb {

void Table::bill(UsageMeter& meter) const {
  const PartitionSet& partitions = core_.partitions;
  if (partitions.settings().mode == BillingMode::pay_per_request) {
    meter.add(core_.id, "ReadRequestUnits", partitions.counts(Access::read).consumed.halves);
    meter.add(core_.id, "WriteRequestUnits", partitions.counts(Access::write).consumed.halves / 2);
  }
  meter.add(core_.id, "TimedStorage-ByteHrs", core_.storage.mebibyte_seconds(world_.end()));
}

}  // namespace nephoscope::dynamodb
