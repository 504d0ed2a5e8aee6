// Each file under tests/bad_input/ draws exactly the diagnostics that stand beside it, and every code, every
// rule of a field and every mistake with a unit has its file.
//
// NEPHOSCOPE_UPDATE=1 writes the files that are missing and rewrites the expected texts, to be read before
// they are committed. A file that exists is never changed, so an example may be improved by hand.
#include <doctest/doctest.h>

#include <set>

#include "tests/bad_input/bad_files.hpp"
#include "tests/bad_input/unit_mistakes.hpp"

namespace nephoscope::bad_input {
namespace {

std::string slug(std::string_view text) {
  std::string result;
  for (const char c : text) {
    const bool word = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-';
    if (word) result += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    if (!word && !result.empty() && result.back() != '_') result += '_';
  }
  return result;
}

std::string file_name(const Rule& rule) {
  const std::string key = rule.group.empty() ? rule.key : rule.group[0];
  return "rules/" + slug(rule.table) + "/" + (key.empty() ? "" : slug(key) + "-") +
         std::string(info(rule.kind).name) + ".yaml";
}

// The files by the values of one header line.
std::map<std::string, std::vector<const BadFile*>> by_header(const std::vector<BadFile>& files,
                                                             const std::string& word) {
  std::map<std::string, std::vector<const BadFile*>> result;
  for (const BadFile& file : files)
    for (const std::string& value : header_values(file.text, word)) result[value].push_back(&file);
  return result;
}

std::string codes_of(const Outcome& outcome) {
  std::string codes;
  for (const Diagnostic& each : outcome.diagnostics)
    codes.append(codes.empty() ? "" : " ").append(nephoscope::info(each.code).text);
  return codes;
}

const Tables& tables() {
  static const Tables result(scenario_schema());
  return result;
}

void write_missing_files() {
  const auto files = bad_files();
  const auto rules = by_header(files, "rule");
  const auto units = by_header(files, "unit");
  const Examples examples(tables());
  for (const Rule& rule : rules_of(tables()))
    if (const auto document = rules.contains(rule.id()) ? std::nullopt : examples.breaking(rule))
      write_text(kFolder / file_name(rule), "# rule: " + rule.id() + "\n" + block_yaml(*document));
  for (const UnitType& type : kUnitTypes)
    for (const Mistake& mistake : type.mistakes) {
      const std::string id = std::string(type.name) + " " + std::string(mistake.name);
      if (!type.table.empty() && !units.contains(id))
        write_text(kFolder / "units" / (slug(type.name) + "-" + std::string(mistake.name) + ".yaml"),
                   "# unit: " + id + "\n" + unit_document(examples, type, mistake));
    }
}

TEST_CASE("bad input: each file draws exactly the diagnostics that stand beside it") {
  if (updating()) write_missing_files();
  for (const BadFile& file : bad_files()) {
    const Outcome outcome = load(file);
    CAPTURE(file.name);
    CHECK_FALSE(outcome.diagnostics.empty());
    if (updating()) write_text(file.expected(), outcome.rendered);
    CHECK(outcome.rendered == read_text(file.expected()));
  }
}

TEST_CASE("bad input: no expected text stands without its file") {
  for (const auto& entry : fs::recursive_directory_iterator(kFolder)) {
    if (entry.path().extension() != ".expected") continue;
    CAPTURE(entry.path().string());
    CHECK(fs::exists(fs::path(entry.path()).replace_extension(".yaml")));
  }
}

TEST_CASE("bad input: every diagnostic code has a file that draws it") {
  std::set<Code> drawn;
  for (const BadFile& file : bad_files())
    for (const Diagnostic& each : load(file).diagnostics) drawn.insert(each.code);
  for (const CodeInfo& code : diagnostic_table())
    CHECK_MESSAGE(drawn.contains(code.code), code.text, " (", code.title, ") has no file");
}

TEST_CASE("bad input: every rule of every field has a file that breaks it and nothing else") {
  const auto files = bad_files();
  const auto by_rule = by_header(files, "rule");
  std::set<std::string> known;
  for (const Rule& rule : rules_of(tables())) {
    known.insert(rule.id());
    const auto found = by_rule.find(rule.id());
    CHECK_MESSAGE(found != by_rule.end(), "no file for rule '", rule.id(), "'");
    if (found == by_rule.end()) continue;
    const std::string codes = codes_of(load(*found->second.front()));
    CHECK_MESSAGE((codes.size() == 4 && info(rule.kind).codes.find(codes) != std::string_view::npos),
                  found->second.front()->name, " draws '", codes, "', not ", info(rule.kind).codes);
  }
  for (const auto& [id, named] : by_rule)
    CHECK_MESSAGE(known.contains(id), named.front()->name, " is for a rule that does not exist: ", id);
}

TEST_CASE("bad input: every type of value has a file for each mistake with it") {
  const auto files = bad_files();
  const auto by_unit = by_header(files, "unit");
  std::set<std::string> marks;
  collect_marks(scenario_schema(), marks);
  for (const UnitType& type : kUnitTypes) {
    const bool used = marks.erase(std::string(type.mark)) > 0;
    CHECK_MESSAGE(used != type.table.empty(), "a field is a ", type.name,
                  " now (or no more): say where one stands");
    if (!used) continue;
    for (const Mistake& mistake : type.mistakes) {
      const auto found = by_unit.find(std::string(type.name) + " " + std::string(mistake.name));
      CHECK_MESSAGE(found != by_unit.end(), "no file for ", type.name, " ", mistake.name);
      if (found != by_unit.end()) CHECK(codes_of(load(*found->second.front())) == mistake.code);
    }
  }
  for (const std::string& mark : marks) FAIL_CHECK("no mistakes are listed for values like '", mark, "'");
}

}  // namespace
}  // namespace nephoscope::bad_input
