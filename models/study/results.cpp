#include "models/study/results.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "models/study/results_parts.hpp"
#include "models/study/sha256.hpp"

namespace nephoscope {

std::string run_id(const StudyResult& result) {
  constexpr std::size_t digits = 12;
  std::string identity = fmt::format("{}\n{}\n{}\n{}\n{}", result.sha256, result.seed, result.requested,
                                     result.variant, result.without);
  for (const std::string& each : result.overrides) identity += "\n" + each;
  return sha256_hex(identity).substr(0, digits);
}

std::string results_json(const StudyResult& result, std::string_view version) {
  Json out = results::header(result, version);
  results::add_findings(result, out);
  return results::file_text(out);
}

std::string results_csv(const StudyResult& result) {
  std::string text = results::csv_header();
  results::add_rows(result, run_id(result), text);
  return text;
}

}  // namespace nephoscope
