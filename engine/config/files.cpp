#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <utility>

#include "engine/config/tree_editor.hpp"

namespace nephoscope {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool report_too_large(std::uintmax_t size, Place place, Diagnostics& diagnostics, const Limits& limits) {
  if (size <= limits.file_bytes) return false;
  diagnostics.add({Code::file_too_large, place, "",
                   fmt::format("the file has {} bytes; at most {} are read", size, limits.file_bytes), "",
                   "keep large data in CSV files beside the scenario"});
  return true;
}

// True after a diagnostic: `path` is not a readable file.
bool report_missing(const std::string& path, Place place, Diagnostics& diagnostics) {
  std::error_code error;
  if (!std::filesystem::exists(path, error)) {
    diagnostics.add({Code::file_missing, place, "", fmt::format("file '{}' does not exist", path), "", ""});
    return true;
  }
  if (std::filesystem::is_regular_file(path, error)) return false;
  diagnostics.add({Code::file_unreadable, place, "", fmt::format("'{}' is not a file", path), "", ""});
  return true;
}

}  // namespace

Tree parse_text(SourceSet& sources, std::string name, std::string text, Diagnostics& diagnostics,
                const Limits& limits) {
  if (text.starts_with(kByteOrderMark)) text.erase(0, kByteOrderMark.size());
  if (text.size() > limits.file_bytes) {
    const Place place{sources.add(std::move(name), ""), 0, 0, 0};
    report_too_large(text.size(), place, diagnostics, limits);
    return {};
  }
  const int file = sources.add(std::move(name), std::move(text));
  return read_yaml(sources.text(file), file, 0, diagnostics, limits);
}

Tree load_file(SourceSet& sources, const std::string& path, Diagnostics& diagnostics, const Limits& limits,
               Place place) {
  if (place.file < 0) place = {sources.add(path, ""), 0, 0, 0};
  if (report_missing(path, place, diagnostics)) return {};
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  if (!error && report_too_large(size, place, diagnostics, limits)) return {};
  std::ifstream stream(path, std::ios::binary);
  std::string text(error ? 0 : static_cast<std::size_t>(size), '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (error || !stream) {
    diagnostics.add(
        {Code::file_unreadable, place, "", fmt::format("file '{}' cannot be read", path), "", ""});
    return {};
  }
  return parse_text(sources, path, std::move(text), diagnostics, limits);
}

}  // namespace nephoscope
