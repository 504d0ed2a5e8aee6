#include <doctest/doctest.h>

#include "engine/config/tree.hpp"
#include "tests/engine/config/support.hpp"

namespace nephoscope {
namespace {

TEST_CASE("hostile yaml: nesting beyond 64 levels is an error, in flow and in block style") {
  CHECK(Loaded(repeated("[", 64) + repeated("]", 64)).problems() == "");
  CHECK(
      Loaded(repeated("[", 65) + repeated("]", 65)).problems().ends_with(": nested deeper than 64 levels\n"));
  CHECK(Loaded(repeated("[", 100'000)).problems().ends_with("nested deeper than 64 levels\n"));
  CHECK(Loaded(repeated("{a: ", 100'000)).problems().ends_with("nested deeper than 64 levels\n"));
  CHECK(Loaded(repeated("- ", 100'000)).problems().starts_with("E070 1:129 "));
  CHECK(Loaded(repeated("? ", 100'000)).problems().starts_with("E070 1:129"));
}

TEST_CASE("hostile yaml: an alias bomb stops at the budget") {
  std::string text = "a0: &a0 [1, 2, 3, 4, 5, 6, 7, 8, 9]\n";
  for (int i = 1; i < 12; ++i)
    text += fmt::format("a{0}: &a{0} [{1}*a{2}]\n", i, repeated(fmt::format("*a{}, ", i - 1), 8), i - 1);
  const Loaded loaded(text);
  // Levels 1 to 4 repeat 9 x 10, 9 x 91, 9 x 820 and 9 x 7381 values, 74,718 in all; the next 66,430 exceed
  // 100,000.
  CHECK(loaded.problems() == "E072 6:10 a5: aliases repeat more than 100000 values\n");
  CHECK_FALSE(loaded.tree.readable());
}

TEST_CASE("hostile yaml: an alias inside its own anchor is an error") {
  CHECK(Loaded("&a [*a]").problems() == "E009 1:5: the alias stands inside its own anchor\n");
  CHECK(Loaded("a: &x {b: [1, {c: *x}]}").problems() ==
        "E009 1:19 a.b.1: the alias stands inside its own anchor\n");
}

TEST_CASE("hostile yaml: aliases cannot nest deeper than written text can") {
  std::string text = "a0: &a0 [1]\n";
  for (int i = 1; i < 70; ++i) text += fmt::format("a{0}: &a{0} [*a{1}]\n", i, i - 1);
  // Line 64 would put 63 lists into a list in the map of the file: 65 levels.
  CHECK(Loaded(text).problems() == "E070 64:12 a63: nested deeper than 64 levels\n");
}

TEST_CASE("hostile yaml: a long text, a long key, many values and a large file are errors") {
  CHECK(Loaded(fmt::format("a: {}", std::string(65'537, 'x'))).problems() ==
        "E073 1:4: the text is longer than 65536 bytes\n");
  CHECK(Loaded(fmt::format("a: {}", std::string(65'536, 'x'))).problems() == "");
  CHECK(Loaded(fmt::format("? {}", std::string(1'025, 'x'))).problems() ==
        "E073 1:3: the key is longer than 1024 bytes\n");
  CHECK(Loaded("[1, 2, 3]", {.nodes = 3}).problems() == "E071 1:8: the file holds more than 3 values\n");
  CHECK(Loaded(fmt::format("a: {}", std::string(10U << 20U, 'x'))).problems() ==
        "E052 0:0: the file has 10485763 bytes; at most 2097152 are read\n");
}

TEST_CASE("hostile yaml: punctuation that would make yaml-cpp hoard tokens is counted beforehand") {
  CHECK(Loaded(fmt::format("[{}]", repeated("a,", 300'000))).problems() ==
        "E071 0:0: the file holds 300002 punctuation marks; at most 250000 are read\n");
}

TEST_CASE("hostile yaml: bytes that are not UTF-8 are errors with their place") {
  CHECK(Loaded("a: 1\nb: \xff\n").problems() == "E002 2:4: byte 0xFF is not valid UTF-8\n");
  CHECK(Loaded("\xc0\xaf").problems() == "E002 1:1: byte 0xC0 is not valid UTF-8\n");      // overlong
  CHECK(Loaded("\xed\xa0\x80").problems() == "E002 1:1: byte 0xED is not valid UTF-8\n");  // surrogate
  CHECK(Loaded("\xf4\x90\x80\x80").problems() == "E002 1:1: byte 0xF4 is not valid UTF-8\n");
  CHECK(Loaded("a: \xe2\x82").problems() == "E002 1:4: byte 0xE2 is not valid UTF-8\n");  // cut off
  CHECK(Loaded("a: \xe2\x82\xac").problems() == "");
}

TEST_CASE("hostile yaml: NUL and other control characters are errors with their place") {
  CHECK(Loaded(std::string("a: b\0c", 6)).problems() ==
        "E003 1:5: control character U+0000 is not allowed\n");
  CHECK(Loaded("a:\n  \x1b[31m").problems() == "E003 2:3: control character U+001B is not allowed\n");
  CHECK(Loaded("a\rb").problems() == "E003 1:2: control character U+000D is not allowed\n");
  CHECK(Loaded("a: \xc2\x85").problems() == "E003 1:4: control character U+0085 is not allowed\n");
  CHECK(Loaded("\xff\xfe"
               "a")
            .problems() == "E002 1:1: byte 0xFF is not valid UTF-8\n");  // UTF-16
}

TEST_CASE("hostile yaml: inputs that once crashed YAML readers end in a diagnostic or a tree") {
  for (const char* text : {"!2",        "!",        "%",           "%YAML 9.9\n---\na",
                           "&",         "*",        "? ",          ": ",
                           "-",         "[",        "{",           "]",
                           "}",         ",",        "|",           ">",
                           "|99\n a",   "\"\\x",    "\"\\u12\"",   "a: b: c",
                           "[a: b: c]", "{a, b: }", "--- --- ---", "...",
                           "- - -\n -", "!<",       "!!",          "&a &b c",
                           "? - : -",   "{? }",     "[? : ]",      "<<: 1"}) {
    CAPTURE(text);
    const Loaded loaded(text);
    CHECK((loaded.tree.readable() || loaded.diagnostics.has_errors()));
  }
}

}  // namespace
}  // namespace nephoscope
