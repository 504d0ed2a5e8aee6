// libFuzzer entry: any bytes end in a tree or in diagnostics, and reading the tree through tables ends
// likewise. The first line may be an override's path for the rest: "PATH=VALUE".
#include <cstddef>
#include <cstdint>
#include <string>

#include "engine/base/check.hpp"
#include "tests/engine/config/example_tables.hpp"

namespace nephoscope {
namespace {

void read_scenario(const Tree& tree, Diagnostics& diagnostics) {
  Context context(diagnostics);
  const auto scenario = ScenarioConfig::fields().read(tree.root(), context);
  check(scenario.has_value() || diagnostics.has_errors(), "fuzz", "reading failed without a diagnostic");
}

void override_first_line(Tree& tree, SourceSet& sources, const std::string& text, Diagnostics& diagnostics) {
  const std::string line = text.substr(0, text.find('\n'));
  const auto equals = line.find('=');
  if (equals == std::string::npos) return;
  apply_override(tree, sources, line.substr(0, equals), line.substr(equals + 1), diagnostics);
}

void read_quantities(const std::string& text) {
  if (const auto span = parse_duration(text))
    check(parse_duration(show(*span.value)).value == span.value, "fuzz", "'{}' does not round-trip", text);
  if (const auto flow = parse_bytes_per_second(text))
    check(parse_bytes_per_second(show(*flow.value)).value == flow.value, "fuzz", "'{}' does not round-trip",
          text);
  if (const auto rate = parse_rate(text))
    check(parse_rate(show(*rate.value)).value == rate.value, "fuzz", "'{}' does not round-trip", text);
}

}  // namespace
}  // namespace nephoscope

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace nephoscope;
  const std::string text(reinterpret_cast<const char*>(data), size);
  SourceSet sources;
  Diagnostics diagnostics;
  Tree tree = parse_text(sources, "fuzz.yaml", text, diagnostics);
  check(tree.readable() || diagnostics.has_errors(), "fuzz", "no tree and no diagnostic");
  override_first_line(tree, sources, text, diagnostics);
  read_scenario(tree, diagnostics);
  read_quantities(text);
  diagnostics.render(sources);
  return 0;
}
