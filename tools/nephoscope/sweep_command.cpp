#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "models/study/atomic_file.hpp"
#include "tools/nephoscope/numbers.hpp"
#include "tools/nephoscope/simulating.hpp"
#include "tools/nephoscope/variations.hpp"

namespace nephoscope {
namespace {

// "PATH=VALUES" of a flag, read into the group: it replaces the values that the scenario gives that path.
bool add_axis(std::vector<Named<SweepValues>>& group, const char* flag, const std::string& text,
              SourceSet& sources, Diagnostics& diagnostics) {
  const auto equals = text.find('=');
  const std::string values = equals == std::string::npos ? "" : text.substr(equals + 1);
  if (values.empty() || equals == 0) {
    const Place place{sources.add(flag, text), 1, 1, static_cast<int>(text.size())};
    diagnostics.add({Code::wrong_type, place, "", "expected PATH=VALUES",
                     fmt::format("for example: {} resources.web.min_size=2..10", flag), ""});
    return false;
  }
  const bool range = values.find("..") != std::string::npos && values.find(',') == std::string::npos;
  const Tree tree = parse_text(sources, flag, range ? values : "[" + values + "]", diagnostics);
  Context context(diagnostics);
  auto read = tree.readable() ? FieldType<SweepValues>::read(tree.root(), context, {}) : std::nullopt;
  if (!read) return false;
  const std::string path = text.substr(0, equals);
  std::erase_if(group, [&](const auto& axis) { return axis.id == path; });
  group.push_back({path, std::move(*read), {static_cast<int>(sources.size()) - 1, 1, 1, 1}});
  return true;
}

// "PATH=VALUE;PATH=VALUE" of a flag.
bool add_entry(std::vector<SweepEntry>& entries, const char* flag, const std::string& text,
               SourceSet& sources, Diagnostics& diagnostics) {
  SweepEntry entry{{}, {sources.add(flag, text), 1, 1, static_cast<int>(text.size())}};
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t to = std::min(text.find(';', from), text.size());
    const std::string part = text.substr(from, to - from);
    const auto equals = part.find('=');
    if (equals == 0 || equals == std::string::npos) {
      diagnostics.add({Code::wrong_type, entry.place, "", "expected PATH=VALUE;PATH=VALUE", "", ""});
      return false;
    }
    const Tree tree = parse_text(sources, flag, part.substr(equals + 1), diagnostics);
    if (!tree.readable()) return false;
    entry.values.push_back({part.substr(0, equals), {yaml_text(tree.root())}, entry.place});
    from = to + 1;
  }
  entries.push_back(std::move(entry));
  return true;
}

void add_flags(SweepConfig& sweep, const SweepOptions& options, SourceSet& sources,
               Diagnostics& diagnostics) {
  for (const auto& text : options.matrix) add_axis(sweep.matrix, "--matrix", text, sources, diagnostics);
  for (const auto& text : options.zip) add_axis(sweep.zip, "--zip", text, sources, diagnostics);
  for (const auto& text : options.include) add_entry(sweep.include, "--include", text, sources, diagnostics);
  for (const auto& text : options.exclude) add_entry(sweep.exclude, "--exclude", text, sources, diagnostics);
  if (options.max_points) sweep.max_points = *options.max_points;
}

// Points are compared with the same random numbers, so that their seeds and replications cannot differ.
bool share_chance(const std::vector<Variation>& points) {
  for (const Variation& point : points)
    for (const PathValue& change : point.changes)
      if (change.path == "run.seed" || change.path == "run.replications")
        return fmt::print(stderr, "error: all points of a sweep share {}\n", change.path), false;
  return true;
}

// Nothing after an error, which was shown.
std::optional<std::vector<Variation>> read_points(const Scenario& scenario, const SweepOptions& options) {
  SourceSet sources;
  Diagnostics diagnostics;
  SweepConfig sweep;
  if (scenario.document.sweep) sweep = *scenario.document.sweep;
  add_flags(sweep, options, sources, diagnostics);
  const auto points = diagnostics.has_errors() ? std::nullopt : sweep_points(sweep, {}, diagnostics);
  const bool colour = wants_colour(options.run.reading.colour, STDERR_FILENO);
  fmt::print(stderr, "{}", diagnostics.render(sources, {.colour = colour}));
  if (!points) return std::nullopt;
  if (points->empty())
    return fmt::print(stderr,
                      "error: there are no points to sweep\n  for example: --matrix "
                      "resources.web.min_size=2..10, or a section 'sweep' in the scenario\n"),
           std::nullopt;
  std::vector<Variation> variations;
  for (const SweepPoint& point : *points) variations.push_back({point.name, point.changes});
  return share_chance(variations) ? std::optional(std::move(variations)) : std::nullopt;
}

// Whether all are valid; shows the errors of those that are not, up to a few points.
bool check_points(const RunOptions& options, const std::vector<Variation>& points) {
  constexpr std::size_t shown = 5;
  std::size_t invalid = 0;
  for (const Variation& point : points)
    if (invalid < shown ? !read_variation(options, point) : !is_valid(options, point)) ++invalid;
  if (invalid > 0)
    fmt::print(stderr, "error: {} of {} points are invalid; nothing was run\n", invalid, points.size());
  return invalid == 0;
}

void show_points(const std::vector<Variation>& points) {
  for (const Variation& point : points) {
    fmt::print("{}\n", printable(point.name));
    for (const PathValue& change : point.changes)
      fmt::print("  {}={}\n", printable(change.path), printable(change.value));
  }
  fmt::print("{} points; nothing was run\n", points.size());
}

std::string table_of(const std::vector<MetricKey>& metrics, const std::vector<Variation>& points,
                     const std::vector<StudyResult>& results) {
  const bool judged = !results.front().expectations.empty();
  Table table("l");
  std::vector<std::string> head = {"point"};
  for (const MetricKey& key : metrics) head.push_back(show(key));
  if (judged) head.emplace_back("verdict");
  table.row(head);
  for (std::size_t i = 0; i < points.size(); ++i) {
    std::vector<std::string> row = {printable(points[i].name)};
    for (const MetricKey& key : metrics) row.push_back(show_metric(results[i], key));
    if (judged) row.emplace_back(to_string(verdict_of(results[i])));
    table.row(row);
  }
  const StudyResult& first = results.front();
  std::string text = printable(first.name) + "\n";
  for (const std::string& line : table.lines()) text += line + "\n";
  return text + fmt::format("{} points, {} replications each, seed {}; 95% intervals of each point alone\n",
                            points.size(), first.replications, first.seed);
}

Json json_of(const std::vector<MetricKey>& metrics, const std::vector<Variation>& points,
             const std::vector<StudyResult>& results) {
  Json out = results_header(results.front());
  out["variants"] = Json::object();
  for (std::size_t i = 0; i < points.size(); ++i) {
    Json changes = Json::object();
    for (const PathValue& change : points[i].changes) changes[change.path] = change.value;
    Json expectations = Json::array();
    for (const ExpectationResult& each : results[i].expectations)
      expectations.push_back({{"text", each.text}, {"verdict", to_string(each.verdict)}});
    out["variants"][points[i].name] = {{"overrides", std::move(changes)},
                                       {"verdict", to_string(verdict_of(results[i]))},
                                       {"summary", metrics_json(results[i], metrics)},
                                       {"expectations", std::move(expectations)}};
  }
  return out;
}

// One row a point and metric.
std::string csv_of(const std::vector<MetricKey>& metrics, const std::vector<Variation>& points,
                   const std::vector<StudyResult>& results) {
  std::string text = "point,verdict,metric,unit,value,ci95_low,ci95_high\n";
  for (std::size_t i = 0; i < points.size(); ++i)
    for (const MetricKey& key : metrics) {
      const MetricResult* metric = results[i].find(key);
      if (metric == nullptr) continue;
      const Interval& interval = metric->interval;
      text += fmt::format("{},{},{},{},{},{},{}\n", csv_cell(points[i].name),
                          to_string(verdict_of(results[i])), csv_cell(show(key)), metric->metric.unit,
                          csv_cell(metric->metric.value), interval.bounded() ? csv_cell(interval.low) : "",
                          interval.bounded() ? csv_cell(interval.high) : "");
    }
  return text;
}

std::string formatted(ResultFormat format, const std::vector<MetricKey>& metrics,
                      const std::vector<Variation>& points, const std::vector<StudyResult>& results) {
  if (format == ResultFormat::json) return json_text(json_of(metrics, points, results));
  if (format == ResultFormat::csv) return csv_of(metrics, points, results);
  return table_of(metrics, points, results);
}

}  // namespace

int sweep_command(const SweepOptions& options) {
  const auto scenario = read_variation(options.run, {});
  if (!scenario) return kExitInvalid;
  const bool asked = !options.metrics.empty() || !scenario->document.sweep;
  const auto metrics =
      shown_metrics(options.run, *scenario, asked ? options.metrics : scenario->document.sweep->metrics);
  const auto points = metrics ? read_points(*scenario, options) : std::nullopt;
  if (!points || !check_points(options.run, *points)) return kExitInvalid;
  if (options.dry_run) return show_points(*points), finish_output(kExitOk);
  const VariationResults run = run_variations(options.run, *points);
  if (run.status != kExitOk) return run.status;
  if (options.run.directory) {
    const auto path = std::filesystem::path(*options.run.directory) / "results.json";
    const auto problem = write_atomically(path, json_text(json_of(*metrics, *points, run.results)));
    if (problem) return complain(kExitInternal, *problem);
  }
  fmt::print("{}", formatted(options.run.format, *metrics, *points, run.results));
  return finish_output(kExitOk);
}

}  // namespace nephoscope
