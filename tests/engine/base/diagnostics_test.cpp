#include "engine/base/diagnostics.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <set>
#include <string>

namespace nephoscope {
namespace {

using Names = std::vector<std::string_view>;

TEST_CASE("diagnostics: an error shows code, place, path, line, caret, hint and help") {
  SourceSet sources;
  std::string text(22, '\n');
  text += "    visibilty_timeout: 30s\n";
  const int file = sources.add("scenarios/orders.yaml", text);
  Diagnostics diagnostics;
  diagnostics.add({Code::unknown_key,
                   {file, 23, 5, 17},
                   "resources.jobs",
                   "unknown key 'visibilty_timeout'",
                   "did you mean 'visibility_timeout'?",
                   "keys of a queue: a, b\nsee: the manual"});
  CHECK(diagnostics.render(sources) ==
        "error[E012]: unknown key 'visibilty_timeout'\n"
        "  --> scenarios/orders.yaml:23:5   (resources.jobs)\n"
        "23 |     visibilty_timeout: 30s\n"
        "   |     ^^^^^^^^^^^^^^^^^ did you mean 'visibility_timeout'?\n"
        "   = help: keys of a queue: a, b\n"
        "   = help: see: the manual\n"
        "\n"
        "1 error\n");
}

TEST_CASE("diagnostics: a place without a line shows its source's name and the hint as a note") {
  SourceSet sources;
  const int file = sources.add("--set", "");
  Diagnostics diagnostics;
  diagnostics.add({Code::no_warmup, {file, 0, 0, 0}, "run", "no warm-up", "add warmup: 10m", ""});
  CHECK(diagnostics.render(sources) ==
        "warning[W001]: no warm-up\n"
        " --> --set   (run)\n"
        "  = hint: add warmup: 10m\n"
        "\n"
        "0 errors, 1 warning\n");
}

TEST_CASE(
    "diagnostics: a tab is four columns wide and a wide character two, so that the caret meets its text") {
  SourceSet sources;
  const int file = sources.add("a", "\té日x: 1\n");
  Diagnostics diagnostics;
  // Bytes before x: tab 1 + é 2 + 日 3 = 6, so x has column 7; columns shown before it: 4 + 1 + 2 = 7.
  diagnostics.add({Code::unknown_key, {file, 1, 7, 1}, "", "m", "", ""});
  CHECK(diagnostics.render(sources) ==
        "error[E012]: m\n"
        " --> a:1:7\n"
        "1 |     é日x: 1\n"
        "  |        ^\n"
        "\n"
        "1 error\n");
}

TEST_CASE("diagnostics: a long line is clipped around the caret") {
  SourceSet sources;
  const int file = sources.add("a", fmt::format("{}B{}", std::string(300, 'a'), std::string(300, 'c')));
  Diagnostics diagnostics;
  diagnostics.add({Code::unknown_key, {file, 1, 301, 1}, "", "m", "", ""});
  // 40 columns are kept before the caret, 100 in all with the mark of the cut.
  CHECK(diagnostics.render(sources) ==
        fmt::format("error[E012]: m\n --> a:1:301\n1 | …{}B{}…\n  | {}^\n\n1 error\n", std::string(40, 'a'),
                    std::string(58, 'c'), std::string(41, ' ')));
}

TEST_CASE("diagnostics: control and broken characters of the input never reach the terminal") {
  SourceSet sources;
  const int file = sources.add("a", "\x1b[31m\xff");
  Diagnostics diagnostics;
  diagnostics.add({Code::syntax, {file, 1, 1, 1}, "", "bad \x1b", "", ""});
  CHECK(diagnostics.render(sources) ==
        "error[E001]: bad \xEF\xBF\xBD\n --> a:1:1\n1 | \xEF\xBF\xBD[31m\xEF\xBF\xBD\n  | ^\n\n1 error\n");
}

TEST_CASE("diagnostics: they are sorted by file, line and column, and equal ones stand there once") {
  SourceSet sources;
  const int first = sources.add("a", "1\n2\n3\n");
  const int second = sources.add("b", "1\n");
  Diagnostics diagnostics;
  for (const Place place : {Place{second, 1, 1, 1}, Place{first, 3, 1, 1}, Place{first, 2, 2, 1},
                            Place{first, 2, 1, 1}, Place{first, 3, 1, 1}})
    diagnostics.add({Code::syntax, place, "", "m", "", ""});
  CHECK(diagnostics.error_count() == 4);
  const auto sorted = diagnostics.sorted();
  REQUIRE(sorted.size() == 4);
  CHECK(sorted[0].place == Place{first, 2, 1, 1});
  CHECK(sorted[1].place == Place{first, 2, 2, 1});
  CHECK(sorted[2].place == Place{first, 3, 1, 1});
  CHECK(sorted[3].place == Place{second, 1, 1, 1});
}

TEST_CASE("diagnostics: beyond the limit they are counted") {
  SourceSet sources;
  const int file = sources.add("a", "x\n");
  Diagnostics diagnostics;
  for (int i = 0; i < 1500; ++i) diagnostics.add({Code::syntax, {file, 1, i + 1, 1}, "", "m", "", ""});
  const std::string text = diagnostics.render(sources, {.limit = 1});
  CHECK(diagnostics.error_count() == 1500);
  CHECK(text == "error[E001]: m\n --> a:1:1\n1 | x\n  | ^\n\n… and 1499 more\n\n1500 errors\n");
}

TEST_CASE("diagnostics: colour is off unless asked for") {
  SourceSet sources;
  Diagnostics diagnostics;
  diagnostics.add({Code::syntax, {}, "", "m", "", ""});
  CHECK(diagnostics.render(sources).find('\x1b') == std::string::npos);
  CHECK(diagnostics.render(sources, {.colour = true}).starts_with("\x1b[1;31merror[E001]\x1b[0m: "));
}

TEST_CASE("diagnostics: a warning can be ignored, an error cannot") {
  Diagnostics diagnostics;
  CHECK(diagnostics.ignore(Code::no_warmup));
  CHECK_FALSE(diagnostics.ignore(Code::syntax));
  diagnostics.add({Code::no_warmup, {}, "", "m", "", ""});
  diagnostics.add({Code::syntax, {}, "", "m", "", ""});
  CHECK(diagnostics.warning_count() == 0);
  CHECK(diagnostics.error_count() == 1);
}

TEST_CASE("diagnostics: every code has its own text, of its severity's letter, with title and explanation") {
  std::set<std::string_view> texts;
  for (const auto& row : diagnostic_table()) {
    CAPTURE(row.text);
    CHECK(texts.insert(row.text).second);
    CHECK(row.text.size() == 4);
    CHECK(row.text.front() == (row.severity == Severity::error ? 'E' : 'W'));
    CHECK_FALSE(row.title.empty());
    CHECK(row.explanation.ends_with("."));
    CHECK(code_from_text(row.text) == row.code);
    CHECK(&info(row.code) == &row);
  }
  CHECK_FALSE(code_from_text("E999").has_value());
}

TEST_CASE("diagnostics: the nearest name is suggested only when it is near") {
  const Names names = {"servers", "service", "queue_limit", "visibility_timeout", "a"};
  CHECK(closest_name("sevrers", names) == "servers");                       // two neighbours swapped
  CHECK(closest_name("QueueLimit", names) == "queue_limit");                // case folded, one letter missing
  CHECK(closest_name("queue-limit", names) == "queue_limit");               // hyphen for underscore
  CHECK(closest_name("visibilty_timeout", names) == "visibility_timeout");  // one letter missing
  CHECK(closest_name("zone", names).empty());
  CHECK(closest_name("b", names).empty());  // nothing in common with "a"
  CHECK(closest_name("", names).empty());
  CHECK(did_you_mean("sevrers", names) == "did you mean 'servers'?");
}

TEST_CASE("diagnostics: a source gives its lines without line ends, and nothing beyond them") {
  SourceSet sources;
  const int file = sources.add("a", "one\r\ntwo\n\nfour");
  CHECK(sources.line(file, 1) == "one");
  CHECK(sources.line(file, 2) == "two");
  CHECK(sources.line(file, 3).empty());
  CHECK(sources.line(file, 4) == "four");
  CHECK(sources.line(file, 5).empty());
  CHECK(sources.line(file, 0).empty());
  CHECK(sources.line(7, 1).empty());
  CHECK(sources.name(7) == "<input>");
}

}  // namespace
}  // namespace nephoscope
