#include "engine/base/diagnostics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <numeric>
#include <utility>

#include "engine/base/check.hpp"

namespace nephoscope {
namespace {

constexpr auto kError = Severity::error;
constexpr auto kWarning = Severity::warning;

constexpr auto kTable = std::to_array<CodeInfo>({
    {Code::syntax, "E001", kError, "not valid YAML", "The file cannot be read as YAML from this place on."},
    {Code::invalid_utf8, "E002", kError, "invalid UTF-8",
     "Files are UTF-8 text; save the file in that encoding."},
    {Code::control_character, "E003", kError, "control character",
     "Only tab and line ends are allowed among the control characters."},
    {Code::several_documents, "E004", kError, "several YAML documents",
     "A file holds one document; remove '---' and what follows it."},
    {Code::empty_document, "E005", kError, "empty document",
     "The file holds nothing but blanks or comments."},
    {Code::duplicate_key, "E006", kError, "duplicate key", "A map names each key once."},
    {Code::bad_key, "E007", kError, "key is not a plain text",
     "Keys are short texts, not lists, maps or nothing."},
    {Code::merge_key, "E008", kError, "merge key '<<'", "Merging is not supported; repeat the keys."},
    {Code::cyclic_alias, "E009", kError, "alias contains itself",
     "An alias may not stand inside its own anchor."},
    {Code::unsupported_tag, "E010", kError, "unsupported YAML tag",
     "Explicit tags (!name) are not supported."},
    {Code::unknown_key, "E012", kError, "unknown key", "No such key here; unknown keys are never ignored."},
    {Code::missing_key, "E013", kError, "missing key", "A key without a default is absent."},
    {Code::wrong_type, "E014", kError, "wrong type", "The value has another form than this key takes."},
    {Code::conflicting_keys, "E015", kError, "conflicting keys",
     "Of a group of keys exactly one (or at most one) may be given."},
    {Code::missing_unit, "E020", kError, "missing unit",
     "Every quantity names its unit: 30s, 256KiB, 200/s, $5."},
    {Code::unknown_unit, "E021", kError, "unknown unit",
     "The unit is not one of those that this quantity takes."},
    {Code::bad_number, "E022", kError, "not a number",
     "Numbers are decimal, without leading zeros, underscores or hexadecimal digits."},
    {Code::out_of_range, "E023", kError, "out of range", "The value lies outside the range of this key."},
    {Code::not_finite, "E024", kError, "not a finite number", "Infinity and NaN are not accepted."},
    {Code::too_precise, "E025", kError, "too precise",
     "The value has a fraction of the smallest unit (1 ns, 1 byte, 10^-9 $)."},
    {Code::too_large, "E026", kError, "number too large",
     "The value does not fit into the range of its type."},
    {Code::bad_instant, "E027", kError, "not a UTC time", "Times are written 2026-03-02T17:00Z."},
    {Code::unknown_name, "E030", kError, "unknown name",
     "The value is not one of the names that this key takes."},
    {Code::unknown_reference, "E031", kError, "unknown reference", "Nothing in the scenario has this id."},
    {Code::wrong_reference_kind, "E032", kError, "reference to the wrong kind of thing",
     "The id exists but names something that cannot stand here."},
    {Code::unknown_type, "E033", kError, "unknown type", "No model of this type exists."},
    {Code::too_few_items, "E040", kError, "too few items", "The list or map needs more items."},
    {Code::too_many_items, "E041", kError, "too many items", "The list or map takes fewer items."},
    {Code::not_increasing, "E042", kError, "not increasing", "The values must increase from item to item."},
    {Code::percent_sum, "E043", kError, "shares do not add up", "The shares must add up to 100%."},
    {Code::inconsistent, "E044", kError, "inconsistent values", "Two values contradict each other."},
    {Code::file_missing, "E050", kError, "file missing", "The named file does not exist."},
    {Code::file_outside, "E051", kError, "file outside the data folder",
     "Files named by a scenario lie in its folder or in the one given by --data."},
    {Code::file_too_large, "E052", kError, "file too large", "The file exceeds the size that is read."},
    {Code::file_unreadable, "E053", kError, "file cannot be read", "The file exists but reading it failed."},
    {Code::bad_file_content, "E054", kError, "file content not understood",
     "A data file does not have the form that this key expects."},
    {Code::bad_override, "E060", kError, "bad override path",
     "An override names a place that does not exist."},
    {Code::too_deep, "E070", kError, "nested too deeply", "Maps and lists are nested beyond the limit."},
    {Code::too_many_nodes, "E071", kError, "too many values", "The file holds more values than the limit."},
    {Code::too_many_aliases, "E072", kError, "aliases expand to too much",
     "The aliases repeat more values than the limit."},
    {Code::scalar_too_long, "E073", kError, "text too long", "One text or key exceeds the limit."},
    {Code::no_warmup, "W001", kWarning, "no warm-up",
     "The measured window contains the empty start of the system."},
    {Code::decimal_unit, "W002", kWarning, "decimal unit where a binary one is usual",
     "1KB is 1000 bytes; limits documented as KB usually mean KiB (1024 bytes)."},
    {Code::unused, "W004", kWarning, "defined but never used",
     "Nothing that is simulated uses it; often its name is misspelt."},
});

constexpr bool in_order() {
  for (std::size_t i = 0; i < kTable.size(); ++i)
    if (static_cast<std::size_t>(kTable[i].code) != i) return false;
  return kTable.size() == static_cast<std::size_t>(Code::unused) + 1;
}
static_assert(in_order(), "kTable has one row for each Code, in the order of Code");

// --- names that are near ---------------------------------------------------------------------------------

std::string folded(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (c == '-') c = '_';
  }
  return result;
}

// Optimal string alignment distance: insert, delete, replace, swap neighbours.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), above(b.size() + 1), row(b.size() + 1);
  std::iota(above.begin(), above.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replace = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, replace});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = std::min(row[j], before[j - 2] + 1);
    }
    std::swap(before, above);
    std::swap(above, row);
  }
  return above[b.size()];
}

