#include "models/study/sweep.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "models/study/value_range.hpp"

namespace nephoscope {

namespace {

constexpr std::int64_t kMostPoints = 100'000;

std::optional<SweepValues> read_range(const Node& node, Context& context) {
  const auto range = ValueRange::parse(node.text());
  if (!range) return context.report(node, range.problem), std::nullopt;
  if (range.value->count() > kMostPoints) {
    context.report(Code::too_many_items, node, fmt::format("a range of {} values", range.value->count()),
                   fmt::format("at most {}", kMostPoints));
    return std::nullopt;
  }
  SweepValues result;
  for (std::size_t i = 0; i < range.value->count(); ++i) result.values.push_back(range.value->text(i));
  return result;
}

}  // namespace

std::optional<SweepValues> FieldType<SweepValues>::read(const Node& node, Context& context,
                                                        const FieldRules&) {
  if (node.is_scalar() && ValueRange::is_range(node.text())) return read_range(node, context);
  if (!node.is_sequence())
    return context.wrong_type(node, "a list of values or a range", "[2, 4, 8] or 2..10"), std::nullopt;
  if (!context.item_count_ok(node, {.min_items = 1})) return std::nullopt;
  SweepValues result;
  for (const auto& child : node.children()) result.values.push_back(yaml_text(*child));
  return result;
}

void FieldType<SweepValues>::schema(Json& out, SchemaBook&, const FieldRules&) {
  Json range;
  schema::pattern(range, R"(^.+\.\..+$)", "2..10");
  out["anyOf"] = Json::array({{{"type", "array"}, {"minItems", 1}}, std::move(range)});
}

void FieldType<YamlValue>::schema(Json& out, SchemaBook&, const FieldRules&) { out = Json::object(); }

const FieldTable<SweepConfig>& SweepConfig::fields() {
  using S = SweepConfig;
  static const auto table =
      FieldTable<S>("sweep", "Which points `nephoscope sweep` runs; other commands ignore it.")
          .field("matrix", &S::matrix,
                 {.doc = "values by dotted path, a list or a range such as 2..10; all combinations"})
          .field("zip", &S::zip, {.doc = "values by dotted path; lists of one length that advance together"})
          .field(
              "include", &S::include,
              {.doc = "maps of paths to values: more values for the points they agree with, or more points"})
          .field("exclude", &S::exclude, {.doc = "maps of paths to values: points that agree are left out"})
          .field("metrics", &S::metrics, {.doc = "the columns of the result, as expectations name metrics"})
          .field("max_points", &S::max_points,
                 {.doc = "more points than this are an error", .min = 1, .max = kMostPoints})
          .validate([](const S& sweep, const Node& node, Context& context) {
            sweep_points(sweep, node.key_place(), context.diagnostics());
          });
  return table;
}

namespace {

using Changes = std::vector<PathValue>;

const std::string* value_at(const Changes& changes, const std::string& path) {
  const auto found = std::ranges::find(changes, path, &PathValue::path);
  return found == changes.end() ? nullptr : &found->value;
}

// Makes the points of one sweep.
class Expansion final {
 public:
  Expansion(const SweepConfig& sweep, Place place, Diagnostics& diagnostics)
      : sweep_(sweep), place_(place), diagnostics_(diagnostics), errors_(diagnostics.error_count()) {}

  std::optional<std::vector<SweepPoint>> points() {
    check_paths();
    check_zip();
    check_count();
    if (failed()) return std::nullopt;
    combine();
    exclude();
    include();
    auto points = named();
    return failed() ? std::nullopt : std::optional(std::move(points));
  }

 private:
  bool failed() const { return diagnostics_.error_count() > errors_; }
  void report(Code code, Place place, std::string message, std::string hint = "") {
    diagnostics_.add({code, place, "sweep", std::move(message), std::move(hint), ""});
  }

  bool is_axis(const std::string& path) const { return std::ranges::find(axes_, path) != axes_.end(); }

  void check_paths() {
    for (const auto* group : {&sweep_.matrix, &sweep_.zip})
      for (const auto& axis : *group) {
        if (is_axis(axis.id))
          report(Code::duplicate_key, axis.place, fmt::format("'{}' is swept twice", axis.id));
        axes_.push_back(axis.id);
      }
    const std::vector<std::string_view> known(axes_.begin(), axes_.end());
    for (const SweepEntry& entry : sweep_.exclude)
      for (const auto& each : entry.values)
        if (!is_axis(each.id))
          report(Code::unknown_name, each.place, fmt::format("'{}' is not swept", each.id),
                 did_you_mean(each.id, known));
  }

