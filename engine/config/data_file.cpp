#include "engine/config/data_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace nephoscope {
namespace {

namespace fs = std::filesystem;

// Whether the existing file `path` lies inside `folder` once links are followed.
bool lies_inside(const fs::path& path, const fs::path& folder) {
  std::error_code error;
  const fs::path real = fs::canonical(path, error);
  const fs::path root = fs::canonical(folder, error);
  if (error) return false;
  return std::mismatch(root.begin(), root.end(), real.begin(), real.end()).first == root.end();
}

std::optional<std::string> read_whole(const fs::path& path, const Node& node, Context& context,
                                      std::size_t max_bytes) {
  std::error_code error;
  const auto size = fs::is_regular_file(path, error) ? fs::file_size(path, error) : 0;
  if (!error && size > max_bytes) {
    context.report(Code::file_too_large, node,
                   fmt::format("the file has {} bytes; at most {} are read", size, max_bytes));
    return std::nullopt;
  }
  std::ifstream stream(path, std::ios::binary);
  std::string text(size, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(size));
  if (error || !stream || !fs::is_regular_file(path, error)) {
    context.report(Code::file_unreadable, node, fmt::format("file '{}' cannot be read", node.text()));
    return std::nullopt;
  }
  return text;
}

}  // namespace

std::optional<std::string> read_data_file(const Node& node, Context& context, std::size_t max_bytes) {
  if (!node.is_scalar()) return context.wrong_type(node, "a file name", "requests.csv"), std::nullopt;
  const fs::path name = fs::path(node.text()).lexically_normal();
  const bool escapes = name.is_absolute() || name.empty() || *name.begin() == "..";
  std::error_code error;
  for (const std::string& folder : context.data_folders()) {
    const fs::path path = fs::path(folder) / name;
    if (escapes || !fs::exists(path, error)) continue;
    if (lies_inside(path, folder)) {
      auto text = read_whole(path, node, context, max_bytes);
      if (text) context.data_texts().push_back(*text);
      return text;
    }
    context.report(Code::file_outside, node, fmt::format("'{}' leads out of {}", node.text(), folder));
    return std::nullopt;
  }
  if (escapes)
    context.report(Code::file_outside, node,
                   fmt::format("'{}' is not a name inside the scenario's folder", node.text()),
                   "files are named relative to the scenario, or to the folder given by --data");
  else
    context.report(Code::file_missing, node, fmt::format("file '{}' does not exist", node.text()), "",
                   "looked in the scenario's folder and in the one given by --data");
  return std::nullopt;
}

}  // namespace nephoscope
