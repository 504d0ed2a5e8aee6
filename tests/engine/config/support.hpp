// Shared by the tests of engine/config: read a text, see its diagnostics in one line each.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>

#include "engine/config/tree.hpp"

namespace nephoscope {

// A text, its tree and what was wrong with it.
struct Loaded {
  SourceSet sources = {};
  Diagnostics diagnostics = {};
  Tree tree = {};

  explicit Loaded(std::string text, const Limits& limits = {}) {
    tree = parse_text(sources, "a.yaml", std::move(text), diagnostics, limits);
  }
  const Node& root() const { return tree.root(); }
  // "E012 2:3 a.b: unknown key 'x' (did you mean 'y'?)", one line for each diagnostic.
  std::string problems() const {
    std::string result;
    for (const auto& d : diagnostics.sorted()) {
      result += fmt::format("{} {}:{}", info(d.code).text, d.place.line, d.place.column);
      if (!d.path.empty()) result += " " + d.path;
      result += ": " + d.message;
      if (!d.hint.empty()) result += " (" + d.hint + ")";
      result += "\n";
    }
    return result;
  }
};

// The tree as flow-style text, with quoted scalars in quotes.
inline std::string flow(const Node& node) {
  std::string result;
  for (const auto& child : node.children()) {
    if (!result.empty()) result += ", ";
    result += node.is_map() ? fmt::format("{}: {}", child->key(), flow(*child)) : flow(*child);
  }
  if (node.is_map()) return "{" + result + "}";
  if (node.is_sequence()) return "[" + result + "]";
  if (node.is_null()) return "~";
  return node.quoted() ? fmt::format("'{}'", node.text()) : node.text();
}

inline std::string repeated(std::string_view text, std::size_t count) {
  std::string result;
  for (std::size_t i = 0; i < count; ++i) result += text;
  return result;
}

}  // namespace nephoscope
