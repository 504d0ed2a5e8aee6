#include <doctest/doctest.h>

#include "engine/config/tree.hpp"
#include "tests/engine/config/support.hpp"

namespace nephoscope {
namespace {

constexpr const char* kBase =
    "resources: {web: {min_size: 6}, api.example.com: {ttl: 60s}}\nexpect: [a, b]\n";

std::string overridden(std::string_view path, std::string_view value) {
  Loaded loaded(kBase);
  const bool done = apply_override(loaded.tree, loaded.sources, path, value, loaded.diagnostics);
  CHECK(done == loaded.diagnostics.empty());
  return done ? flow(loaded.root()) : loaded.problems();
}

TEST_CASE("override: a value replaces the one at its path") {
  CHECK(overridden("resources.web.min_size", "9") ==
        "{resources: {web: {min_size: 9}, api.example.com: {ttl: 60s}}, expect: [a, b]}");
}

TEST_CASE("override: a segment with a dot is quoted, a list item is a number") {
  CHECK(overridden("resources.\"api.example.com\".ttl", "5s") ==
        "{resources: {web: {min_size: 6}, api.example.com: {ttl: 5s}}, expect: [a, b]}");
  CHECK(overridden("expect.1", "c >= 1") ==
        "{resources: {web: {min_size: 6}, api.example.com: {ttl: 60s}}, expect: [a, c >= 1]}");
}

TEST_CASE("override: an existing map takes a new key, and a value may be a map") {
  CHECK(overridden("resources.web.assume", "{boot_time: 5s}") ==
        "{resources: {web: {min_size: 6, assume: {boot_time: 5s}}, api.example.com: {ttl: 60s}}, expect: [a, "
        "b]}");
}

TEST_CASE("override: a path that leads nowhere is an error") {
  CHECK(overridden("resources.wbe.min_size", "9") ==
        "E060 1:1 resources.wbe.min_size: 'resources' has no 'wbe' (did you mean 'web'?)\n");
  CHECK(overridden("resource.web.min_size", "9") ==
        "E060 1:1 resource.web.min_size: the top level has no 'resource' (did you mean 'resources'?)\n");
  CHECK(overridden("resources.web.min_size.x", "9") ==
        "E060 1:1 resources.web.min_size.x: 'resources.web.min_size' is '6'; it has no 'x'\n");
  CHECK(overridden("expect.2", "x") ==
        "E060 1:1 expect.2: 'expect' is a list of 2; '2' is none of its items (items are 0 to 1)\n");
  CHECK(overridden("expect.-1", "x").starts_with("E060 1:1 expect.-1: 'expect' is a list of 2"));
}

TEST_CASE("override: a malformed path is an error") {
  for (const char* path : {"", ".", "a.", ".a", "a..b", "\"a", "\"a\"b", "a\"b"}) {
    CAPTURE(path);
    CHECK(split_path(path).empty());
  }
  CHECK(overridden("a..b", "1") == "E060 1:1 a..b: 'a..b' is not a path (write a.b.c)\n");
  CHECK(split_path("a.\"b.c\\\"d\".0") == std::vector<std::string>{"a", "b.c\"d", "0"});
}

TEST_CASE("override: an error in the value points into the value") {
  Loaded loaded(kBase);
  CHECK_FALSE(
      apply_override(loaded.tree, loaded.sources, "resources.web", "{a: 1, a: 2}", loaded.diagnostics));
  CHECK_FALSE(apply_override(loaded.tree, loaded.sources, "resources.web", "", loaded.diagnostics));
  CHECK(loaded.diagnostics.render(loaded.sources, {.limit = 1}) ==
        "error[E006]: duplicate key 'a'\n"
        " --> --set:1:22\n"
        "1 | resources.web={a: 1, a: 2}\n"
        "  |                      ^ first given in line 1, column 16\n"
        "\n… and 1 more\n\n2 errors\n");
}

TEST_CASE("override: a key that the map indexes is found again after it was replaced") {
  std::string text;
  for (int i = 0; i < 50; ++i) text += fmt::format("key{}: {}\n", i, i);
  Loaded loaded(text);
  CHECK(apply_override(loaded.tree, loaded.sources, "key7", "seven", loaded.diagnostics));
  CHECK(apply_override(loaded.tree, loaded.sources, "key50", "fifty", loaded.diagnostics));
  CHECK(loaded.root().find("key7")->text() == "seven");
  CHECK(loaded.root().find("key50")->text() == "fifty");
  CHECK(loaded.root().find("key7")->path() == "key7");
}

TEST_CASE("override: a value of the tree itself keeps its own places") {
  Loaded loaded("a: {b: 1}\nvariants: {v: {a.b: {c: 2}}}\n");
  const Node& value = (*loaded.root().find("variants")->find("v"))[0];
  CHECK(apply_override(loaded.tree, value.key(), value.key_place(), value, loaded.diagnostics));
  const Node& c = *loaded.root().find("a")->find("b")->find("c");
  CHECK(c.path() == "a.b.c");
  CHECK(c.place() == Place{0, 2, 25, 1});
}

TEST_CASE("override: the limits of depth hold") {
  Loaded loaded("a: {b: 1}");
  const std::string deep = repeated("[", 63) + repeated("]", 63);
  CHECK_FALSE(apply_override(loaded.tree, loaded.sources, "a.b", deep, loaded.diagnostics));
  CHECK(loaded.problems() == "E060 1:1 a.b: nested deeper than 64 levels\n");
}

TEST_CASE("override: the map of an assumption is made where the file has none") {
  Loaded loaded("{resources: {web: {type: x}}}");
  const auto put = [&](const char* path) {
    return apply_override(loaded.tree, loaded.sources, path, "5", loaded.diagnostics);
  };
  CHECK(put("resources.web.assume.boot_time"));
  CHECK(put("ec2.assume.stop_time"));
  CHECK(flow(loaded.root()) ==
        "{resources: {web: {type: x, assume: {boot_time: 5}}}, ec2: {assume: {stop_time: 5}}}");
  CHECK_FALSE(put("resources.wbe.assume.boot_time"));
  CHECK_FALSE(put("resources.web.launch.delay"));
}

}  // namespace
}  // namespace nephoscope
