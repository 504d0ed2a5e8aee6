// The one way to build and change trees; internal to engine/config.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "engine/config/tree.hpp"

namespace nephoscope {

class TreeEditor final {
 public:
  static std::unique_ptr<Node> make(Node::Kind kind, Place place);
  static std::unique_ptr<Node> make_scalar(std::string text, bool quoted, Place place);
  static void set_key(Node& node, std::string key, Place place) {
    node.key_ = std::move(key);
    node.key_place_ = place;
  }
  static void set_place(Node& node, Place place) { node.place_ = place; }

  // Appends a child and returns it. REQUIRES: `parent` is a list, or a map without the child's key.
  static Node& append(Node& parent, std::unique_ptr<Node> child);
  // Puts `replacement` where `old` stands, under its key. REQUIRES: `old` has a parent.
  static void replace(Node& old, std::unique_ptr<Node> replacement);
  static std::unique_ptr<Node> copy(const Node& node);
  // Values in the subtree, itself included; and levels of maps and lists in it (a scalar has none).
  static std::size_t count(const Node& node);
  static std::size_t depth(const Node& node);

  static Node& mutable_root(Tree& tree) { return *tree.root_; }
  static Node* find(Node& node, std::string_view key) { return const_cast<Node*>(node.find(key)); }
  static Node& child(Node& node, std::size_t index) { return *node.children_[index]; }
  static void set_root(Tree& tree, std::unique_ptr<Node> root);
  static void set_count(Tree& tree, std::size_t nodes) { tree.nodes_ = nodes; }
  static std::unique_ptr<Node> release_root(Tree&& tree) { return std::move(tree.root_); }
};

// Reads `text` into a tree whose places point into source `file`; columns of line 1 are moved by
// `column_offset`.
Tree read_yaml(const std::string& text, int file, int column_offset, Diagnostics& diagnostics,
               const Limits& limits);

// The place of the first byte that may not stand in a file; reports it. True if the text is clean.
bool check_characters(const std::string& text, int file, int column_offset, Diagnostics& diagnostics);

}  // namespace nephoscope
