// A field table as a JSON Schema document (draft-07). Apart, because nlohmann/json.hpp is slow to compile.
#pragma once

#include <nlohmann/json.hpp>

#include "engine/config/field_table.hpp"

namespace nephoscope {

template <class T>
Json json_schema(const FieldTable<T>& table) {
  const T defaults{};
  return table.core().schema(&defaults);
}

}  // namespace nephoscope
