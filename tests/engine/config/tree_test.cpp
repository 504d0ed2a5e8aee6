#include "engine/config/tree.hpp"

#include <doctest/doctest.h>

#include <cstdio>
#include <fstream>

#include "tests/engine/config/support.hpp"

namespace nephoscope {
namespace {

TEST_CASE("tree: maps, lists, texts and nothing keep their kind and order") {
  const Loaded loaded("b: [1, two, 'three', ~]\na: {c: null, d: \"x\"}\ne:\n");
  CHECK(loaded.problems() == "");
  CHECK(flow(loaded.root()) == "{b: [1, two, 'three', ~], a: {c: ~, d: 'x'}, e: ~}");
  CHECK(loaded.tree.node_count() == 10);  // root, b, 4 items, a, c, d, e
}

TEST_CASE("tree: a value and its key know their places") {
  const Loaded loaded("a:\n  bc: [x, 'y z']\n  d: |\n    text\n  e: &n 'five'\n");
  const Node& bc = *loaded.root().find("a")->find("bc");
  CHECK(bc.key_place() == Place{0, 2, 3, 2});
  CHECK(bc.place() == Place{0, 2, 7, 1});
  CHECK(bc[0].place() == Place{0, 2, 8, 1});
  CHECK(bc[1].place() == Place{0, 2, 11, 5});  // quotes included
  CHECK(bc[1].key_place() == bc[1].place());
  CHECK(loaded.root().find("a")->find("d")->place().line == 3);
  CHECK(loaded.root().find("a")->find("e")->place() == Place{0, 5, 9, 6});  // behind the anchor
}

TEST_CASE("tree: an empty value stands at its key, not at what follows") {
  const Loaded loaded("a:\nb: 1\n");
  CHECK(loaded.root().find("a")->place() == Place{0, 1, 1, 1});
}

TEST_CASE("tree: a path quotes segments with dots and numbers list items") {
  const Loaded loaded("resources: {api.example.com: {ttl: [5s, {x: 6s}]}, 'a \"b\"': 1}");
  const Node& resources = *loaded.root().find("resources");
  CHECK(loaded.root().path() == "");
  CHECK((*resources[0].find("ttl"))[1].find("x")->path() == "resources.\"api.example.com\".ttl.1.x");
  CHECK(resources[1].path() == "resources.\"a \\\"b\\\"\"");
}

TEST_CASE("tree: keys of a large map are found as those of a small one") {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += fmt::format("key{}: {}\n", i, i);
  const Loaded loaded(text);
  CHECK(loaded.root().find("key0")->text() == "0");
  CHECK(loaded.root().find("key999")->text() == "999");
  CHECK(loaded.root().find("key1000") == nullptr);
}

TEST_CASE("tree: an alias repeats its anchor's value with paths of its own") {
  const Loaded loaded("a: &p {x: 1}\nb: *p\n");
  CHECK(loaded.problems() == "");
  const Node& x = *loaded.root().find("b")->find("x");
  CHECK(x.path() == "b.x");
  CHECK(x.place() == Place{0, 1, 11, 1});
  CHECK(loaded.tree.node_count() == 5);  // root, a, a.x, b, b.x
}

TEST_CASE("tree: keys that start with x- are left out, yet may hold anchors") {
  const Loaded loaded("x-common: &r {mode: standard}\na: {x-note: [1, 2], retry: *r}\n");
  CHECK(loaded.problems() == "");
  CHECK(flow(loaded.root()) == "{a: {retry: {mode: standard}}}");
}

TEST_CASE("tree: a byte order mark and Windows line ends are no part of the text") {
  const Loaded loaded(
      "\xEF\xBB\xBF"
      "a: 1\r\nb: 2\r\n");
  CHECK(loaded.problems() == "");
  CHECK(flow(loaded.root()) == "{a: 1, b: 2}");
  CHECK(loaded.root().find("b")->place() == Place{0, 2, 4, 1});
}

TEST_CASE("tree: a text that looks like a flow distribution is two keys, as YAML says") {
  const Loaded loaded("{a: lognormal(p50=1ms, p99=2ms)}");
  CHECK(flow(loaded.root()) == "{a: lognormal(p50=1ms, p99=2ms): ~}");
}

TEST_CASE("tree: a duplicate key is an error that names both places") {
  const Loaded loaded("a: 1\nb: {c: 1, c: 2}\na: 2\n");
  CHECK(loaded.problems() ==
        "E006 2:11 b: duplicate key 'c' (first given in line 2, column 5)\n"
        "E006 3:1: duplicate key 'a' (first given in line 1, column 1)\n");
  CHECK(loaded.tree.readable());
  CHECK(flow(loaded.root()) == "{a: 1, b: {c: 1}}");
}

TEST_CASE("tree: a merge key is an error with a hint") {
  const Loaded loaded("a: &a {x: 1}\nb: {<<: *a}\n");
  CHECK(loaded.problems() ==
        "E008 2:5 b: merge keys '<<' are not supported (write the keys out, or use an alias for a whole "
        "value)\n");
}

TEST_CASE("tree: a second document is an error, also behind a list") {
  CHECK(
      Loaded("a: 1\n---\nb: 2\n").problems() ==
      "E004 2:1: a second YAML document starts here (remove '---', or indent this line like those above)\n");
  CHECK(Loaded("- a\nb: 1").problems().starts_with("E004 2:1: a second YAML document starts here"));
}

TEST_CASE("tree: an empty document is an error") {
  for (const char* text : {"", "\n\n", "# nothing\n", "---\n", "   "}) {
    CAPTURE(text);
    const Loaded loaded(text);
    CHECK(loaded.problems() == "E005 0:0: the document is empty\n");
    CHECK_FALSE(loaded.tree.readable());
  }
  CHECK(Loaded("null").problems() == "");
}

TEST_CASE("tree: a key that is a list, a map or nothing is an error") {
  CHECK(Loaded("? [a, b]\n: 1\n").problems() == "E007 1:3: a key must be a text\n");
  CHECK(Loaded("{{a: b}: 1}").problems() == "E007 1:2: a key must be a text\n");
  CHECK(Loaded("~: 1").problems() == "E007 1:1: a key must be a text\n");
  CHECK(Loaded("'': 1").problems() == "E007 1:1: a key must be a text\n");
}

TEST_CASE("tree: an explicit tag is an error, the tag of quotes is none") {
  CHECK(Loaded("a: !!int 5").problems() ==
        "E010 1:4: explicit YAML tags are not supported (remove the tag; put a text in quotes)\n");
  CHECK(Loaded("a: ! five\nb: '5'").problems() == "");
}

TEST_CASE("tree: YAML that cannot be read is an error with its place") {
  CHECK(Loaded("a: [1, 2\nb: 3\n").problems() ==
        "E001 2:2: not valid YAML: end of sequence flow not found\n");
  CHECK(Loaded("a: 1\n b: 2\n").problems() == "E001 2:3: not valid YAML: illegal map value\n");
  CHECK(Loaded("a: *nowhere\n").problems() ==
        "E001 1:4: not valid YAML: the referenced anchor is not defined\n");
  CHECK(Loaded("a: 'open\n").problems() == "E001 1:4: not valid YAML: this quote is never closed\n");
  CHECK(Loaded("a: \"it\\\"s\n").problems() == "E001 1:4: not valid YAML: this quote is never closed\n");
  CHECK(Loaded("a: 'it''s'").problems() == "");
  CHECK(Loaded("[1").problems() == "E001 1:1: not valid YAML: end of sequence flow not found\n");
  CHECK(Loaded("a: 1\n\tb: 2\n").problems().starts_with("E001 2:"));
}

TEST_CASE("tree: load_file reads a file, and says when there is none") {
  const std::string path = "tree_test_file.yaml";
  std::ofstream(path) << "a: 1\n";
  SourceSet sources;
  Diagnostics diagnostics;
  const Tree tree = load_file(sources, path, diagnostics);
  std::remove(path.c_str());
  CHECK(flow(tree.root()) == "{a: 1}");
  CHECK(diagnostics.empty());
  load_file(sources, "no_such.yaml", diagnostics);
  load_file(sources, ".", diagnostics);
  CHECK(diagnostics.render(sources) ==
        "error[E050]: file 'no_such.yaml' does not exist\n --> no_such.yaml\n\n"
        "error[E053]: '.' is not a file\n --> .\n\n2 errors\n");
}

TEST_CASE("tree: a subtree as text reads back as the same values") {
  const std::string text =
      R"(a: {b: [1, -2.5, 80%, $5, "80%"], c d: ~, e: "x: y, #z", f: "", g: a > b, h: "- x"})";
  const Loaded first(text);
  const Loaded second(yaml_text(first.root()));
  CHECK(second.problems() == "");
  CHECK(flow(second.root()) == flow(first.root()));
  CHECK(yaml_text(*first.root().find("a")->find("b")) == "[1, -2.5, 80%, $5, \"80%\"]");
}

}  // namespace
}  // namespace nephoscope