// --- text and its width on a terminal --------------------------------------------------------------------

struct Glyph {
  std::string text;
  std::size_t bytes = 1;
  std::size_t width = 1;
};

constexpr std::size_t kTabWidth = 4;
constexpr std::size_t kMaxShown = 100;    // columns of a source line that are shown
constexpr std::size_t kBeforeCaret = 40;  // columns kept before the caret when a line is clipped

bool is_wide(std::uint32_t point) {  // East Asian wide and emoji blocks
  return (point >= 0x1100 && point <= 0x115f) || (point >= 0x2e80 && point <= 0xa4cf) ||
         (point >= 0xac00 && point <= 0xd7a3) || (point >= 0xf900 && point <= 0xfaff) ||
         (point >= 0xfe30 && point <= 0xfe6f) || (point >= 0xff00 && point <= 0xff60) ||
         (point >= 0x1f300 && point <= 0x1f64f) || (point >= 0x1f900 && point <= 0x1f9ff) ||
         (point >= 0x20000 && point <= 0x3fffd);
}

bool is_zero_width(std::uint32_t point) {
  return (point >= 0x300 && point <= 0x36f) || (point >= 0x200b && point <= 0x200d) ||
         (point >= 0xfe00 && point <= 0xfe0f);
}

std::size_t sequence_length(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead < 0xe0) return 2;
  if (lead >= 0xe0 && lead < 0xf0) return 3;
  return lead >= 0xf0 && lead < 0xf5 ? 4 : 0;
}

const Glyph kUnprintable = {"\xEF\xBF\xBD", 1, 1};  // U+FFFD

// The character at the front of `text`; what a terminal cannot show becomes U+FFFD.
// REQUIRES: `text` is not empty.
Glyph next_glyph(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  if (lead == '\t') return {std::string(kTabWidth, ' '), 1, kTabWidth};
  if (lead < 0x20 || lead == 0x7f) return kUnprintable;
  const std::size_t bytes = sequence_length(lead);
  if (bytes == 0 || bytes > text.size()) return kUnprintable;
  if (bytes == 1) return {std::string(1, text.front()), 1, 1};
  std::uint32_t point = lead & (0x7fU >> bytes);
  for (std::size_t i = 1; i < bytes; ++i) {
    const auto next = static_cast<unsigned char>(text[i]);
    if ((next & 0xc0U) != 0x80U) return kUnprintable;
    point = (point << 6U) | (next & 0x3fU);
  }
  if (point >= 0x80 && point < 0xa0) return {kUnprintable.text, bytes, 1};
  return {std::string(text.substr(0, bytes)), bytes, is_wide(point) ? 2U : is_zero_width(point) ? 0U : 1U};
}

// A message as one printable line: user text in it may hold anything.
std::string printable(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const Glyph glyph = next_glyph(text);
    result += glyph.text;
    text.remove_prefix(glyph.bytes);
  }
  return result;
}

struct Excerpt {
  std::string text;
  std::size_t indent = 0;  // columns before the caret
  std::size_t carets = 1;
};

