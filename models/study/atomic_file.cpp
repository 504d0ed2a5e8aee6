#include "models/study/atomic_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

namespace nephoscope {
namespace {

std::string problem(std::string_view what, const std::filesystem::path& path) {
  return fmt::format("cannot {} '{}': {}", what, path.string(), std::strerror(errno));
}

bool write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(file, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

// The rename itself must reach the disk too.
void sync_directory(const std::filesystem::path& directory) {
  const int file = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return;
  ::fsync(file);
  ::close(file);
}

}  // namespace

std::optional<std::string> write_atomically(const std::filesystem::path& path, std::string_view text) {
  const auto directory = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  std::string temporary = (directory / fmt::format(".{}.XXXXXX", path.filename().string())).string();
  const int file = ::mkostemp(temporary.data(), O_CLOEXEC);
  if (file < 0) return problem("write in", directory);
  constexpr mode_t permissions = 0666;  // mkostemp's 0600 would hide results from others
  const mode_t mask = ::umask(0);
  ::umask(mask);
  const bool written =
      write_all(file, text) && ::fchmod(file, permissions & ~mask) == 0 && ::fsync(file) == 0;
  std::optional<std::string> failure;
  if (!written) failure = problem("write", path);
  ::close(file);
  if (!failure && ::rename(temporary.c_str(), path.c_str()) != 0) failure = problem("replace", path);
  if (failure)
    ::unlink(temporary.c_str());
  else
    sync_directory(directory);
  return failure;
}

std::optional<std::string> make_writable_directory(const std::filesystem::path& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) return fmt::format("cannot create the folder '{}': {}", path.string(), error.message());
  if (::access(path.c_str(), W_OK | X_OK) != 0) return problem("write in", path);
  return std::nullopt;
}

}  // namespace nephoscope
