#include <doctest/doctest.h>

#include "models/dynamodb/capacity.hpp"

namespace nephoscope::dynamodb {

TEST_CASE("capacity: reads round each item up to 4 KB; eventual ones cost half, transactional ones double") {
  struct Row {
    std::int64_t bytes;
    Consistency consistency;
    double units;
  };
  // Developer Guide: an item of 8 KB takes 2 units strongly, 1 eventually, 4 transactionally; one of 3.5 KB
  // is rounded up to 4 KB, one of 10 KB to 12 KB. A missing item takes 1 unit strongly, 0.5 eventually.
  const Row rows[] = {{8192, Consistency::strong, 2},
                      {8192, Consistency::eventual, 1},
                      {8192, Consistency::transactional, 4},
                      {3584, Consistency::strong, 1},
                      {10240, Consistency::strong, 3},
                      {4096, Consistency::strong, 1},
                      {4097, Consistency::strong, 2},
                      {4097, Consistency::eventual, 1},
                      {0, Consistency::strong, 1},
                      {0, Consistency::eventual, 0.5},
                      {0, Consistency::transactional, 2},
                      {kMaxItemBytes, Consistency::strong, 100},
                      {kPageBytes, Consistency::eventual, 128},
                      {kPageBytes, Consistency::strong, 256}};
  for (const Row& row : rows) {
    CAPTURE(row.bytes);
    CHECK(read_units(row.bytes, row.consistency).value() == row.units);
  }
}

TEST_CASE("capacity: a query's page rounds the sum of its items once, a batch each item") {
  // Ten items of 1.5 KB: the query reads 15 KB = 4 blocks; the batch 10 x 1 block.
  constexpr std::int64_t item = 1536;
  CHECK(read_units(10 * item, Consistency::strong).value() == 4);
  CHECK((read_units(item, Consistency::strong) * 10).value() == 10);
  // Developer Guide, Query: 40 KB evaluated: 10 units strongly, 5 eventually.
  CHECK(read_units(40 << 10, Consistency::eventual).value() == 5);
}

TEST_CASE("capacity: writes cost the larger of the item before and after, in KB; transactional ones double") {
  struct Row {
    std::int64_t before;
    std::int64_t after;
    bool transactional;
    double units;
  };
  // Developer Guide: items of 512 bytes and 1 KB take 1 unit, one of 1.5 KB takes 2, a transactional one 4;
  // an update from 300 KB to 310 KB takes 310; a delete takes the old size; a delete of nothing takes 1.
  const Row rows[] = {{0, 512, false, 1},
                      {0, 1024, false, 1},
                      {0, 1536, false, 2},
                      {0, 1536, true, 4},
                      {300 << 10, 310 << 10, false, 310},
                      {310 << 10, 300 << 10, false, 310},
                      {2048, 0, false, 2},
                      {0, 0, false, 1},
                      {0, 0, true, 2}};
  for (const Row& row : rows) {
    CAPTURE(row.before);
    CAPTURE(row.after);
    CHECK(write_units(row.before, row.after, row.transactional).value() == row.units);
  }
}

TEST_CASE("capacity: a local index costs a write when an entry enters, leaves or changes") {
  CHECK(local_index_units(0, 1536, true).value() == 2);
  CHECK(local_index_units(100, 0, false).value() == 1);
  CHECK(local_index_units(100, 100, false).value() == 0);
  CHECK(local_index_units(1000, 3000, true).value() == 3);
  CHECK(local_index_units(0, 0, true).value() == 0);
}

}  // namespace nephoscope::dynamodb
