#include "models/study/atomic_file.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <fstream>
#include <iterator>

#include "tests/models/study/temporary_folder.hpp"

using namespace nephoscope;
namespace fs = std::filesystem;

TEST_CASE("atomic file: a new text replaces the old one and leaves nothing beside it") {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "results.json";
  CHECK_FALSE(write_atomically(path, "old"));
  CHECK_FALSE(write_atomically(path, "new"));
  CHECK(content_of(path) == "new");
  CHECK(std::distance(fs::directory_iterator(folder.path()), {}) == 1);
}

TEST_CASE("atomic file: a replaced file is another file, so that readers of the old one keep it") {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "results.json";
  CHECK_FALSE(write_atomically(path, "old"));
  std::ifstream reader(path);
  CHECK_FALSE(write_atomically(path, "new"));
  CHECK(std::string(std::istreambuf_iterator<char>(reader), {}) == "old");
}

TEST_CASE("atomic file: what cannot be replaced stays, and nothing is left beside it") {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "results.json";
  fs::create_directory(path);  // a folder cannot be replaced by a file
  std::ofstream(path / "kept") << "kept";
  CHECK(write_atomically(path, "new"));
  CHECK(content_of(path / "kept") == "kept");
  CHECK(std::distance(fs::directory_iterator(folder.path()), {}) == 1);
}

TEST_CASE("atomic file: others may read results as far as the umask lets them") {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "results.json";
  const mode_t mask = ::umask(022);
  CHECK_FALSE(write_atomically(path, "text"));
  ::umask(mask);
  // 0666 without 022
  CHECK((fs::status(path).permissions() & fs::perms::mask) == fs::perms(0644));
}

TEST_CASE("atomic file: a missing folder is a problem, not a new folder") {
  const TemporaryFolder folder;
  CHECK(write_atomically(folder.path() / "none" / "results.json", "text"));
  CHECK_FALSE(fs::exists(folder.path() / "none"));
}

TEST_CASE("atomic file: a folder is made with its parents") {
  const TemporaryFolder folder;
  CHECK_FALSE(make_writable_directory(folder.path() / "a" / "b"));
  CHECK(fs::is_directory(folder.path() / "a" / "b"));
  CHECK_FALSE(make_writable_directory(folder.path() / "a" / "b"));
}

TEST_CASE("atomic file: a folder cannot be made inside a file") {
  const TemporaryFolder folder;
  std::ofstream(folder.path() / "file") << "text";
  CHECK(make_writable_directory(folder.path() / "file" / "a"));
}
