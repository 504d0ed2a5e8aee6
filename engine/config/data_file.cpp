#include "engine/config/data_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "engine/base/check.hpp"

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

// Where the file or folder `name` lies; nothing after a diagnostic at the node.
std::optional<fs::path> find_path(const std::string& given, const Node& node, Context& context) {
  const fs::path name = fs::path(given).lexically_normal();
  const bool escapes = name.is_absolute() || name.empty() || *name.begin() == "..";
  std::error_code error;
  for (const std::string& folder : context.data_folders()) {
    const fs::path path = fs::path(folder) / name;
    if (escapes || !fs::exists(path, error)) continue;
    if (lies_inside(path, folder)) return path;
    context.report(Code::file_outside, node, fmt::format("'{}' leads out of {}", given, folder));
    return std::nullopt;
  }
  if (escapes)
    context.report(Code::file_outside, node,
                   fmt::format("'{}' is not a name inside the scenario's folder", given),
                   "files are named relative to the scenario, or to the folder given by --data");
  else
    context.report(Code::file_missing, node, fmt::format("file '{}' does not exist", given), "",
                   "looked in the scenario's folder and in the one given by --data");
  return std::nullopt;
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
    context.report(Code::file_unreadable, node,
                   fmt::format("file '{}' cannot be read", path.filename().string()));
    return std::nullopt;
  }
  context.data_texts().push_back(text);
  return text;
}

}  // namespace

std::optional<std::string> read_data_file(const Node& node, Context& context, std::size_t max_bytes) {
  if (!node.is_scalar()) return context.wrong_type(node, "a file name", "requests.csv"), std::nullopt;
  const auto path = find_path(node.text(), node, context);
  return path ? read_whole(*path, node, context, max_bytes) : std::nullopt;
}

std::vector<std::string> list_data_files(const Node& node, Context& context, std::string_view ending) {
  if (!node.is_scalar())
    return context.wrong_type(node, "a file or folder", ".ebextensions"), std::vector<std::string>();
  const auto path = find_path(node.text(), node, context);
  if (!path) return {};
  std::error_code error;
  if (!fs::is_directory(*path, error)) return {node.text()};
  std::vector<std::string> names;
  for (fs::directory_iterator each(*path, error), end; !error && each != end; each.increment(error)) {
    const std::string name = each->path().filename().string();
    if (name.ends_with(ending)) names.push_back((fs::path(node.text()) / name).string());
  }
  if (error)
    context.report(Code::file_unreadable, node, fmt::format("folder '{}' cannot be read", node.text()));
  std::sort(names.begin(), names.end());
  return names;
}

Tree read_data_tree(const std::string& name, const Node& node, Context& context) {
  check(context.sources() != nullptr, "config", "no place for the sources of further files");
  const auto path = find_path(name, node, context);
  if (!path) return {};
  const auto text = read_whole(*path, node, context, Limits().file_bytes);
  if (!text) return {};
  return parse_text(*context.sources(), path->lexically_normal().string(), *text, context.diagnostics());
}

}  // namespace nephoscope
