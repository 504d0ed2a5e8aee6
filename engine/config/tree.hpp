// A marked YAML tree: every value and key knows its place in the source and its dotted path.
//
// The tree is built from yaml-cpp's events with every limit in one struct. What yaml-cpp accepts but nobody
// means is an error: duplicate keys, cyclic aliases, merge keys, several documents, explicit tags, keys that
// are not texts. Keys that start with "x-" are left out of the tree (anchors inside them still work).
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/diagnostics.hpp"

namespace nephoscope {

// What a hostile or mistaken file may cost. Chosen so that the worst input ends in < 2 s and < 256 MiB:
// yaml-cpp 0.7 reads 2 to 4 MB/s, keeps some 250 bytes for each bracket of a flow collection until that ends,
// and takes 3 s for a flow list of 500,000 items (all measured). A 10,000-line scenario has 0.2 to 0.5 MB and
// 80,000 marks.
struct Limits {
  std::size_t file_bytes = 2U << 20U;
  std::size_t depth = 64;             // nested maps and lists
  std::size_t nodes = 500'000;        // values, aliases expanded
  std::size_t alias_nodes = 100'000;  // values that all aliases together repeat
  std::size_t scalar_bytes = 64U << 10U;
  std::size_t key_bytes = 1U << 10U;
  std::size_t marks = 250'000;  // characters that are YAML punctuation, wherever they stand
};

// One value of a tree. Nodes are owned by their Tree and stay where they are while it lives (until an
// override replaces them).
class Node final {
 public:
  enum class Kind { null, scalar, sequence, map };

  Node() = default;
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  Kind kind() const { return kind_; }
  bool is_null() const { return kind_ == Kind::null; }
  bool is_scalar() const { return kind_ == Kind::scalar; }
  bool is_sequence() const { return kind_ == Kind::sequence; }
  bool is_map() const { return kind_ == Kind::map; }

  // A scalar's text, quotes and escapes resolved; empty for other kinds.
  const std::string& text() const { return text_; }
  // A scalar in quotes or a block scalar: meant as text, not as a number.
  bool quoted() const { return quoted_; }

  // The key under which this node stands in its parent map; empty in lists and for the root.
  const std::string& key() const { return key_; }
  Place place() const { return place_; }
  // The place of key(); the value's own place in lists and for the root.
  Place key_place() const { return key_.empty() ? place_ : key_place_; }
  const Node* parent() const { return parent_; }

  // Items of a list or values of a map, in the order of the source.
  const std::vector<std::unique_ptr<Node>>& children() const { return children_; }
  std::size_t size() const { return children_.size(); }
  // REQUIRES: index < size().
  const Node& operator[](std::size_t index) const { return *children_[index]; }
  // The value under `key`; null if this is not a map or has no such key. Logarithmic.
  const Node* find(std::string_view key) const;

  // "resources.web.min_size"; segments with dots are quoted, list items are numbers; "" for the root.
  std::string path() const;
  // "a list", "a map", "nothing", "'abc'" (clipped): for messages.
  std::string found() const;

 private:
  friend class TreeEditor;
  Kind kind_ = Kind::null;
  bool quoted_ = false;
  std::string key_;
  std::string text_;
  Place place_;
  Place key_place_;
  Node* parent_ = nullptr;
  std::vector<std::unique_ptr<Node>> children_;
  std::unique_ptr<std::map<std::string_view, Node*, std::less<>>> index_;  // maps of more than a few keys
};

// Owns the nodes of one document.
class Tree final {
 public:
  Tree();
  const Node& root() const { return *root_; }
  // False after an error that left no usable tree: root() is then null and not worth reading. Errors that
  // leave the rest readable (a duplicate key) do not count here.
  bool readable() const { return readable_; }
  std::size_t node_count() const { return nodes_; }

 private:
  friend class TreeEditor;
  std::unique_ptr<Node> root_;
  bool readable_ = false;
  std::size_t nodes_ = 1;
};

// Reads `text` as one YAML document. Adds it to `sources` under `name`.
Tree parse_text(SourceSet& sources, std::string name, std::string text, Diagnostics& diagnostics,
                const Limits& limits = {});

// Reads a file; `path` is also the name shown. `place` is where the file was named (none: the command line).
Tree load_file(SourceSet& sources, const std::string& path, Diagnostics& diagnostics,
               const Limits& limits = {}, Place place = {});

// A value and the dotted path at which to put it.
struct PathValue {
  std::string path;
  std::string value;  // YAML
};

// Puts a value at a dotted path: `resources.web.min_size`, `resources."api.example.com".ttl`, `expect.0`.
// The last segment may be a new key of an existing map; all else must exist, but for `assume` maps, which are
// made. Whether the key makes sense
// there is for the field tables to say. Returns false after a diagnostic; the tree is then unchanged. `value`
// is YAML ("9", "{a: 1}"); places point into a source named `name` that holds `path=value`.
bool apply_override(Tree& tree, SourceSet& sources, std::string_view path, std::string_view value,
                    Diagnostics& diagnostics, const Limits& limits = {}, std::string name = "--set");
// The same with a value that stands in a tree (of this file or another); `path_place` is where the path is
// written.
bool apply_override(Tree& tree, std::string_view path, Place path_place, const Node& value,
                    Diagnostics& diagnostics, const Limits& limits = {});

// The subtree as YAML in one line, which reads back as the same values.
std::string yaml_text(const Node& node);

// A path's segments, quotes resolved; empty when the path is malformed.
std::vector<std::string> split_path(std::string_view path);
// One segment as it stands in a path: quoted if it holds a dot, a quote, a blank or nothing.
std::string path_segment(std::string_view key);

}  // namespace nephoscope
