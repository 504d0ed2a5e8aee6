// What services say to each other: requests, responses and the interface behind which a service stands.
//
// A *call* is an operation that a user or a program wants done, with all its retries; an *attempt* is one
// try of it. Throttles, time-outs and rejections are ordinary Response values, never exceptions.
// Everything here is trivially copyable: names are interned ids (names.hpp).
#pragma once

#include <cstdint>
#include <type_traits>

#include "engine/base/ids.hpp"
#include "engine/base/time.hpp"
#include "engine/base/units.hpp"
#include "engine/core/reply.hpp"
#include "models/common/place.hpp"

namespace nephoscope {

using OperationId = Id<struct OperationTag>;  // "GetItem", "browse"
using ErrorId = Id<struct ErrorTag>;          // "ThrottlingException", "Timeout"
using ResourceId = Id<struct ResourceTag>;    // a resource or workload of the scenario, by its path

struct Request {
  // Identity of the call, equal for all its attempts: what every random draw about it is addressed by.
  std::uint64_t number = 0;
  OperationId operation;
  std::int32_t priority = 0;    // lower is served first
  std::uint64_t key = 0;        // which item it is about; 0 if it is about none
  Bytes size;                   // of the request's body
  std::uint32_t attempt = 1;    // 1 = the first try
  PlaceId place;                // of the sender
  Time deadline = Time::max();  // after which nobody waits for the answer
};
static_assert(std::is_trivially_copyable_v<Request>);

// Why an attempt failed, as far as callers treat failures differently.
enum class Fault : std::uint8_t {
  none,        // it succeeded
  transient,   // the callee failed (HTTP 500, 502, 503, 504, connection reset): worth a retry
  throttling,  // the callee refused because of a rate or quota (HTTP 429, ThrottlingException)
  timeout,     // the caller stopped waiting
  client,      // the request itself is at fault (HTTP 4xx): retrying cannot help
  shed,        // the caller's own side refused to send it: breaker open, pool exhausted, retries spent
};

struct Response {
  Fault fault = Fault::none;
  ErrorId error;           // the service's own name for the failure; none on success
  ResourceId source;       // who failed
  Bytes size;              // of the response's body
  Duration retry_after{};  // the callee's advice, zero if it gave none
  bool ok() const { return fault == Fault::none; }
};
static_assert(std::is_trivially_copyable_v<Response>);

using Replies = ReplyPool<Response>;

// Something that requests can be sent to: a table, a queue, a load balancer, a station, a fleet.
class Endpoint {
 public:
  virtual ~Endpoint() = default;
  // Takes a request and answers `reply` sooner or later, at most once; never before it returns control to
  // the event loop if it has to wait. It goes on working even if the caller gives up.
  virtual void submit(const Request& request, ReplyId reply) = 0;
  // The operations that it understands are checked when the scenario is wired; null means any.
};

// A well-mixed 64-bit value of `x` (the finaliser of SplitMix64: Steele, Lea, Flood, OOPSLA 2014).
constexpr std::uint64_t mix64(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15U;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
  return x ^ (x >> 31);
}

// The identity of the call that attempt `attempt` of call `parent` makes at step `step` of its handler: a
// pure function of where it comes from, so that no other component can shift its draws.
constexpr std::uint64_t child_number(std::uint64_t parent, std::uint32_t attempt, std::uint32_t step) {
  return mix64(parent ^ mix64((static_cast<std::uint64_t>(attempt) << 32) | step));
}

}  // namespace nephoscope
