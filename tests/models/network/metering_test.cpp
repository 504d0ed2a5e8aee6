#include "models/common/pricing.hpp"
#include "tests/models/network/fixture.hpp"

namespace nephoscope::network {
namespace {

constexpr Bytes kGibibyte{std::int64_t{1} << 30};

TEST_CASE("network: both ends pay for what crosses zones") {
  Net net;
  const PlaceId web = net.host({.zone = 0, .owner = "web"}), db = net.host({.zone = 1, .owner = "db"});
  net.network.count(web, db, kGibibyte * 3);
  net.network.count(db, web, kGibibyte * 2);
  CHECK(net.billed("web", "DataTransfer-Regional-Bytes") == 5 * kGibibyte.count);
  CHECK(net.billed("db", "DataTransfer-Regional-Bytes") == 5 * kGibibyte.count);
  UsageMeter meter;
  net.network.bill(meter);
  const std::vector<BillLine> bill = make_bill(load_price_book("us-east-1"), meter, {});
  REQUIRE(bill.size() == 2);
  // 5 GB * $0.01.
  CHECK(to_dollars(bill[0].cost) == within(1e-9, 0.05));
}

TEST_CASE("network: an owner pays twice for what its own instances exchange between zones") {
  Net net;
  net.network.count(net.host({.zone = 0}), net.host({.zone = 2}), kGibibyte);
  CHECK(net.billed("web", "DataTransfer-Regional-Bytes") == 2 * kGibibyte.count);
}

TEST_CASE("network: inside a zone, and with load balancers' nodes and AWS's own fronts, nothing is metered") {
  Net net;
  const PlaceId web = net.host({.zone = 0});
  const PlaceId node =
      net.network.add_node({.owner = "front", .zone = ZoneId(1), .pays_between_zones = false});
  const PlaceId storage = net.network.zone_place(ZoneId(1));
  const PlaceId dynamo = net.network.region_place("us-east-1");
  net.network.count(web, net.host({.zone = 0, .rack = 4}), kGibibyte);
  for (const PlaceId other : {node, storage, dynamo}) {
    net.network.count(web, other, kGibibyte);
    net.network.count(other, web, kGibibyte);
  }
  UsageMeter meter;
  net.network.bill(meter);
  CHECK(meter.quantities().empty());
}

TEST_CASE("network: a station in another zone pays its end like an instance") {
  Net net;
  const PlaceId store = net.network.add_node({.owner = "store", .zone = ZoneId(1)});
  net.network.count(net.host({.zone = 0}), store, kGibibyte);
  CHECK(net.billed("store", "DataTransfer-Regional-Bytes") == kGibibyte.count);
  CHECK(net.billed("web", "DataTransfer-Regional-Bytes") == kGibibyte.count);
}

TEST_CASE("network: the sender pays for what leaves the Region; what comes in is free") {
  Net net;
  const PlaceId web = net.host({});
  const PlaceId ohio = net.network.region_place("us-east-2"), dublin = net.network.region_place("eu-west-1");
  net.network.count(web, ohio, kGibibyte * 4);
  net.network.count(web, dublin, kGibibyte * 4);
  net.network.count(dublin, web, kGibibyte * 9);
  UsageMeter meter;
  net.network.bill(meter);
  const std::vector<BillLine> bill = make_bill(load_price_book("us-east-1"), meter, {});
  REQUIRE(bill.size() == 2);
  // 4 GB * $0.02 to Ireland, 4 GB * $0.01 to Ohio.
  CHECK(bill[0].usage_type == "EU-AWS-Out-Bytes");
  CHECK(to_dollars(bill[0].cost) == within(1e-9, 0.08));
  CHECK(bill[1].usage_type == "USE2-AWS-Out-Bytes");
  CHECK(to_dollars(bill[1].cost) == within(1e-9, 0.04));
}

TEST_CASE("network: what goes to clients is data transfer out to the internet, wherever they are") {
  Net net;
  const PlaceId front = net.network.add_node({.owner = "front", .zone = ZoneId(0)});
  const PlaceId near = net.network.client_place("us-east-1"), far = net.network.client_place("sa-east-1");
  for (const PlaceId clients : {near, far}) {
    net.network.count(front, clients, kGibibyte);
    net.network.count(clients, front, kGibibyte * 7);
  }
  CHECK(net.billed("front", "DataTransfer-Out-Bytes") == 2 * kGibibyte.count);
  CHECK(net.billed("front", "DataTransfer-Regional-Bytes") == 0);
}

TEST_CASE("network: every Region has a price") {
  const PriceBook book = load_price_book("us-east-1");
  for (const auto& region : region_book().regions) {
    CAPTURE(region.id);
    CHECK(book.find(region.value.code + "-AWS-Out-Bytes") != nullptr);
  }
}

}  // namespace
}  // namespace nephoscope::network
