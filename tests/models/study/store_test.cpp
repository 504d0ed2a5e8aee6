#include "models/study/store.hpp"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "engine/base/check.hpp"
#include "tests/models/study/temporary_folder.hpp"

using namespace nephoscope;

namespace {

std::vector<std::byte> text(const std::string& value) {
  std::vector<std::byte> bytes;
  for (const char c : value) bytes.push_back(static_cast<std::byte>(c));
  return bytes;
}

struct StoreFile {
  TemporaryFolder folder;
  std::filesystem::path path = folder.path() / "replications.store";

  // Two replications of study "a", as an ended program leaves them.
  void fill() const {
    ReplicationStore store;
    REQUIRE_FALSE(store.open(path, "a", false));
    store.add({0, 0}, text("first"));
    store.add({1, 0}, text("second one"));
  }
  void cut_to(std::uintmax_t size) const { std::filesystem::resize_file(path, size); }
  std::uintmax_t size() const { return std::filesystem::file_size(path); }
};

}  // namespace

TEST_CASE("store: what was added is there when the same study opens it again") {
  const StoreFile place;
  place.fill();
  ReplicationStore store;
  REQUIRE_FALSE(store.open(place.path, "a", false));
  CHECK(store.jobs() == std::vector<Job>{{0, 0}, {1, 0}});
  CHECK(store.bytes({1, 0}) == text("second one"));
  CHECK_FALSE(store.has({0, 1}));
  CHECK_FALSE(store.dropped());
}

TEST_CASE("store: another study's replications are dropped, and never mixed") {
  const StoreFile place;
  place.fill();
  ReplicationStore store;
  REQUIRE_FALSE(store.open(place.path, "b", false));
  CHECK(store.dropped());
  CHECK(store.size() == 0);
}

TEST_CASE("store: a fresh start drops what is there") {
  const StoreFile place;
  place.fill();
  ReplicationStore store;
  REQUIRE_FALSE(store.open(place.path, "a", true));
  CHECK(store.size() == 0);
  CHECK_FALSE(store.dropped());
}

TEST_CASE("store: a torn tail costs its own replication, wherever it was torn") {
  // every cut within the last record: 32 bytes of head and 10 of text
  for (std::uintmax_t missing = 1; missing <= 42; ++missing) {
    const StoreFile place;
    place.fill();
    place.cut_to(place.size() - missing);
    ReplicationStore store;
    REQUIRE_FALSE(store.open(place.path, "a", false));
    CHECK(store.jobs() == std::vector<Job>{{0, 0}});
    store.add({1, 0}, text("again"));
    CHECK(store.bytes({1, 0}) == text("again"));
    CHECK(store.bytes({0, 0}) == text("first"));
  }
}

TEST_CASE("store: a flipped bit costs the replication and those after it") {
  const StoreFile place;
  place.fill();
  std::fstream file(place.path, std::ios::in | std::ios::out | std::ios::binary);
  // identity: 32 bytes of head and "a"; first record: 32 bytes of head, then its text
  file.seekp(33 + 32);
  file.put('F');
  file.close();
  ReplicationStore store;
  REQUIRE_FALSE(store.open(place.path, "a", false));
  CHECK(store.size() == 0);
}

TEST_CASE("store: a file that is something else is started afresh") {
  const StoreFile place;
  std::ofstream(place.path) << "not a store, but longer than the head of a record is";
  ReplicationStore store;
  REQUIRE_FALSE(store.open(place.path, "a", false));
  CHECK(store.dropped());
  ReplicationStore reader;
  CHECK_FALSE(reader.open_to_read(place.path));
}

TEST_CASE("store: reading changes nothing, and needs a store") {
  const StoreFile place;
  ReplicationStore none;
  CHECK(none.open_to_read(place.path)->find("cannot open") != std::string::npos);
  std::ofstream(place.path) << "too short";
  ReplicationStore damaged;
  CHECK(damaged.open_to_read(place.path)->find("is damaged") != std::string::npos);
  CHECK(place.size() == 9);
}

TEST_CASE("store: two programs cannot write one store") {
  const StoreFile place;
  ReplicationStore store;
  REQUIRE_FALSE(store.open(place.path, "a", false));
  const pid_t other = ::fork();  // locks are a process's
  REQUIRE(other >= 0);
  if (other == 0) {
    ReplicationStore second;
    const auto problem = second.open(place.path, "a", false);
    ::_exit(problem && problem->find("in use") != std::string::npos ? 0 : 1);
  }
  int status = -1;
  ::waitpid(other, &status, 0);
  CHECK(WEXITSTATUS(status) == 0);
}
