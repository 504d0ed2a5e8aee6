#include "engine/config/tree.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "engine/base/check.hpp"
#include "engine/config/tree_editor.hpp"

namespace nephoscope {
namespace {

constexpr std::size_t kIndexFrom = 9;   // maps with fewer keys are searched one by one
constexpr std::size_t kShownText = 40;  // bytes of a user's text repeated in a message

std::string segment_of(const Node& node) {
  const Node& parent = *node.parent();
  if (parent.is_map()) return path_segment(node.key());
  const auto& items = parent.children();
  const auto same = [&](const auto& item) { return item.get() == &node; };
  return std::to_string(std::find_if(items.begin(), items.end(), same) - items.begin());
}

// At most kShownText bytes, cut between characters.
std::string clipped(const std::string& text) {
  if (text.size() <= kShownText) return text;
  std::size_t end = kShownText;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) --end;
  return text.substr(0, end) + "…";
}

}  // namespace

const Node* Node::find(std::string_view key) const {
  if (!is_map()) return nullptr;
  if (index_) {
    const auto found = index_->find(key);
    return found == index_->end() ? nullptr : found->second;
  }
  for (const auto& child : children_)
    if (child->key_ == key) return child.get();
  return nullptr;
}

std::string Node::path() const {
  std::vector<std::string> segments;
  for (const Node* node = this; node->parent() != nullptr; node = node->parent())
    segments.push_back(segment_of(*node));
  std::reverse(segments.begin(), segments.end());
  return fmt::format("{}", fmt::join(segments, "."));
}

std::string Node::found() const {
  switch (kind_) {
    case Kind::null:
      return "nothing";
    case Kind::sequence:
      return "a list";
    case Kind::map:
      return "a map";
    case Kind::scalar:
      break;
  }
  return fmt::format("'{}'", clipped(text_));
}

Tree::Tree() : root_(std::make_unique<Node>()) {}

std::unique_ptr<Node> TreeEditor::make(Node::Kind kind, Place place) {
  auto node = std::make_unique<Node>();
  node->kind_ = kind;
  node->place_ = place;
  return node;
}

std::unique_ptr<Node> TreeEditor::make_scalar(std::string text, bool quoted, Place place) {
  auto node = make(Node::Kind::scalar, place);
  node->text_ = std::move(text);
  node->quoted_ = quoted;
  return node;
}

Node& TreeEditor::append(Node& parent, std::unique_ptr<Node> child) {
  check(parent.is_map() || parent.is_sequence(), "config", "only maps and lists have children");
  Node& added = *child;
  added.parent_ = &parent;
  parent.children_.push_back(std::move(child));
  if (!parent.is_map()) return added;
  if (parent.index_) {
    parent.index_->emplace(added.key_, &added);
  } else if (parent.children_.size() == kIndexFrom) {
    parent.index_ = std::make_unique<std::map<std::string_view, Node*, std::less<>>>();
    for (const auto& each : parent.children_) parent.index_->emplace(each->key_, each.get());
  }
  return added;
}

void TreeEditor::replace(Node& old, std::unique_ptr<Node> replacement) {
  Node& parent = *old.parent_;
  replacement->parent_ = &parent;
  replacement->key_ = old.key_;
  replacement->key_place_ = old.key_place_;
  if (parent.index_) {
    parent.index_->erase(old.key_);  // its key is about to go away with `old`
    parent.index_->emplace(replacement->key_, replacement.get());
  }
  const auto same = [&](const auto& item) { return item.get() == &old; };
  *std::find_if(parent.children_.begin(), parent.children_.end(), same) = std::move(replacement);
}

std::unique_ptr<Node> TreeEditor::copy(const Node& node) {
  auto result = make(node.kind_, node.place_);
  result->text_ = node.text_;
  result->quoted_ = node.quoted_;
  for (const auto& child : node.children_) {
    auto duplicate = copy(*child);
    set_key(*duplicate, child->key_, child->key_place_);
    append(*result, std::move(duplicate));
  }
  return result;
}

std::size_t TreeEditor::count(const Node& node) {
  std::size_t total = 1;
  for (const auto& child : node.children_) total += count(*child);
  return total;
}

std::size_t TreeEditor::depth(const Node& node) {
  if (!node.is_map() && !node.is_sequence()) return 0;
  std::size_t deepest = 0;
  for (const auto& child : node.children_) deepest = std::max(deepest, depth(*child));
  return deepest + 1;
}

void TreeEditor::set_root(Tree& tree, std::unique_ptr<Node> root) {
  tree.root_ = std::move(root);
  tree.readable_ = true;
}

namespace {

// A plain scalar that reads back as itself wherever it stands.
bool is_plain(const Node& scalar) {
  constexpr std::string_view safe =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.%/$+-<>=^() ";
  const std::string& text = scalar.text();
  if (scalar.quoted() || text.empty() || text.find_first_not_of(safe) != std::string::npos) return false;
  const auto is_alphanumeric = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; };
  const bool opens_number = std::string_view("-+.$").find(text.front()) != std::string_view::npos;
  return is_alphanumeric(text.front()) || (opens_number && text.size() > 1 && is_alphanumeric(text[1]));
}

std::string quoted_text(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    c == '\n' ? result += "\\n" : result += c;
  }
  return result + "\"";
}

}  // namespace

std::string yaml_text(const Node& node) {
  if (node.is_null()) return "null";
  if (node.is_scalar()) return is_plain(node) ? node.text() : quoted_text(node.text());
  std::string text;
  for (const auto& child : node.children()) {
    if (!text.empty()) text += ", ";
    if (node.is_map()) text += quoted_text(child->key()) + ": ";
    text += yaml_text(*child);
  }
  return node.is_map() ? "{" + text + "}" : "[" + text + "]";
}

std::string path_segment(std::string_view key) {
  const bool plain = !key.empty() && key.find_first_of(". \"\\\t=") == std::string_view::npos;
  if (plain) return std::string(key);
  std::string result = "\"";
  for (const char c : key) {
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result + "\"";
}

}  // namespace nephoscope
