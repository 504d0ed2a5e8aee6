#include <map>
#include <set>
#include <vector>

#include "engine/random/draws.hpp"
#include "tests/models/dynamodb/table_fixture.hpp"

namespace nephoscope::dynamodb {
namespace {

std::string streamed(const std::string& assume = "record_latency: 100ms",
                     const std::string& view = "NEW_AND_OLD_IMAGES") {
  return table_yaml(
      kOnDemand + ", stream_specification: {stream_view_type: " + view + ", assume: {" + assume + "}}",
      "items: 0");
}

// Reads all of a stream, parents before children, each shard from its beginning.
class Consumer final {
 public:
  explicit Consumer(RecordStream& stream) : stream_(stream) { stream.add_consumer(); }
  void poll() {
    for (const StreamShard& shard : stream_.shards()) {
      if (finished_.contains(shard.id.value)) continue;
      if (shard.parent && known_.contains(shard.parent->value) && !finished_.contains(shard.parent->value))
        continue;
      known_.insert(shard.id.value);
      if (!places_.contains(shard.id.value))
        places_[shard.id.value] = stream_.iterator(shard.id, IteratorType::trim_horizon);
      const StreamBatch batch = stream_.get_records(places_[shard.id.value], 1000);
      records.insert(records.end(), batch.records.begin(), batch.records.end());
      if (batch.end_of_shard) finished_.insert(shard.id.value);
    }
  }
  std::vector<StreamRecord> records;

