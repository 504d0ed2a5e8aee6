// The files under tests/bad_input/: what their header lines ask for, loading them, and what they must say.
//
// Header lines, all optional, before the first line that is no comment:
//   # rule: run: duration max             the rule of a field that this file breaks
//   # unit: duration negative             the unit and the mistake
//   # variant: big                        load with this variant
//   # set: run.seed=x                     ... with this override
//   # expand: COMMAS = 250001 x ,         COMMAS stands for so many repetitions (the file would be large)
//   # data file: huge.csv 70000000 bytes  a file of zeros of that size lies in the data folder
#pragma once

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "models/scenario.hpp"

namespace nephoscope::bad_input {

namespace fs = std::filesystem;

inline const fs::path kFolder = fs::path(NEPHOSCOPE_SOURCE_DIR) / "tests" / "bad_input";

inline bool updating() { return std::getenv("NEPHOSCOPE_UPDATE") != nullptr; }

inline std::string read_text(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

inline void write_text(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
}

// The values of `# WORD: VALUE` lines in the header.
inline std::vector<std::string> header_values(const std::string& text, const std::string& word) {
  std::vector<std::string> values;
  std::istringstream lines(text);
  const std::string start = "# " + word + ": ";
  for (std::string line; std::getline(lines, line) && line.starts_with('#');)
    if (line.starts_with(start)) values.push_back(line.substr(start.size()));
  return values;
}

struct BadFile {
  std::string name;  // "rules/run/duration-max.yaml"
  std::string text;
  fs::path expected() const { return (kFolder / name).replace_extension(".expected"); }
};

// All of them, by name.
inline std::vector<BadFile> bad_files() {
  std::vector<BadFile> files;
  for (const auto& entry : fs::recursive_directory_iterator(kFolder))
    if (entry.path().extension() == ".yaml")
      files.push_back({fs::relative(entry.path(), kFolder).generic_string(), read_text(entry.path())});
  std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return files;
}

struct Outcome {
  bool loaded = false;
  std::vector<Diagnostic> diagnostics;
  std::string rendered;
};

// A folder that goes away again.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string path = (fs::temp_directory_path() / "nephoscope-XXXXXX").string();
    path_ = mkdtemp(path.data());
  }
  ~TemporaryFolder() { fs::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

// Replaces the words of `# expand:` lines below the header.
inline std::string expanded(const std::string& text) {
  std::string result = text;
  for (const std::string& line : header_values(text, "expand")) {
    std::istringstream words(line);
    std::string name, equals, times;
    std::size_t count = 0;
    words >> name >> equals >> count >> times;
    words.get();
    std::string piece, repeated;
    std::getline(words, piece);
    for (std::size_t i = 0; i < count; ++i) repeated += piece;
    result.replace(result.rfind(name), name.size(), repeated);
  }
  return result;
}

inline LoadOptions options_of(const BadFile& file, const TemporaryFolder& data) {
  LoadOptions options;
  for (const std::string& name : header_values(file.text, "variant")) options.variant = name;
  for (const std::string& change : header_values(file.text, "set")) {
    const auto equals = change.find('=');
    options.overrides.push_back({change.substr(0, equals), change.substr(equals + 1)});
  }
  for (const std::string& line : header_values(file.text, "data file")) {
    std::istringstream words(line);
    std::string name;
    std::uintmax_t size = 0;
    words >> name >> size;
    write_text(data.path() / name, "");
    fs::resize_file(data.path() / name, size);
    options.data_dir = data.path().string();
  }
  return options;
}

// Loads a file as the command does, from the folder of bad inputs.
inline Outcome load(const BadFile& file) {
  fs::current_path(kFolder);
  const TemporaryFolder data;
  const LoadOptions options = options_of(file, data);
  SourceSet sources;
  Diagnostics diagnostics;
  const bool large = !header_values(file.text, "expand").empty();
  const auto scenario = large ? parse_scenario(sources, file.name, expanded(file.text), options, diagnostics)
                              : load_scenario(sources, file.name, options, diagnostics);
  return {scenario.has_value(), diagnostics.sorted(), diagnostics.render(sources)};
}

}  // namespace nephoscope::bad_input
