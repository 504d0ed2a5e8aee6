// Values put at dotted paths.
#include <fmt/format.h>

#include <charconv>
#include <utility>

#include "engine/config/tree_editor.hpp"

namespace nephoscope {
namespace {

// Reads one segment from the front of `path`; false if it is malformed.
bool take_segment(std::string_view& path, std::string& segment) {
  segment.clear();
  if (!path.starts_with('"')) {
    const auto end = std::min(path.find('.'), path.size());
    segment = path.substr(0, end);
    path.remove_prefix(end);
    return !segment.empty() && segment.find('"') == std::string::npos;
  }
  for (std::size_t at = 1; at < path.size(); ++at) {
    if (path[at] == '"') {
      path.remove_prefix(at + 1);
      return true;
    }
    if (path[at] == '\\' && at + 1 < path.size()) ++at;
    segment += path[at];
  }
  return false;
}

struct Override {
  Tree& tree;
  std::string_view path;
  Place place;  // of the path
  Diagnostics& diagnostics;
  const Limits& limits;

  bool fail(std::string message, std::string hint = "") const {
    diagnostics.add({Code::bad_override, place, std::string(path), std::move(message), std::move(hint), ""});
    return false;
  }
};

std::string shown(const Node& node) {
  const std::string path = node.path();
  return path.empty() ? "the top level" : fmt::format("'{}'", path);
}

Node* list_item(const Override& request, Node& list, const std::string& segment) {
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(segment.data(), segment.data() + segment.size(), index);
  if (error == std::errc() && end == segment.data() + segment.size() && index < list.size())
    return &TreeEditor::child(list, index);
  request.fail(
      fmt::format("{} is a list of {}; '{}' is none of its items", shown(list), list.size(), segment),
      list.size() > 0 ? fmt::format("items are 0 to {}", list.size() - 1) : "");
  return nullptr;
}

// The existing value at `segment`; null after a diagnostic, or without one for a key that a map lacks.
Node* step(const Override& request, Node& node, const std::string& segment) {
  if (node.is_map()) return TreeEditor::find(node, segment);
  if (node.is_sequence()) return list_item(request, node, segment);
  request.fail(fmt::format("{} is {}; it has no '{}'", shown(node), node.found(), segment));
  return nullptr;
}

bool missing(const Override& request, const Node& map, const std::string& segment) {
  std::vector<std::string_view> keys;
  for (const auto& child : map.children()) keys.emplace_back(child->key());
  return request.fail(fmt::format("{} has no '{}'", shown(map), segment), did_you_mean(segment, keys));
}

bool fits(const Override& request, const Node& value, std::size_t level) {
  if (level + TreeEditor::depth(value) > request.limits.depth)
    return request.fail(fmt::format("nested deeper than {} levels", request.limits.depth));
  if (request.tree.node_count() + TreeEditor::count(value) > request.limits.nodes)
    return request.fail(fmt::format("the scenario holds more than {} values", request.limits.nodes));
  return true;
}

// Whether segment `i` may be made: the `assume` of an assumption that the file leaves at its default, or the
// section of such an `assume` ("section.assume.key").
bool may_be_made(const std::vector<std::string>& segments, std::size_t i) {
  constexpr std::string_view assume = "assume";
  const std::size_t size = segments.size();
  return (i + 2 == size && segments[i] == assume) || (i == 0 && size == 3 && segments[1] == assume);
}

Node& make_map(const Override& request, Node& parent, const std::string& key) {
  auto map = TreeEditor::make(Node::Kind::map, request.place);
  TreeEditor::set_key(*map, key, request.place);
  TreeEditor::set_count(request.tree, request.tree.node_count() + 1);
  return TreeEditor::append(parent, std::move(map));
}

bool apply(const Override& request, std::unique_ptr<Node> value) {
  const auto segments = split_path(request.path);
  if (segments.empty()) return request.fail(fmt::format("'{}' is not a path", request.path), "write a.b.c");
  if (!fits(request, *value, segments.size())) return false;
  const std::size_t errors = request.diagnostics.error_count();
  Node* node = &TreeEditor::mutable_root(request.tree);
  for (std::size_t i = 0; i + 1 < segments.size(); ++i) {
    Node* next = step(request, *node, segments[i]);
    if (next == nullptr && node->is_map() && may_be_made(segments, i))
      next = &make_map(request, *node, segments[i]);
    if (next == nullptr)
      return request.diagnostics.error_count() == errors && missing(request, *node, segments[i]);
    node = next;
  }
  const std::size_t more = TreeEditor::count(*value);
  Node* old = step(request, *node, segments.back());
  if (old == nullptr && request.diagnostics.error_count() > errors) return false;
  if (old != nullptr) {
    TreeEditor::replace(*old, std::move(value));
  } else {
    TreeEditor::set_key(*value, segments.back(), request.place);
    TreeEditor::append(*node, std::move(value));
  }
  TreeEditor::set_count(request.tree, request.tree.node_count() + more);
  return true;
}

}  // namespace

std::vector<std::string> split_path(std::string_view path) {
  std::vector<std::string> segments;
  std::string segment;
  while (take_segment(path, segment)) {
    segments.push_back(segment);
    if (path.empty()) return segments;
    if (path.front() != '.') return {};
    path.remove_prefix(1);
  }
  return {};
}

bool apply_override(Tree& tree, SourceSet& sources, std::string_view path, std::string_view value,
                    Diagnostics& diagnostics, const Limits& limits, std::string name) {
  const int file = sources.add(std::move(name), fmt::format("{}={}", path, value));
  const int width = static_cast<int>(path.size());
  const std::size_t errors = diagnostics.error_count();
  Tree parsed = read_yaml(std::string(value), file, width + 1, diagnostics, limits);
  if (diagnostics.error_count() > errors) return false;
  return apply({tree, path, {file, 1, 1, width}, diagnostics, limits},
               TreeEditor::release_root(std::move(parsed)));
}

bool apply_override(Tree& tree, std::string_view path, Place path_place, const Node& value,
                    Diagnostics& diagnostics, const Limits& limits) {
  return apply({tree, path, path_place, diagnostics, limits}, TreeEditor::copy(value));
}

}  // namespace nephoscope
