#include "models/store/directory.hpp"

#include <doctest/doctest.h>

namespace nephoscope::store {
namespace {

constexpr Time kNow{};

// One chunk on nodes 0 and 1 of three; two replicas are wanted, one must be live.
Directory one_chunk() {
  Directory directory({.chunks = 1, .factor = 2, .quorum = 1});
  for (int i = 0; i < 3; ++i) directory.add_node();
  directory.add(kNow, 0, 0);
  directory.add(kNow, 0, 1);
  directory.open(kNow);
  return directory;
}

TEST_CASE("store: a chunk is under-replicated, then unavailable, as its nodes go down, and back") {
  Directory directory = one_chunk();
  directory.set_up(kNow, 0, false);
  CHECK(directory.under_replicated().value() == 1);
  CHECK(directory.unavailable().value() == 0);
  directory.set_up(kNow, 1, false);
  CHECK(directory.unavailable().value() == 1);
  CHECK(directory.lost().value() == 0);
  directory.set_up(kNow, 0, true);
  directory.set_up(kNow, 1, true);
  CHECK(directory.under_replicated().value() == 0);
  CHECK(directory.unavailable().value() == 0);
  CHECK(directory.audit() == "");
}

TEST_CASE("store: a chunk is lost when the last disk that has it is erased") {
  Directory directory = one_chunk();
  for (const NodeIndex node : {0U, 1U}) directory.set_up(kNow, node, false);
  directory.erase(kNow, 0);
  CHECK(directory.unavailable().value() == 1);
  directory.erase(kNow, 1);
  CHECK(directory.unavailable().value() == 0);
  CHECK(directory.lost().value() == 1);
  CHECK(directory.audit() == "");
}

TEST_CASE("store: a node that was given up brings back what is still needed") {
  Directory directory = one_chunk();
  directory.set_up(kNow, 0, false);
  CHECK(directory.give_up(0) == std::vector<ChunkIndex>{0});
  CHECK(directory.known(0) == 1);
  directory.take_back(kNow, 0);
  CHECK(directory.live(0) == 2);
  CHECK(directory.deleted() == 0);
  CHECK(directory.audit() == "");
}

TEST_CASE("store: what has been made again meanwhile is deleted on a node that comes back") {
  Directory directory = one_chunk();
  directory.set_up(kNow, 0, false);
  directory.give_up(0);
  directory.add(kNow, 0, 2);
  directory.take_back(kNow, 0);
  CHECK(directory.live(0) == 2);
  CHECK(directory.copies(0) == 0);
  CHECK(directory.created() == 3);
  CHECK(directory.deleted() == 1);
  CHECK(directory.audit() == "");
}

TEST_CASE("store: a copy on a node that was given up can still save its chunk") {
  Directory directory = one_chunk();
  directory.set_up(kNow, 0, false);
  directory.give_up(0);
  directory.set_up(kNow, 1, false);
  directory.erase(kNow, 1);
  CHECK(directory.unavailable().value() == 1);
  CHECK_FALSE(directory.lost(0));
  directory.take_back(kNow, 0);
  CHECK(directory.unavailable().value() == 0);
  CHECK(directory.under_replicated().value() == 1);
  CHECK(directory.audit() == "");
}

}  // namespace
}  // namespace nephoscope::store
