// How far a study is: a bar on a terminal, a line per tenth elsewhere.
#pragma once

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>

namespace nephoscope {

class Progress final {
 public:
  enum class Form : std::uint8_t { none, lines, bar };

  // Writes to `file`, which stays open; a bar redraws at most 10 times a second.
  Progress(std::FILE* file, Form form) : file_(file), form_(form) {}
  ~Progress() { clear(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // To be called first with what was finished at the start, from which time is not told. REQUIRES: total
  // >= 1.
  void update(std::uint32_t finished, std::uint32_t total);
  // Takes the bar away: before other text, and at the end.
  void clear();

 private:
  using Clock = std::chrono::steady_clock;
  void draw_bar(std::uint32_t finished, std::uint32_t total);
  // ", about 12 s left"; empty at the start and at the end.
  std::string time_left(std::uint32_t finished, std::uint32_t total) const;

  std::FILE* file_;
  Form form_;
  Clock::time_point began_ = Clock::now();
  Clock::time_point drawn_{};
  std::optional<std::uint32_t> at_start_;
  std::uint32_t tenths_ = 0;
  bool shown_ = false;
};

// The bar for terminals that can redraw a line, lines for other files, nothing when quiet.
Progress::Form progress_form(bool quiet, int file);

}  // namespace nephoscope
