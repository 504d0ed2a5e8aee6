#include "tools/nephoscope/terminal.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <cstdlib>

using namespace nephoscope;

TEST_CASE("terminal: columns are as wide as their widest cell, numbers to the right") {
  Table table("lr");
  table.row({"a", "1"});
  table.row({"long", "100"});
  CHECK(table.lines() == std::vector<std::string>{"a       1", "long  100"});
}

TEST_CASE("terminal: lines are indented and have no blanks at their end") {
  Table table("ll");
  table.row({"a", ""});
  table.row({"bb", "c"});
  CHECK(table.lines(2) == std::vector<std::string>{"  a", "  bb  c"});
}

TEST_CASE("terminal: colour and letters of several bytes do not shift columns") {
  const Paint paint(true);
  CHECK(display_width(paint.red("é✓")) == 2);
  Table table("ll");
  table.row({paint.red("é"), "x"});
  table.row({"ab", "y"});
  CHECK(table.lines()[0] == paint.red("é") + "   x");
}

TEST_CASE("terminal: paint that is off changes nothing") { CHECK(Paint(false).red("text") == "text"); }

TEST_CASE("terminal: what is too long ends in an ellipsis, letters whole") {
  CHECK(clipped("éééé", 4) == "éééé");
  CHECK(clipped("ééééé", 4) == "ééé…");
}

TEST_CASE("terminal: user text cannot move the cursor") { CHECK(printable("a\x1b[2Jb\n") == "a [2Jb "); }

TEST_CASE("terminal: colour is off for files, and follows an explicit choice") {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  CHECK_FALSE(wants_colour(ColourChoice::automatic, ends[1]));
  CHECK(wants_colour(ColourChoice::always, ends[1]));
  CHECK_FALSE(wants_colour(ColourChoice::never, ends[1]));
  ::close(ends[0]);
  ::close(ends[1]);
}
