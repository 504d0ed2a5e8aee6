// The one list of resource types. A new service adds its line to registry.cpp.
#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "engine/config/field_table.hpp"
#include "models/common/resource.hpp"

namespace nephoscope {

// A resource type as scenarios name it, with everything that can be asked of it before a run.
struct ResourceType {
  std::string_view name;  // "Nephoscope::Station"
  std::string_view doc;
  // The configuration, or null after a diagnostic.
  std::unique_ptr<ResourceConfig> (*read)(const Node&, Context&);
  std::vector<FieldRow> (*rows)();
  // Refers to the type's JSON Schema, adding it to the book.
  void (*schema)(Json&, SchemaBook&);
  // Adds what a configuration that nobody wrote assumes. REQUIRES: it is of this type.
  void (*assumptions)(const ResourceConfig&, const std::string& path, std::vector<AssumptionInForce>&);
};

std::span<const ResourceType> resource_types();
// Null if there is no type of that name.
const ResourceType* find_resource_type(std::string_view name);

}  // namespace nephoscope
