// Finished replications on disk: a study that was ended, or whose machine failed, goes on where it stopped.
//
// One append-only file of records, each with its length and a checksum. A folder of small files would need a
// directory entry and two syncs a replication, and studies have up to 100,000; here a replication is one
// write. A tail that was torn by a crash fails its checksum and is cut off at the next opening. What was
// written survives the end of the process at once; it is synced to the disk at most once a second and at the
// end, so that a power failure costs the last second's replications.
//
// The first record says what study the file belongs to; another study's replications are never used.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "models/study/workers.hpp"

namespace nephoscope {

class ReplicationStore final {
 public:
  ReplicationStore() = default;
  ~ReplicationStore();
  ReplicationStore(const ReplicationStore&) = delete;
  ReplicationStore& operator=(const ReplicationStore&) = delete;

  // Opens the file, made if missing, for this process alone. Its replications are kept if it belongs to
  // `identity`, and dropped otherwise or if `fresh`. Returns what went wrong. REQUIRES: not open.
  std::optional<std::string> open(const std::filesystem::path& path, const std::string& identity, bool fresh);
  // Opens a file that exists, of whatever study, and changes nothing.
  std::optional<std::string> open_to_read(const std::filesystem::path& path);

  const std::string& identity() const { return identity_; }
  // What open() found belonged to another study, and was dropped.
  bool dropped() const { return dropped_; }
  bool has(const Job& job) const { return places_.contains(job); }
  std::size_t size() const { return places_.size(); }
  std::vector<Job> jobs() const;

  // A replication's report as bytes. REQUIRES: has(job).
  std::vector<std::byte> bytes(const Job& job) const;
  Report load(const Job& job) const;
  // Adds a replication. Throws CheckFailure if it cannot be written (a full disk).
  void add(const Job& job, std::span<const std::byte> report);

 private:
  struct Stretch {
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
  };
  // Reads records from the start up to the end or to one that is damaged; false if the identity is.
  bool scan();
  void append(const Job& job, std::span<const std::byte> payload);
  void sync();

  std::filesystem::path path_;
  int file_ = -1;
  std::uint64_t end_ = 0;  // of the records
  std::string identity_;
  bool dropped_ = false;
  bool unsynced_ = false;
  std::map<Job, Stretch> places_;
  std::chrono::steady_clock::time_point synced_{};
};

}  // namespace nephoscope