struct Column {
  Glyph glyph;
  bool marked = false;
  bool before = false;  // stands before the marked stretch
};

std::vector<Column> columns_of(std::string_view line, const Place& place) {
  std::vector<Column> columns;
  const auto start = static_cast<std::size_t>(std::max(place.column, 1) - 1);
  const auto end = start + static_cast<std::size_t>(std::max(place.length, 1));
  for (std::size_t at = 0; at < line.size();) {
    Glyph glyph = next_glyph(line.substr(at));
    const std::size_t bytes = glyph.bytes;
    columns.push_back({std::move(glyph), at >= start && at < end, at + bytes <= start});
    at += bytes;
  }
  return columns;
}

// The part of `line` around the place, at most kMaxShown columns, and where its carets go.
Excerpt excerpt(std::string_view line, const Place& place) {
  const auto columns = columns_of(line, place);
  std::size_t before = 0;
  for (const auto& column : columns) before += column.before ? column.glyph.width : 0;
  const std::size_t skipped = before > kMaxShown - kBeforeCaret ? before - kBeforeCaret : 0;
  Excerpt result{skipped > 0 ? "…" : "", skipped > 0 ? 1U : 0U, 0};
  std::size_t at = 0;
  std::size_t shown = result.indent;
  for (const auto& column : columns) {
    at += column.glyph.width;
    if (at <= skipped) continue;
    if (shown + column.glyph.width > kMaxShown) {
      result.text += "…";
      break;
    }
    result.text += column.glyph.text;
    shown += column.glyph.width;
    if (column.before) result.indent += column.glyph.width;
    if (column.marked) result.carets += column.glyph.width;
  }
  result.carets = std::max<std::size_t>(result.carets, 1);
  return result;
}

// --- rendering -------------------------------------------------------------------------------------------

struct Paint {
  bool on;
  std::string operator()(std::string_view escape, std::string_view text) const {
    return on ? fmt::format("\x1b[{}m{}\x1b[0m", escape, text) : std::string(text);
  }
};
constexpr std::string_view kBold = "1";
constexpr std::string_view kRed = "1;31";
constexpr std::string_view kYellow = "1;33";
constexpr std::string_view kBlue = "1;34";

std::string location(const Diagnostic& diagnostic, const SourceSet& sources) {
  const Place& place = diagnostic.place;
  std::string text = printable(sources.name(place.file));
  if (place.line > 0) text += fmt::format(":{}:{}", place.line, std::max(place.column, 1));
  if (!diagnostic.path.empty()) text += fmt::format("   ({})", printable(diagnostic.path));
  return text;
}

std::string note_lines(std::string_view pad, std::string_view word, std::string_view text, Paint paint) {
  std::string result;
  while (!text.empty()) {
    const auto end = text.find('\n');
    result += fmt::format("{} {} {}: {}\n", pad, paint(kBlue, "="), word, printable(text.substr(0, end)));
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  }
  return result;
}

std::string source_lines(const Diagnostic& diagnostic, const SourceSet& sources, std::string_view pad,
                         Paint paint, std::string_view colour) {
  const Place& place = diagnostic.place;
  const Excerpt shown = excerpt(sources.line(place.file, place.line), place);
  const std::string bar = paint(kBlue, "|");
  std::string marker = std::string(shown.carets, '^');
  if (!diagnostic.hint.empty()) marker += fmt::format(" {}", printable(diagnostic.hint));
  return fmt::format("{} {}{}{}\n{} {} {}{}\n", paint(kBlue, std::to_string(place.line)), bar,
                     shown.text.empty() ? "" : " ", shown.text, pad, bar, std::string(shown.indent, ' '),
                     paint(colour, marker));
}

std::string render_one(const Diagnostic& diagnostic, const SourceSet& sources, Paint paint) {
  const CodeInfo& code = info(diagnostic.code);
  const bool error = code.severity == Severity::error;
  const std::string_view colour = error ? kRed : kYellow;
  const bool has_line = diagnostic.place.line > 0;
  const std::string pad(has_line ? std::to_string(diagnostic.place.line).size() : 1, ' ');
  std::string text = fmt::format(
      "{}: {}\n{}{} {}\n", paint(colour, fmt::format("{}[{}]", error ? "error" : "warning", code.text)),
      paint(kBold, printable(diagnostic.message)), pad, paint(kBlue, "-->"), location(diagnostic, sources));
  if (has_line)
    text += source_lines(diagnostic, sources, pad, paint, colour);
  else
    text += note_lines(pad, "hint", diagnostic.hint, paint);
  return text + note_lines(pad, "help", diagnostic.help, paint);
}