  void check_zip() {
    for (const auto& axis : sweep_.zip) {
      const std::size_t expected = sweep_.zip.front().value.values.size();
      if (axis.value.values.size() != expected)
        report(Code::inconsistent, axis.place,
               fmt::format("'{}' has {} values and '{}' {}", axis.id, axis.value.values.size(),
                           sweep_.zip.front().id, expected),
               "lists under 'zip' advance together");
    }
  }

  // Of matrix and zip alone; `include` cannot add more than it has entries.
  void check_count() {
    std::uint64_t count = sweep_.zip.empty() ? 1 : sweep_.zip.front().value.values.size();
    const auto most = static_cast<std::uint64_t>(sweep_.max_points);
    for (const auto& axis : sweep_.matrix)
      if (count <= most) count *= axis.value.values.size();
    if (count > most)
      report(Code::too_many_items, place_, fmt::format("the sweep has {} points or more", count),
             fmt::format("at most {}; see max_points", most));
  }

  void combine() {
    if (axes_.empty()) return;
    points_.emplace_back();
    for (const auto& axis : sweep_.matrix) {
      std::vector<Changes> longer;
      for (const Changes& point : points_)
        for (const std::string& value : axis.value.values) {
          longer.push_back(point);
          longer.back().push_back({axis.id, value});
        }
      points_ = std::move(longer);
    }
    if (!sweep_.zip.empty()) combine_zip();
  }

  void combine_zip() {
    std::vector<Changes> longer;
    for (const Changes& point : points_)
      for (std::size_t row = 0; row < sweep_.zip.front().value.values.size(); ++row) {
        longer.push_back(point);
        for (const auto& axis : sweep_.zip) longer.back().push_back({axis.id, axis.value.values[row]});
      }
    points_ = std::move(longer);
  }

  // Whether the point has the entry's values on all swept paths that the entry names.
  bool agrees(const SweepEntry& entry, const Changes& point) const {
    return std::ranges::all_of(entry.values, [&](const auto& each) {
      const std::string* value = value_at(point, each.id);
      return !is_axis(each.id) || (value != nullptr && *value == each.value.text);
    });
  }

  void exclude() {
    for (const SweepEntry& entry : sweep_.exclude) {
      const std::size_t before = points_.size();
      std::erase_if(points_, [&](const Changes& point) { return agrees(entry, point); });
      if (points_.size() == before)
        report(Code::inconsistent, entry.place, "no point has these values",
               "values are compared as written");
    }
  }

  void include() {
    const std::size_t of_matrix = points_.size();
    for (const SweepEntry& entry : sweep_.include) {
      bool agreed = false;
      for (std::size_t i = 0; i < of_matrix; ++i) {
        if (!agrees(entry, points_[i])) continue;
        agreed = true;
        for (const auto& each : entry.values) set(points_[i], each.id, each.value.text);
      }
      if (agreed) continue;
      points_.emplace_back();
      for (const auto& each : entry.values) set(points_.back(), each.id, each.value.text);
    }
  }

  static void set(Changes& point, const std::string& path, const std::string& value) {
    const auto found = std::ranges::find(point, path, &PathValue::path);
    if (found == point.end())
      point.push_back({path, value});
    else
      found->value = value;
  }

  // The last segments of a path that no other path of the sweep ends in.
  std::string label(const std::string& path, const std::set<std::string>& paths) const {
    const auto segments = split_path(path);
    std::string text;
    for (auto segment = segments.rbegin(); segment != segments.rend(); ++segment) {
      text = path_segment(*segment) + (text.empty() ? "" : ".") + text;
      const auto shared = std::ranges::count_if(
          paths, [&](const std::string& other) { return other == text || other.ends_with("." + text); });
      const bool number = text.find_first_not_of("0123456789") == std::string::npos;
      if (shared == 1 && !number) break;
    }
    return text.empty() ? path : text;
  }

  std::vector<SweepPoint> named() {
    std::set<std::string> paths, names;
    for (const Changes& point : points_)
      for (const PathValue& change : point) paths.insert(change.path);
    std::vector<SweepPoint> result;
    for (Changes& point : points_) {
      std::string name;
      for (const PathValue& change : point)
        name += fmt::format("{}{}={}", name.empty() ? "" : ", ", label(change.path, paths), change.value);
      if (!names.insert(name).second)
        report(Code::duplicate_key, place_, fmt::format("the point '{}' occurs twice", name));
      result.push_back({std::move(name), std::move(point)});
    }
    return result;
  }

  const SweepConfig& sweep_;
  Place place_;
  Diagnostics& diagnostics_;
  std::size_t errors_;
  std::vector<std::string> axes_;
  std::vector<Changes> points_;
};

}  // namespace

std::optional<std::vector<SweepPoint>> sweep_points(const SweepConfig& sweep, Place place,
                                                    Diagnostics& diagnostics) {
  return Expansion(sweep, place, diagnostics).points();
}

}  // namespace nephoscope
