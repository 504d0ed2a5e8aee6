// Reads a configuration from YAML as a scenario would.
#pragma once

#include <doctest/doctest.h>

#include <string>
#include <utility>

#include "engine/config/field_table.hpp"

namespace nephoscope {

// Fails the test, showing the diagnostics, if the YAML is not valid.
template <typename Config>
Config read_config(const std::string& yaml) {
  SourceSet sources;
  Diagnostics diagnostics;
  const Tree tree = parse_text(sources, "test", yaml, diagnostics);
  Context context(diagnostics, &sources);
  auto config = Config::fields().read(tree.root(), context);
  INFO(diagnostics.render(sources));
  REQUIRE(config.has_value());
  return std::move(*config);
}

}  // namespace nephoscope
