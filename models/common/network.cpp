#include "models/common/network.hpp"

#include <algorithm>

#include "models/common/world.hpp"

namespace nephoscope {

namespace {

// The answer, as long as somebody waits for it.
Replies::ReplyWait answer_in_time(World& world, ReplyId answer, Time deadline) {
  if (deadline == Time::max()) return world.replies.wait(answer);
  return world.replies.wait(answer, std::max(deadline - world.now(), Duration{}));
}

Process travel(World& world, PlaceId place, Way way, Endpoint& callee, Request request, ReplyId reply) {
  const WaitStatus there = co_await world.simulation.delay(way.there);
  if (there != WaitStatus::done) co_return;
  if (!world.replies.is_open(reply)) {
    callee.submit(request, ReplyId{});
    co_return;
  }
  const ReplyId answer = world.replies.open();
  callee.submit(request, answer);
  const Replies::Result result = co_await answer_in_time(world, answer, request.deadline);
  if (result.status != WaitStatus::done) co_return;
  world.network->count(place, request.place, result.value.size);
  if (way.back == Way::kNever) co_return;
  const WaitStatus back = co_await world.simulation.delay(way.back);
  if (back == WaitStatus::done) world.replies.answer(reply, result.value);
}

}  // namespace

void carry(World& world, PlaceId place, Endpoint& callee, const Request& request, ReplyId reply) {
  if (!request.place || !place || world.network == nullptr) return callee.submit(request, reply);
  world.network->count(request.place, place, request.size);
  const Way way = world.network->way(request.place, place, request.number, request.attempt);
  if (way.there == Way::kNever) return;
  world.simulation.spawn(travel(world, place, way, callee, request, reply));
}

}  // namespace nephoscope