 private:
  RecordStream& stream_;
  std::map<std::uint32_t, ShardIterator> places_;
  std::set<std::uint32_t> known_, finished_;
};

TEST_CASE("stream: a record comes for each change, a latency after it, and none for what changes nothing") {
  TableFixture fixture(streamed());
  Consumer consumer(*fixture.table.record_stream());
  fixture.ask("PutItem", 1, Bytes(1000));
  fixture.ask("UpdateItem", 1);
  fixture.ask("DeleteItem", 1);
  fixture.ask("DeleteItem", 1);  // there is nothing to delete
  consumer.poll();
  CHECK(consumer.records.empty());
  fixture.run_for(1s);
  consumer.poll();
  REQUIRE(consumer.records.size() == 3);
  // 64 B of keys, then the new, both and the old image.
  CHECK(consumer.records[0].size.count == 1064);
  CHECK(consumer.records[1].size.count == 2064);
  CHECK(consumer.records[2].size.count == 1064);
  CHECK(consumer.records[0].created == Time{});
  fixture.check_audits();
}

TEST_CASE("stream: updates that leave an item as it is write no record") {
  TableFixture fixture(streamed("record_latency: 0s, unchanged: 100%", "KEYS_ONLY"));
  Consumer consumer(*fixture.table.record_stream());
  fixture.ask("PutItem", 1, Bytes(1000));
  fixture.ask("UpdateItem", 1);
  fixture.run_for(1s);
  consumer.poll();
  REQUIRE(consumer.records.size() == 1);
  CHECK(consumer.records[0].size.count == 64);
}

TEST_CASE(
    "stream: through splits and rolling shards a consumer sees each key's changes in order, each once") {
  TableFixture fixture(
      streamed("record_latency: {dist: lognormal, p50: 60ms, p99: 300ms}, shard_lifetime: 40s"));
  fixture.table.start();
  Consumer consumer(*fixture.table.record_stream());
  std::map<std::uint64_t, std::vector<Time>> written;
  const RandomSource random(Seed{5}, 0);
  for (std::uint64_t i = 0; i < 3000; ++i) {
    Draws draws = random.entity(Purpose("test"), 0, i);
    const std::uint64_t key = 1 + draws.next_below(50);
    TableFixture::Answer answer;
    fixture.send("PutItem", key, answer, Bytes(100));
    written[key].push_back(fixture.world.now());
    fixture.run_for(100ms);
    if (i == 1000)
      fixture.table.core().partitions.set_mode(BillingMode::provisioned, {.read = 10, .write = 9000});
    if (i % 10 == 0) consumer.poll();
  }
  CHECK(fixture.table.core().partitions.partitions() > 4);
  for (int i = 0; i < 100; ++i) {
    fixture.run_for(1s);
    consumer.poll();
  }
  std::map<std::uint64_t, std::vector<Time>> read;
  for (const StreamRecord& record : consumer.records) read[record.key].push_back(record.created);
  CHECK(consumer.records.size() == 3000);
  CHECK(read == written);
  bool has_parents = false;
  for (const StreamShard& shard : fixture.table.record_stream()->shards())
    has_parents = has_parents || shard.parent.has_value();
  CHECK(has_parents);
  fixture.check_audits();
}

TEST_CASE("stream: a call returns at most 1,000 records and 1 MB") {
  TableFixture fixture(streamed("record_latency: 0s"));
  Consumer consumer(*fixture.table.record_stream());
  for (int i = 0; i < 1500; ++i) fixture.ask("PutItem", 1, Bytes(100));
  consumer.poll();
  CHECK(consumer.records.size() == 1000);
  TableFixture large(streamed("record_latency: 0s", "NEW_IMAGE"));
  Consumer other(*large.table.record_stream());
  for (int i = 0; i < 10; ++i) large.ask("PutItem", 1, Bytes(300'000));
  other.poll();
  // 3 x 300,064 B fit into 1,048,576 B, 4 do not.
  CHECK(other.records.size() == 3);
}

TEST_CASE("stream: records are held for a day, then trimmed; written = trimmed + held") {
  TableFixture fixture(streamed("record_latency: 0s"));
  Consumer consumer(*fixture.table.record_stream());
  for (int hour = 0; hour < 30; ++hour) {
    fixture.run_to(hour * 1h);
    fixture.ask("PutItem", 1, Bytes(100));
  }
  consumer.poll();
  fixture.run_for(1s);
  for (int i = 0; i < 20; ++i) consumer.poll(), fixture.run_for(1s);
  // Written at 0 .. 29 h and read at 29 h: those of 6 .. 29 h are left.
  CHECK(consumer.records.size() == 24);
  fixture.check_audits();
}

TEST_CASE("stream: more readers of a shard than two are throttled") {
  TableFixture fixture(streamed("record_latency: 0s, reads_per_shard: 10/s"));
  RecordStream& stream = *fixture.table.record_stream();
  stream.add_consumer();
  fixture.ask("PutItem", 1, Bytes(100));
  const ShardId shard = stream.shards().front().id;
  // Each reader polls four times a second for ten seconds.
  const auto throttled = [&](int readers) {
    int count = 0;
    for (int poll = 0; poll < 40; ++poll) {
      fixture.run_for(250ms);
      for (int reader = 0; reader < readers; ++reader) {
        ShardIterator iterator = stream.iterator(shard, IteratorType::latest);
        count += stream.get_records(iterator, 1000).throttled ? 1 : 0;
      }
    }
    return count;
  };
  CHECK(throttled(2) == 0);
  // 120 calls, 3 each 250 ms: the shard answers the 10 that its bucket holds, and 39 x 2.5 that flow in.
  CHECK(throttled(3) == 120 - 107);
}

TEST_CASE("stream: without consumers it counts and keeps nothing; its reads are billed") {
  TableFixture fixture(streamed("record_latency: 0s"));
  fixture.ask("PutItem", 1, Bytes(100));
  CHECK(fixture.metric("stream.records") == 1);
  fixture.check_audits();
  Consumer consumer(*fixture.table.record_stream());
  consumer.poll();
  CHECK(consumer.records.empty());
  UsageMeter meter;
  fixture.table.bill(meter);
  // A new table on demand has 4 partitions, so 4 shards.
  CHECK(meter.quantities().at({"table", "Streams-Requests"}) == 4);
}

TEST_CASE("stream: a deletion by time to live is a change like any other") {
  TableFixture fixture(table_yaml(
      kOnDemand + ", stream_specification: {stream_view_type: OLD_IMAGE, assume: {record_latency: 0s}}, "
                  "time_to_live_specification: {assume: {ttl: 1h, deletion_delay: 10m}}",
      "items: 0"));
  Consumer consumer(*fixture.table.record_stream());
  fixture.ask("PutItem", 1, Bytes(1000));
  const CapacityUnits before = fixture.consumed(Access::write);
  fixture.run_to(65min);
  fixture.ask("GetItem", 1);
  fixture.run_to(2h);
  consumer.poll();
  fixture.run_for(1s);
  CHECK(consumer.records.size() == 2);
  // Free of charge, and the table is empty again.
  CHECK(fixture.consumed(Access::write) == before);
  CHECK(fixture.metric("size") == 0);
  CHECK(fixture.metric("TimeToLiveDeletedItemCount") == 1);
  CHECK(fixture.metric("reads.expired") == 1);
  fixture.check_audits();
}

}  // namespace
}  // namespace nephoscope::dynamodb
