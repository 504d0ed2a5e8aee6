// How many of what a fault finds are hit: ALL, COUNT(n) or PERCENT(n), as AWS FIS writes it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/config/field_type.hpp"
#include "engine/random/draws.hpp"

namespace nephoscope::faults {

struct Selection {
  enum class Mode : std::uint8_t { all, count, percent };
  Mode mode = Mode::all;
  std::uint32_t number = 0;

  // How many of `present` are hit; a share is rounded up (model).
  std::size_t of(std::size_t present) const;
};

// As many of `present` as the selection says, drawn at random, each with the same probability.
template <typename T>
std::vector<T> choose(std::vector<T> present, const Selection& selection, Draws draws) {
  for (std::size_t left = present.size(); left > 1; --left)
    std::swap(present[left - 1], present[draws.next_below(left)]);
  present.resize(selection.of(present.size()));
  return present;
}

}  // namespace nephoscope::faults

namespace nephoscope {

template <>
struct FieldType<faults::Selection> {
  static std::optional<faults::Selection> read(const Node& node, Context& context, const FieldRules& rules);
  static std::string show(const faults::Selection& selection);
  static std::string type_name() { return "ALL, COUNT(n) or PERCENT(n)"; }
  static void schema(Json& out, SchemaBook& book, const FieldRules& rules);
};

}  // namespace nephoscope
