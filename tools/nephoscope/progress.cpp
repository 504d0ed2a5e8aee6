#include "tools/nephoscope/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <string_view>

namespace nephoscope {

Progress::Form progress_form(bool quiet, int file) {
  if (quiet) return Progress::Form::none;
  const char* term = std::getenv("TERM");
  const bool dumb = term == nullptr || std::string_view(term) == "dumb";
  return ::isatty(file) == 1 && !dumb ? Progress::Form::bar : Progress::Form::lines;
}

std::string Progress::time_left(std::uint32_t finished, std::uint32_t total) const {
  const std::uint32_t done = finished - *at_start_;
  if (done == 0 || finished == total) return "";
  const double elapsed = std::chrono::duration<double>(Clock::now() - began_).count();
  return fmt::format(", about {:.0f} s left", elapsed / done * (total - finished));
}

void Progress::update(std::uint32_t finished, std::uint32_t total) {
  if (!at_start_) at_start_ = finished;
  if (form_ == Form::bar) return draw_bar(finished, total);
  const auto tenths = static_cast<std::uint32_t>(finished * std::uint64_t{10} / total);
  if (form_ == Form::none || tenths == tenths_) return;
  tenths_ = tenths;
  fmt::print(file_, "{} of {} replications ({}%){}\n", finished, total, finished * std::uint64_t{100} / total,
             time_left(finished, total));
}

void Progress::draw_bar(std::uint32_t finished, std::uint32_t total) {
  constexpr auto least_gap = std::chrono::milliseconds(100);
  constexpr std::uint64_t width = 30;
  const auto now = Clock::now();
  if (shown_ && now - drawn_ < least_gap && finished < total) return;
  drawn_ = now;
  shown_ = true;
  const std::uint64_t filled = finished * width / total;
  std::string bar;
  for (std::uint64_t i = 0; i < width; ++i) bar += i < filled ? "█" : "░";
  fmt::print(file_, "\r\x1b[K{} {} of {} replications{}", bar, finished, total, time_left(finished, total));
  std::fflush(file_);
}

void Progress::clear() {
  if (!shown_) return;
  shown_ = false;
  fmt::print(file_, "\r\x1b[K");
  std::fflush(file_);
}

}  // namespace nephoscope
