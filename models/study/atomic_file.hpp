// Files that are whole or absent: written beside their place, then renamed into it.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace nephoscope {

// Puts `text` at `path`, replacing what is there, in one step: a reader, or a crash, sees the old file or the
// new one. The directory must exist. Returns what went wrong; the old file is then intact and nothing is left
// beside.
std::optional<std::string> write_atomically(const std::filesystem::path& path, std::string_view text);

// Makes a directory, parents included, unless it exists. Returns what went wrong, also if it cannot be
// written to.
std::optional<std::string> make_writable_directory(const std::filesystem::path& path);

}  // namespace nephoscope
