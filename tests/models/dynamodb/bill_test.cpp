#include <doctest/doctest.h>

#include "models/common/pricing.hpp"
#include "tests/models/dynamodb/table_fixture.hpp"

namespace nephoscope::dynamodb {

namespace {

double dollars(const UsageMeter& usage, const std::string& type) {
  for (const BillLine& line : make_bill(load_price_book("us-east-1"), usage, {}))
    if (line.usage_type == type) return to_dollars(line.cost);
  return -1;
}

}  // namespace

TEST_CASE(
    "bill: on demand, requests are billed by the unit and storage by the byte, with 100 bytes an item") {
  TableFixture fixture(table_yaml(kOnDemand + ", point_in_time_recovery_enabled: true, backups: 2",
                                  "items: 100000000, item_size: 924B"));
  for (int i = 0; i < 40; ++i) fixture.ask("GetItem", 1);
  for (int i = 0; i < 10; ++i) fixture.ask("PutItem", 1);
  UsageMeter usage;
  fixture.table.bill(usage);
  CHECK(usage.quantities().at({"table", "ReadRequestUnits"}) == 40);  // half units
  CHECK(usage.quantities().at({"table", "WriteRequestUnits"}) == 10);
  // 100 million x (924 + 100) B = 95.367 GiB for 100 h of 730: x $0.25 = $3.266, PITR at $0.20 $2.613, and
  // two backups at $0.10 $2.613. 40 x 0.5 units at $0.125 a million cost $0.0000025, 10 at $0.625
  // $0.00000625.
  CHECK(dollars(usage, "TimedStorage-ByteHrs") == doctest::Approx(3.26600).epsilon(1e-5));
  CHECK(dollars(usage, "TimedPITRStorage-ByteHrs") == doctest::Approx(2.61280).epsilon(1e-5));
  CHECK(dollars(usage, "TimedBackupStorage-ByteHrs") == doctest::Approx(2.61280).epsilon(1e-5));
  CHECK(dollars(usage, "ReadRequestUnits") == doctest::Approx(0.0000025));
  CHECK(dollars(usage, "WriteRequestUnits") == doctest::Approx(0.00000625));
}

TEST_CASE(
    "bill: provisioned capacity is billed for every hour that begins, at its highest value in the hour") {
  TableFixture fixture(table_yaml(provisioned_yaml(1000, 400), "update_time: 1m"));
  ScalableDimension& reads = *fixture.table.scalable_dimension("", "dynamodb:table:ReadCapacityUnits");
  fixture.run_to(90min);
  reads.set_capacity(3000, "a test");
  fixture.run_to(100min);
  reads.set_capacity(500, "a test");
  fixture.run_to(100h);
  UsageMeter usage;
  fixture.table.bill(usage);
  // Hour 0: 1,000; hour 1: 3,000; 98 hours at 500. Writes: 100 x 400.
  CHECK(usage.quantities().at({"table", "ReadCapacityUnit-Hrs"}) == 1000 + 3000 + 98 * 500);
  CHECK(usage.quantities().at({"table", "WriteCapacityUnit-Hrs"}) == 40'000);
  // 53,000 x $0.00013 and 40,000 x $0.00065.
  CHECK(dollars(usage, "ReadCapacityUnit-Hrs") == doctest::Approx(6.89));
  CHECK(dollars(usage, "WriteCapacityUnit-Hrs") == doctest::Approx(26.00));
}

TEST_CASE("bill: storage follows the table's size over time") {
  TableFixture fixture(table_yaml(kOnDemand, "items: 0"));
  fixture.run_to(50h);
  // 399 KiB + 100 B for 50 h: 180,000 s x (399 x 1024 + 100) B / 2^20 = 70,153.9 MiB s, rounded down.
  fixture.ask("PutItem", 1, Bytes(399 << 10));
  fixture.run_to(100h);
  UsageMeter usage;
  fixture.table.bill(usage);
  CHECK(usage.quantities().at({"table", "TimedStorage-ByteHrs"}) == 70'153);
}

}  // namespace nephoscope::dynamodb
