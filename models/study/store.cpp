#include "models/study/store.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <limits>

#include "engine/base/check.hpp"
#include "models/common/request.hpp"

namespace nephoscope {
namespace {

constexpr std::uint32_t kMagic = 0x5248504e;  // "NPHR"
constexpr std::size_t kHeadBytes = 32;
constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();
constexpr Job kIdentity = {kNone, kNone};  // the first record's

// Against torn and rotten records, not against malice.
std::uint64_t checksum(const Job& job, std::span<const std::byte> payload) {
  std::uint64_t sum = mix64((std::uint64_t{job.point} << 32U) | job.replication) ^ payload.size();
  for (std::size_t i = 0; i < payload.size(); i += sizeof(std::uint64_t)) {
    std::uint64_t word = 0;
    std::memcpy(&word, payload.data() + i, std::min(sizeof word, payload.size() - i));
    sum = mix64(sum ^ word);
  }
  return sum;
}

// Head and payload in one piece, so that one write adds a record.
std::vector<std::byte> record_of(const Job& job, std::span<const std::byte> payload) {
  ByteWriter out;
  out.u32(kMagic);
  out.u32(job.point);
  out.u32(job.replication);
  out.u32(0);
  out.u64(payload.size());
  out.u64(checksum(job, payload));
  std::vector<std::byte> record = out.take();
  record.insert(record.end(), payload.begin(), payload.end());
  return record;
}

struct Head {
  std::uint32_t magic = 0;
  Job job;
  std::uint64_t size = 0;
  std::uint64_t sum = 0;
};

Head head_of(std::span<const std::byte> bytes) {
  ByteReader in(bytes);
  Head head;
  head.magic = in.u32();
  head.job.point = in.u32();
  head.job.replication = in.u32();
  in.u32();
  head.size = in.u64();
  head.sum = in.u64();
  return head;
}

// False at the end of the file.
bool read_at(int file, std::uint64_t offset, std::span<std::byte> into) {
  while (!into.empty()) {
    const ssize_t got = ::pread(file, into.data(), into.size(), static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    offset += static_cast<std::uint64_t>(got);
    into = into.subspan(static_cast<std::size_t>(got));
  }
  return true;
}

std::uint64_t size_of(int file) {
  const off_t end = ::lseek(file, 0, SEEK_END);
  return end < 0 ? 0 : static_cast<std::uint64_t>(end);
}

std::string problem(std::string_view what, const std::filesystem::path& path) {
  return fmt::format("cannot {} '{}': {}", what, path.string(), std::strerror(errno));
}

// For this process alone, until it ends. A lock of fcntl, not of flock, which workers would inherit and keep.
bool lock(int file) {
  struct flock whole {};
  whole.l_type = F_WRLCK;
  whole.l_whence = SEEK_SET;
  const bool refused = ::fcntl(file, F_SETLK, &whole) != 0 && (errno == EACCES || errno == EAGAIN);
  return !refused;  // where files cannot be locked at all, nobody is kept out
}

}  // namespace

ReplicationStore::~ReplicationStore() {
  if (file_ < 0) return;
  sync();
  ::close(file_);
}

std::optional<std::string> ReplicationStore::open(const std::filesystem::path& path,
                                                  const std::string& identity, bool fresh) {
  check(file_ < 0, "store", "{} is open", path_.string());
  path_ = path;
  constexpr mode_t permissions = 0666;
  file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, permissions);
  if (file_ < 0) return problem("open", path);
  if (!lock(file_)) return fmt::format("'{}' is in use by another run", path.string());
  const bool kept = !fresh && scan() && identity_ == identity;
  if (!kept) {
    dropped_ = !fresh && size_of(file_) > 0;
    places_.clear();
    end_ = 0;
  }
  if (::ftruncate(file_, static_cast<off_t>(end_)) != 0) return problem("write", path);
  identity_ = identity;
  if (!kept) append(kIdentity, std::as_bytes(std::span(identity)));
  return std::nullopt;
}

std::optional<std::string> ReplicationStore::open_to_read(const std::filesystem::path& path) {
  check(file_ < 0, "store", "{} is open", path_.string());
  path_ = path;
  file_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file_ < 0) return problem("open", path);
  if (!scan()) return fmt::format("'{}' holds no replications, or is damaged", path.string());
  return std::nullopt;
}

bool ReplicationStore::scan() {
  const std::uint64_t size = size_of(file_);
  std::vector<std::byte> head(kHeadBytes), payload;
  while (size - end_ >= kHeadBytes && read_at(file_, end_, head)) {
    const Head found = head_of(head);
    const std::uint64_t start = end_ + kHeadBytes;
    if (found.magic != kMagic || found.size > size - start) break;
    payload.resize(found.size);
    if (!read_at(file_, start, payload) || checksum(found.job, payload) != found.sum) break;
    if ((end_ == 0) != (found.job == kIdentity)) break;
    if (end_ == 0)
      identity_.assign(reinterpret_cast<const char*>(payload.data()), payload.size());
    else
      places_.insert_or_assign(found.job, Stretch{start, found.size});
    end_ = start + found.size;
  }
  return end_ > 0;
}

std::vector<Job> ReplicationStore::jobs() const {
  std::vector<Job> jobs;
  for (const auto& [job, stretch] : places_) jobs.push_back(job);
  return jobs;
}

std::vector<std::byte> ReplicationStore::bytes(const Job& job) const {
  const auto place = places_.find(job);
  check(place != places_.end(), "store", "replication {} of point {} is not there", job.replication,
        job.point);
  std::vector<std::byte> bytes(place->second.size);
  check(read_at(file_, place->second.offset, bytes), "store", "{}", problem("read", path_));
  return bytes;
}

Report ReplicationStore::load(const Job& job) const {
  const std::vector<std::byte> report = bytes(job);
  ByteReader in(report);
  return Report::load(in);
}

void ReplicationStore::add(const Job& job, std::span<const std::byte> report) {
  const std::uint64_t start = end_ + kHeadBytes;
  append(job, report);
  places_.insert_or_assign(job, Stretch{start, report.size()});
  if (std::chrono::steady_clock::now() - synced_ > std::chrono::seconds(1)) sync();
}

void ReplicationStore::append(const Job& job, std::span<const std::byte> payload) {
  const std::vector<std::byte> record = record_of(job, payload);
  std::span<const std::byte> rest = record;
  while (!rest.empty()) {
    const ssize_t written =
        ::pwrite(file_, rest.data(), rest.size(), static_cast<off_t>(end_ + record.size() - rest.size()));
    if (written < 0 && errno == EINTR) continue;
    check(written > 0, "store", "{}", problem("write", path_));
    rest = rest.subspan(static_cast<std::size_t>(written));
  }
  end_ += record.size();
  unsynced_ = true;
}

void ReplicationStore::sync() {
  if (unsynced_) ::fdatasync(file_);
  unsynced_ = false;
  synced_ = std::chrono::steady_clock::now();
}

}  // namespace nephoscope
