// What readers of a tree share: where diagnostics, references and assumptions in force are collected.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/diagnostics.hpp"
#include "engine/base/units.hpp"
#include "engine/config/tree.hpp"
#include "engine/config/units.hpp"

namespace nephoscope {

// A limit of a field's range: a value in seconds (durations), bytes, per second, share, dollars or plain,
// with the text that messages show.
struct Bound {
  double value = 0;
  std::string text;

  Bound(int number);           // NOLINT(google-explicit-constructor): tables read {.min = 1}
  Bound(std::int64_t number);  // NOLINT
  Bound(double number);        // NOLINT
  Bound(Duration span);        // NOLINT
  template <class Rep, class Period>
  Bound(std::chrono::duration<Rep, Period> span) : Bound(Duration(span)) {}  // NOLINT: {.max = 15min}
  Bound(Bytes size);                                                         // NOLINT
  Bound(BytesPerSecond flow);                                                // NOLINT
  Bound(Rate rate);                                                          // NOLINT
  Bound(Probability share);                                                  // NOLINT
  Bound(Usd amount);                                                         // NOLINT
};

// What a field's row in the table says beside key and member. Used with designated initialisers.
struct FieldRules {
  std::string doc = {};     // one line
  std::string source = {};  // where default and range come from
  std::optional<Bound> min = {};
  std::optional<Bound> max = {};
  std::optional<Bound> above = {};  // exclusive minimum
  std::size_t min_items = 0;        // of lists and maps
  std::size_t max_items = 100'000;
  bool binary_units = false;   // sizes: KB, MB, ... draw warning W002, since KiB is usually meant
  std::string refers_to = {};  // references: what the id names, "resource"
};

// An id that names something elsewhere in the scenario. Whether that exists is checked after all is read.
struct Reference {
  std::string id;
  Place place = {};
  std::string path = {};  // where the reference is written
  bool operator==(const Reference& other) const { return id == other.id; }
};

// A reference that was read, and what its field's refers_to says.
struct FoundReference {
  Reference reference;
  std::string refers_to;
};

// One assumption as it holds in a run.
struct AssumptionInForce {
  std::string path;    // "resources.web.assume.boot_time"
  std::string value;   // as show() prints it
  std::string source;  // citation of the default; "scenario" when the scenario sets it
  bool is_set = false;
  bool is_range = false;  // drawn once a replication
  bool operator==(const AssumptionInForce&) const = default;
};

// An assumption that the scenario gives as `{low, high}`.
struct AssumptionRange {
  std::string path;
  std::string low;  // as written
  std::string high;
  double low_value = 0;  // in the type's base unit
  double high_value = 0;
  bool operator==(const AssumptionRange&) const = default;
};

// Where between its ends a range is read: 0 at `low`, 1 at `high`.
using RangePosition = std::function<double(const std::string& path)>;

class Context final {
 public:
  // `sources`: where further files are added that the scenario names and that are trees of their own.
  explicit Context(Diagnostics& diagnostics, SourceSet* sources = nullptr)
      : diagnostics_(diagnostics), sources_(sources) {}

  Diagnostics& diagnostics() { return diagnostics_; }
  SourceSet* sources() { return sources_; }
  std::size_t error_count() const { return diagnostics_.error_count(); }

  // Reports about a value (its place and path), or about the key under which it stands.
  void report(Code code, const Node& node, std::string message, std::string hint = "", std::string help = "");
  void report_key(Code code, const Node& node, std::string message, std::string hint = "",
                  std::string help = "");
  // "expected a duration, found a list" with "for example: 30s" under the caret.
  void wrong_type(const Node& node, std::string_view expected, std::string_view example);
  // A quantity that did not parse.
  void report(const Node& node, Problem problem) {
    report(problem.code, node, std::move(problem.message), std::move(problem.hint));
  }
  // "unknown discipline 'fiffo'", did you mean, and the known names as help. `names` may be long.
  void unknown_name(Code code, const Node& node, std::string_view what, std::string_view given,
                    std::span<const std::string_view> names);
  // True if `value` lies in the range of `rules`; else reports, showing the range.
  bool in_range(const Node& node, double value, const FieldRules& rules);
  bool item_count_ok(const Node& node, const FieldRules& rules);

  std::vector<FoundReference>& references() { return references_; }
  std::vector<AssumptionInForce>& assumptions() { return assumptions_; }
  std::vector<AssumptionRange>& ranges() { return ranges_; }
  // The value read for a range lies there; in the middle unless set.
  void set_range_position(RangePosition position) { range_position_ = std::move(position); }
  double range_position(const std::string& path) const { return range_position_(path); }
  // Where files that the scenario names are looked for, in order; see data_file.hpp.
  std::vector<std::string>& data_folders() { return data_folders_; }
  // The whole texts of such files, in the order of reading.
  std::vector<std::string>& data_texts() { return data_texts_; }

 private:
  Diagnostics& diagnostics_;
  SourceSet* sources_;
  std::vector<FoundReference> references_;
  std::vector<AssumptionInForce> assumptions_;
  std::vector<AssumptionRange> ranges_;
  RangePosition range_position_ = [](const std::string&) { return 0.5; };
  std::vector<std::string> data_folders_;
  std::vector<std::string> data_texts_;
};

// Reports that `reference` names none of `known`. `what` is singular: "resource".
void report_unknown_reference(const Reference& reference, std::string_view what,
                              std::span<const std::string_view> known, Diagnostics& diagnostics);
// Reports that `reference` exists but is a `found` ("a queue") where `expected` is needed.
void report_wrong_reference(const Reference& reference, std::string_view expected, std::string_view found,
                            Diagnostics& diagnostics);

// ">= 1", "1 to 1000000", "> 0s"; "" without limits.
std::string range_text(const FieldRules& rules);

// The text under key `type` of a map, when it is one of `known`; else a diagnostic (missing, not a text,
// unknown type with did-you-mean). For resources and other things whose table is picked by name.
std::optional<std::string> read_type(const Node& node, std::span<const std::string_view> known,
                                     Context& context, std::string_view example);

}  // namespace nephoscope
