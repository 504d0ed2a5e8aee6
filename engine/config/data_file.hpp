// Files that a scenario names: traces, empirical distributions, trees in other people's formats.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/config/context.hpp"
#include "engine/config/tree.hpp"

namespace nephoscope {

// The whole text of the file that `node` names. The name is relative; it is looked for in each of
// context.data_folders() (the scenario's own folder, then the one that the user gave) and may not leave them,
// neither by `..` nor through a link. Nothing after a diagnostic at the node: absolute or escaping name,
// missing, not a regular file, or larger than `max_bytes`.
std::optional<std::string> read_data_file(const Node& node, Context& context,
                                          std::size_t max_bytes = 64U << 20U);

// The names of the files in the folder that `node` names and that end in `ending`, in alphabetical order; of
// a file, its own name. Folders are looked for as files are; empty after a diagnostic.
std::vector<std::string> list_data_files(const Node& node, Context& context, std::string_view ending);

// The file `name`, looked for as read_data_file() does, as a tree whose places point into it; `node` is where
// the scenario names it. Not readable() after a diagnostic. REQUIRES: the context has sources.
Tree read_data_tree(const std::string& name, const Node& node, Context& context);

}  // namespace nephoscope
