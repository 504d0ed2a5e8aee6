// Query and Scan: page after page, each of at most 1 MB and admitted by itself.
//
// The call is what a paginator of an SDK does: it asks for a page, and with its answer for the next. A first
// page that is throttled fails the call, and the caller's own retries begin; a further page is repeated with
// exponential backoff, and fails the call after assume.continuation_attempts.
#pragma once

#include <cstdint>

#include "models/dynamodb/core.hpp"

namespace nephoscope::dynamodb {

class Searches final {
 public:
  // REQUIRES: outlives it.
  explicit Searches(Core& core) : core_(core) {}
  Process query(Request request, const Operation& operation, ReplyId reply);
  Process scan(Request request, const Operation& operation, ReplyId reply);

 private:
  // What is read: the table (its local indexes included), or a global secondary index.
  struct Source {
    IndexId index;  // none: the table
    Collection found;
  };
  // A series of pages.
  struct Stretch {
    Source source;
    Position begin;  // of the first page
    std::uint64_t key = 0;
    std::uint64_t step = 0;  // between the hashes of pages; 0: all at one partition key
    std::int64_t items = 0;
    std::int64_t bytes = 0;    // of them; pages are equal but for the last
    std::uint32_t number = 0;  // of the segment
  };
  struct Read {
    Outcome outcome = Outcome::ok;
    Admission refusal;
    std::int64_t bytes = 0;  // evaluated
  };
  // Of a scan, shared by its segments.
  struct Gathered {
    Outcome outcome = Outcome::ok;
    Admission refusal;
    std::int64_t bytes = 0;
  };

  IndexId index_of_pattern(const Operation& operation) const;
  Stretch query_stretch(const Request& request, const Operation& operation) const;
  std::int64_t bytes_of(const Stretch& stretch, bool backwards) const;
  Stretch segment_stretch(const Operation& operation, std::uint32_t segment) const;
  Task<Read> read(const Request& request, const Operation& operation, Stretch stretch);
  Task<Read> read_page(const Request& request, const Operation& operation, Stretch stretch,
                       std::uint32_t page, std::int64_t bytes);
  Admission admit(const Source& source, const Demand& demand);
  Process scan_segment(const Request& request, const Operation& operation, std::uint32_t segment,
                       Gathered& gathered, ReplyId done);
  void finish(const Operation& operation, ReplyId reply, const Read& read, Time begun);

  Core& core_;
};

}  // namespace nephoscope::dynamodb
