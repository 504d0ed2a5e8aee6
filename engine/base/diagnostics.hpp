// Diagnostics: what is wrong with a user's input, where, and what to write instead.
//
// Readers of input add a Diagnostic and go on; nothing throws. The command prints them all at once, sorted by
// place, in the manner of a good compiler. Every code has one row in diagnostic_table().
#pragma once

#include <compare>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nephoscope {

// A stretch of text in a source. `file` indexes a SourceSet (-1 = none); lines and columns count from 1,
// columns and lengths in bytes; 0 = unknown (a place without a line has only its file's name).
struct Place {
  int file = -1;
  int line = 0;
  int column = 0;
  int length = 0;
  constexpr auto operator<=>(const Place&) const = default;
};

// Holds the texts that places point into. Names are shown as given.
class SourceSet {
 public:
  // The index for Place::file.
  int add(std::string name, std::string text);
  // "<input>" for an index that is not in the set.
  const std::string& name(int file) const;
  // Line `line` (from 1) without its line end; empty when there is none. Linear in the file's size once.
  std::string_view line(int file, int line) const;
  const std::string& text(int file) const;
  std::size_t size() const { return sources_.size(); }

 private:
  struct Source {
    std::string name;
    std::string text;
    std::vector<std::size_t> line_starts;
  };
  std::vector<Source> sources_;
};

// What can be wrong. The text codes (E012, W001) are stable: they never change their meaning or number, and
// the numbers of codes that are gone (E045, W003, W005) are not given again.
enum class Code {
  syntax,
  invalid_utf8,
  control_character,
  several_documents,
  empty_document,
  duplicate_key,
  bad_key,
  merge_key,
  cyclic_alias,
  unsupported_tag,
  unknown_key,
  missing_key,
  wrong_type,
  conflicting_keys,
  missing_unit,
  unknown_unit,
  bad_number,
  out_of_range,
  not_finite,
  too_precise,
  too_large,
  bad_instant,
  unknown_name,
  unknown_reference,
  wrong_reference_kind,
  unknown_type,
  too_few_items,
  too_many_items,
  not_increasing,
  percent_sum,
  inconsistent,
  file_missing,
  file_outside,
  file_too_large,
  file_unreadable,
  bad_file_content,
  bad_override,
  too_deep,
  too_many_nodes,
  too_many_aliases,
  scalar_too_long,
  no_warmup,
  decimal_unit,
  unused,
};

enum class Severity { error, warning };

struct CodeInfo {
  Code code;
  std::string_view text;  // "E012"
  Severity severity;
  std::string_view title;        // one line
  std::string_view explanation;  // what it means and what to do
};

// Every code, once, in order of Code.
std::span<const CodeInfo> diagnostic_table();
const CodeInfo& info(Code code);
// "W001" -> Code::no_warmup; nothing for other text.
std::optional<Code> code_from_text(std::string_view text);

struct Diagnostic {
  Code code = Code::syntax;
  Place place;
  std::string path;     // dotted path in the input, "resources.web.min_size"; may be empty
  std::string message;  // one line, lower case, no full stop: "unknown key 'sevrers'"
  std::string hint;     // stands under the caret: "did you mean 'servers'?"; may be empty
  std::string help;     // "= help:" lines, separated by newlines; may be empty
  bool operator==(const Diagnostic&) const = default;
};

struct RenderOptions {
  std::size_t limit = 20;  // diagnostics shown; the rest are counted
  bool colour = false;     // ANSI escapes
};

// Collects diagnostics. Keeps at most kMaxKept of them (hostile input may cause millions) but counts all.
class Diagnostics {
 public:
  static constexpr std::size_t kMaxKept = 1000;

  void add(Diagnostic diagnostic);
  // Warnings of this code are dropped from now on. Errors cannot be ignored: returns false for their codes.
  bool ignore(Code code);

  std::size_t error_count() const { return errors_; }
  std::size_t warning_count() const { return warnings_; }
  bool has_errors() const { return errors_ > 0; }
  bool empty() const { return errors_ + warnings_ == 0; }

  // By file, line, column; equal ones once; in the order of their arrival where places are equal.
  std::vector<Diagnostic> sorted() const;
  // Errors and warnings as text, ending in a newline; empty when there are none.
  std::string render(const SourceSet& sources, RenderOptions options = {}) const;

 private:
  std::vector<Diagnostic> kept_;
  std::vector<Code> ignored_;
  std::size_t errors_ = 0;
  std::size_t warnings_ = 0;
};

// The candidate that a user most likely meant, or "" when none is near. Letter case and '-' against '_' count
// as no difference; else up to a third of the letters (at most 3) may be wrong, missing, extra or swapped.
std::string closest_name(std::string_view given, std::span<const std::string_view> candidates);
// "did you mean 'servers'?", or "" when no candidate is near.
std::string did_you_mean(std::string_view given, std::span<const std::string_view> candidates);

}  // namespace nephoscope
