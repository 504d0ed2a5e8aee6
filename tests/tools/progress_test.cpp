#include "tools/nephoscope/progress.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

using namespace nephoscope;

namespace {

// What a study of `total` replications writes.
std::string written(Progress::Form form, std::uint32_t total) {
  std::FILE* file = std::tmpfile();
  REQUIRE(file != nullptr);
  {
    Progress progress(file, form);
    for (std::uint32_t finished = 0; finished <= total; ++finished) progress.update(finished, total);
  }
  std::string text(static_cast<std::size_t>(std::ftell(file)), '\0');
  std::rewind(file);
  REQUIRE(std::fread(text.data(), 1, text.size(), file) == text.size());
  std::fclose(file);
  return text;
}

}  // namespace

TEST_CASE("progress: a line for each tenth, however many replications") {
  const std::string text = written(Progress::Form::lines, 1000);
  CHECK(std::count(text.begin(), text.end(), '\n') == 10);
  CHECK(text.ends_with("1000 of 1000 replications (100%)\n"));
  const std::string few = written(Progress::Form::lines, 3);
  CHECK(std::count(few.begin(), few.end(), '\n') == 3);
}

TEST_CASE("progress: a bar redraws at most ten times a second and is taken away at the end") {
  const std::string text = written(Progress::Form::bar, 1000);
  // at once: the first, at most one more in 100 ms each, and the last; then the line is cleared
  CHECK(std::count(text.begin(), text.end(), '\r') < 20);
  CHECK(text.ends_with("\r\x1b[K"));
}

TEST_CASE("progress: quiet is quiet") { CHECK(written(Progress::Form::none, 100).empty()); }
