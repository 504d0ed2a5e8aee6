// Files that a scenario names: traces, empirical distributions.
#pragma once

#include <optional>
#include <string>

#include "engine/config/context.hpp"
#include "engine/config/tree.hpp"

namespace nephoscope {

// The whole text of the file that `node` names. The name is relative; it is looked for in each of
// context.data_folders() (the scenario's own folder, then the one that the user gave) and may not leave them,
// neither by `..` nor through a link. Nothing after a diagnostic at the node: absolute or escaping name,
// missing, not a regular file, or larger than `max_bytes`.
std::optional<std::string> read_data_file(const Node& node, Context& context,
                                          std::size_t max_bytes = 64U << 20U);

}  // namespace nephoscope