std::string count_of(std::size_t count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

}  // namespace

int SourceSet::add(std::string name, std::string text) {
  std::vector<std::size_t> starts = {0};
  for (std::size_t at = text.find('\n'); at != std::string::npos; at = text.find('\n', at + 1))
    starts.push_back(at + 1);
  sources_.push_back({std::move(name), std::move(text), std::move(starts)});
  return static_cast<int>(sources_.size()) - 1;
}

const std::string& SourceSet::name(int file) const {
  static const std::string unknown = "<input>";
  return file < 0 || static_cast<std::size_t>(file) >= sources_.size()
             ? unknown
             : sources_[static_cast<std::size_t>(file)].name;
}

const std::string& SourceSet::text(int file) const {
  static const std::string none;
  return file < 0 || static_cast<std::size_t>(file) >= sources_.size()
             ? none
             : sources_[static_cast<std::size_t>(file)].text;
}

std::string_view SourceSet::line(int file, int line) const {
  if (file < 0 || static_cast<std::size_t>(file) >= sources_.size() || line < 1) return {};
  const Source& source = sources_[static_cast<std::size_t>(file)];
  const auto index = static_cast<std::size_t>(line) - 1;
  if (index >= source.line_starts.size()) return {};
  std::string_view rest = std::string_view(source.text).substr(source.line_starts[index]);
  rest = rest.substr(0, rest.find('\n'));
  if (!rest.empty() && rest.back() == '\r') rest.remove_suffix(1);
  return rest;
}

std::span<const CodeInfo> diagnostic_table() { return kTable; }

const CodeInfo& info(Code code) { return kTable.at(static_cast<std::size_t>(code)); }

std::optional<Code> code_from_text(std::string_view text) {
  const auto* found =
      std::find_if(kTable.begin(), kTable.end(), [&](const auto& row) { return row.text == text; });
  return found == kTable.end() ? std::nullopt : std::optional(found->code);
}

void Diagnostics::add(Diagnostic diagnostic) {
  if (std::find(ignored_.begin(), ignored_.end(), diagnostic.code) != ignored_.end()) return;
  const bool room = kept_.size() < kMaxKept;
  if (room && std::find(kept_.begin(), kept_.end(), diagnostic) != kept_.end()) return;
  ++(info(diagnostic.code).severity == Severity::error ? errors_ : warnings_);
  if (room) kept_.push_back(std::move(diagnostic));
}

bool Diagnostics::ignore(Code code) {
  if (info(code).severity == Severity::error) return false;
  ignored_.push_back(code);
  return true;
}

std::vector<Diagnostic> Diagnostics::sorted() const {
  std::vector<Diagnostic> result = kept_;
  const auto key = [](const Diagnostic& d) { return std::tuple(d.place.file, d.place.line, d.place.column); };
  std::stable_sort(result.begin(), result.end(),
                   [&](const auto& a, const auto& b) { return key(a) < key(b); });
  return result;
}

std::string Diagnostics::render(const SourceSet& sources, RenderOptions options) const {
  if (empty()) return {};
  const auto all = sorted();
  const std::size_t shown = std::min(options.limit, all.size());
  std::string text;
  for (std::size_t i = 0; i < shown; ++i) text += render_one(all[i], sources, Paint{options.colour}) + "\n";
  const std::size_t lost = errors_ + warnings_ - kept_.size();
  if (const std::size_t more = all.size() - shown + lost; more > 0)
    text += fmt::format("… and {} more\n\n", more);
  text += count_of(errors_, "error");
  if (warnings_ > 0) text += ", " + count_of(warnings_, "warning");
  return text + "\n";
}

std::string closest_name(std::string_view given, std::span<const std::string_view> candidates) {
  constexpr std::size_t longest = 100;
  if (given.empty() || given.size() > longest) return {};
  const std::string wanted = folded(given);
  std::size_t best = std::clamp<std::size_t>(given.size() / 3, 1, 3) + 1;
  std::string_view found;
  for (const std::string_view candidate : candidates) {
    if (candidate.size() > given.size() + 3 || given.size() > candidate.size() + 3) continue;
    const std::size_t distance = edit_distance(wanted, folded(candidate));
    if (distance < best && distance < candidate.size()) best = distance, found = candidate;
  }
  return std::string(found);
}

std::string did_you_mean(std::string_view given, std::span<const std::string_view> candidates) {
  const std::string name = closest_name(given, candidates);
  return name.empty() ? name : fmt::format("did you mean '{}'?", name);
}

}  // namespace nephoscope
