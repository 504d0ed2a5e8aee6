#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "models/study/study_result.hpp"
#include "tools/nephoscope/commands.hpp"

namespace nephoscope {
namespace {

Json diagnostic_json(const Diagnostic& diagnostic, const SourceSet& sources) {
  const CodeInfo& code = info(diagnostic.code);
  return {{"file", sources.name(diagnostic.place.file)},
          {"line", diagnostic.place.line},
          {"column", diagnostic.place.column},
          {"length", diagnostic.place.length},
          {"severity", code.severity == Severity::error ? "error" : "warning"},
          {"code", code.text},
          {"path", diagnostic.path},
          {"message", diagnostic.message},
          {"hint", diagnostic.hint},
          {"help", diagnostic.help}};
}

struct Checked {
  SourceSet sources;
  Diagnostics diagnostics;
  bool ok = false;
};

void check_file(const std::string& file, const ReadingOptions& reading, Checked& checked) {
  for (const Code code : reading.ignored_warnings) checked.diagnostics.ignore(code);
  checked.ok = load_scenario(checked.sources, file, reading.load, checked.diagnostics).has_value();
}

}  // namespace

int validate_command(const ValidateOptions& options) {
  const bool text = options.format == DiagnosticFormat::text;
  const bool colour = wants_colour(options.reading.colour, STDERR_FILENO);
  Json all = Json::array();
  int status = kExitOk;
  for (const std::string& file : options.files) {
    Checked checked;
    check_file(file, options.reading, checked);
    if (!checked.ok) status = kExitInvalid;
    for (const Diagnostic& diagnostic : checked.diagnostics.sorted())
      if (!text) all.push_back(diagnostic_json(diagnostic, checked.sources));
    if (!text) continue;
    fmt::print(stderr, "{}", checked.diagnostics.render(checked.sources, {.colour = colour}));
    if (checked.ok) fmt::print("{}: ok\n", file);
  }
  if (!text) fmt::print("{}\n", all.dump(1, ' ', false, Json::error_handler_t::replace));
  return finish_output(status);
}

}  // namespace nephoscope
