#include "tests/models/network/fixture.hpp"

namespace nephoscope::network {
namespace {

constexpr const char* kExact = "{assume: {between_zones: 10ms, zone_jitter: 0}}";

// Answers each request 5 ms after it came.
class Callee final : public Endpoint {
 public:
  explicit Callee(World& world) : world_(world) {}
  void submit(const Request& request, ReplyId reply) override {
    came.push_back(world_.now());
    world_.simulation.spawn(work(request, reply));
  }
  std::vector<Time> came;

 private:
  Process work(Request, ReplyId reply) {
    co_await world_.simulation.delay(5ms);
    Response response;
    response.size = Bytes(1000);
    world_.replies.answer(reply, response);
  }
  World& world_;
};

// A caller at `from` of a callee in zone 1.
class Exchange {
 public:
  explicit Exchange(const std::string& yaml = kExact) : net(yaml) {}

  // When the answer came; none if it did not.
  std::optional<Time> call(PlaceId from, Duration timeout = 1s) {
    Request request;
    request.number = 7;
    request.size = Bytes(10);
    request.place = from;
    request.deadline = net.world.now() + timeout;
    std::optional<Time> answered;
    net.world.simulation.spawn(ask(request, timeout, answered));
    while (net.world.simulation.step()) {
    }
    return answered;
  }

  Net net;
  Callee callee{net.world};
  PlaceId there = net.host({.zone = 1, .owner = "store"});

 private:
  Process ask(Request request, Duration timeout, std::optional<Time>& answered) {
    const ReplyId reply = net.world.replies.open();
    carry(net.world, there, callee, request, reply);
    const Replies::Result result = co_await net.world.replies.wait(reply, timeout);
    if (result.status == WaitStatus::done) answered = net.world.now();
  }
};

TEST_CASE("network: an exchange takes the way there, the work, and the way back") {
  Exchange exchange;
  // 5 ms + 5 ms + 5 ms.
  CHECK(exchange.call(exchange.net.host({.zone = 0})) == Time{} + 15ms);
  CHECK(exchange.callee.came == std::vector<Time>{Time{} + 5ms});
}

TEST_CASE("network: with callers from nowhere it takes no time and is not metered") {
  Exchange exchange;
  CHECK(exchange.call({}) == Time{} + 5ms);
  CHECK(exchange.net.billed("store", "DataTransfer-Regional-Bytes") == 0);
}

TEST_CASE("network: bodies of requests and answers are metered, latencies or not") {
  for (const char* yaml : {kExact, "{latencies: false}"}) {
    Exchange exchange(yaml);
    exchange.call(exchange.net.host({.zone = 0}));
    CHECK(exchange.net.billed("web", "DataTransfer-Regional-Bytes") == 1010);
    CHECK(exchange.net.billed("store", "DataTransfer-Regional-Bytes") == 1010);
  }
}

TEST_CASE("network: a callee works for a caller who has given up, and its answer is dropped") {
  Exchange exchange;
  CHECK(exchange.call(exchange.net.host({.zone = 0}), 9ms) == std::nullopt);
  CHECK(exchange.callee.came.size() == 1);
  // The request alone.
  CHECK(exchange.net.billed("web", "DataTransfer-Regional-Bytes") == 10);
}

TEST_CASE("network: a request over a cut never arrives") {
  Exchange exchange;
  exchange.net.network.disturb({.owner = "web"}, {.owner = "store"}, {.cut = true});
  CHECK(exchange.call(exchange.net.host({.zone = 0})) == std::nullopt);
  CHECK(exchange.callee.came.empty());
}

TEST_CASE("network: a message without a reply travels one way") {
  Exchange exchange;
  Request request;
  request.place = exchange.net.host({.zone = 0});
  carry(exchange.net.world, exchange.there, exchange.callee, request, ReplyId{});
  while (exchange.net.world.simulation.step()) {
  }
  CHECK(exchange.callee.came == std::vector<Time>{Time{} + 5ms});
}

}  // namespace
}  // namespace nephoscope::network
