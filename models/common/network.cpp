#include "models/common/network.hpp"

#include "models/common/world.hpp"

namespace nephoscope {

namespace {

// The answer's way; without an answer, the process waits as long as the replication lasts.
Process travel(World& world, Way way, Endpoint& callee, Request request, ReplyId reply) {
  const WaitStatus there = co_await world.simulation.delay(way.there);
  if (there != WaitStatus::done) co_return;
  const ReplyId answer = world.replies.open();
  callee.submit(request, answer);
  const Replies::Result result = co_await world.replies.wait(answer);
  if (result.status != WaitStatus::done || way.back == Way::kNever) co_return;
  const WaitStatus back = co_await world.simulation.delay(way.back);
  if (back == WaitStatus::done) world.replies.answer(reply, result.value);
}

}  // namespace

void carry(World& world, PlaceId place, Endpoint& callee, const Request& request, ReplyId reply) {
  const Way way = world.way(request.place, place, request.number, request.attempt);
  if (way.at_once()) return callee.submit(request, reply);
  if (way.there == Way::kNever) return;
  world.simulation.spawn(travel(world, way, callee, request, reply));
}

}  // namespace nephoscope
