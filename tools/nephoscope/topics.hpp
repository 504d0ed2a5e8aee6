// What `explain` and `list` speak of. Everything comes from the tables that also read and check scenarios.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/config/field_table.hpp"

namespace nephoscope {

// A map of the scenario language: a resource type, a section, a step.
struct Topic {
  std::string kind;  // "type", "section", "step", "namespace"
  std::string name;  // "Nephoscope::Station", "run", "call"
  std::string doc;
  std::function<std::vector<FieldRow>()> rows;
};

std::vector<Topic> all_topics();

}  // namespace nephoscope
