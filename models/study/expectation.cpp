#include "models/study/expectation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace nephoscope {

// Values of the map form whose meaning depends on each other are kept as nodes; null where the key is absent.
struct MetricText {
  const Node* node = nullptr;
};
struct BoundText {
  const Node* node = nullptr;
};

template <>
struct FieldType<MetricText> {
  static std::optional<MetricText> read(const Node& node, Context&, const FieldRules&) {
    return MetricText{&node};
  }
  static std::string show(const MetricText& text) {
    return text.node == nullptr ? "none" : text.node->text();
  }
  static std::string type_name() { return "metric"; }
  static void schema(Json& out, SchemaBook&, const FieldRules&) { schema::text(out); }
};
template <>
struct FieldType<BoundText> {
  static std::optional<BoundText> read(const Node& node, Context&, const FieldRules&) {
    return BoundText{&node};
  }
  static std::string show(const BoundText& text) { return text.node == nullptr ? "none" : text.node->text(); }
  static std::string type_name() { return "value of the metric, with its unit"; }
  static void schema(Json& out, SchemaBook&, const FieldRules&) { schema::text(out); }
};

namespace {

constexpr std::string_view kExample = "latency.p99 < 400ms";

// The keys of the map form.
struct ExpectationMap {
  MetricText metric;
  BoundText below;
  BoundText above;
  BoundText at_most;
  BoundText at_least;
  std::optional<std::string> workload;
  std::optional<std::string> resource;
  std::optional<Duration> from;
  std::optional<Duration> to;
  std::optional<std::string> during;
  std::optional<std::string> after;
  std::optional<std::string> in;
  static const FieldTable<ExpectationMap>& fields();
};

const FieldTable<ExpectationMap>& ExpectationMap::fields() {
  using Map = ExpectationMap;
  static const auto table =
      FieldTable<Map>("expectation", "What the results are expected to show; `run` exits 1 if they do not.")
          .required("metric", &Map::metric, {.doc = "the metric, such as latency.p99"})
          .field("below", &Map::below, {.doc = "the metric is < this"})
          .field("at_most", &Map::at_most, {.doc = "the metric is <= this"})
          .field("above", &Map::above, {.doc = "the metric is > this"})
          .field("at_least", &Map::at_least, {.doc = "the metric is >= this"})
          .field("workload", &Map::workload, {.doc = "of this workload alone"})
          .field("resource", &Map::resource, {.doc = "of this resource"})
          .field("from", &Map::from, {.doc = "only calls that arrive from this time of the run on"})
          .field("to", &Map::to, {.doc = "only calls that arrive before this time of the run"})
          .field("during", &Map::during, {.doc = "only calls that arrive during this fault or deployment"})
          .field("after", &Map::after, {.doc = "only calls that arrive after this fault or deployment"})
          .field("in", &Map::in,
                 {.doc = "each replication for itself, in this share of them: '95% of replications'"})
          .exactly_one_of({"below", "at_most", "above", "at_least"})
          .at_most_one_of({"workload", "resource"})
          .at_most_one_of({"from", "during", "after"})
          .at_most_one_of({"to", "during", "after"});
  return table;
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// The place of `part`, a piece of the scalar's text; the whole scalar where escapes or line folding make
// columns unknown.
Place place_of(const Node& node, std::string_view part) {
  Place place = node.place();
  const int quote = node.quoted() ? 1 : 0;
  if (place.length != static_cast<int>(node.text().size()) + 2 * quote) return place;
  place.column += quote + static_cast<int>(part.data() - node.text().data());
  place.length = static_cast<int>(std::max<std::size_t>(part.size(), 1));
  return place;
}

void report(Context& context, Code code, const Node& node, Place place, std::string message, std::string hint,
            std::string help = "") {
  context.diagnostics().add({code, place, node.path(), std::move(message), std::move(hint), std::move(help)});
}

// --- metrics ---------------------------------------------------------------------------------------------

constexpr auto kPrefixes = std::to_array<std::pair<std::string_view, Scope>>({
    {"workloads", Scope::workload},
    {"resources", Scope::resource},
});

std::string scope_name(Scope scope) {
  switch (scope) {
    case Scope::workload:
      return " of a workload";
    case Scope::resource:
      return " of a resource";
    case Scope::window:
      return " of a time window";
    case Scope::summary:
      break;
  }
  return "";
}

// Says which names there are, or where a name that exists elsewhere belongs.
void report_unknown_metric(Context& context, const Node& node, Place place, const MetricKey& key) {
  const MetricInfo* elsewhere = find_metric(key.name);
  const auto names = metric_names(key.scope);
  const std::vector<std::string_view> candidates(names.begin(), names.end());
  std::string hint = did_you_mean(key.name, candidates);
  if (elsewhere != nullptr && elsewhere->scopes.resource)
    hint = fmt::format("did you mean 'resources.ID.{}'?", key.name);
  report(context, Code::unknown_name, node, place,
         elsewhere == nullptr
             ? fmt::format("unknown metric '{}'", key.name)
             : fmt::format("'{}' is not a metric{}", key.name,
                           key.scope == Scope::summary ? " of the whole scenario" : scope_name(key.scope)),
         std::move(hint), fmt::format("metrics{}: {}", scope_name(key.scope), fmt::join(names, ", ")));
}

// How the bound of a metric that only its model knows is written: the text itself tells.
MetricKind kind_of_bound(std::string_view bound) {
  for (const MetricKind kind :
       {MetricKind::money, MetricKind::rate, MetricKind::duration, MetricKind::number})
    if (parse_bound(kind, bound)) return kind;
  return MetricKind::share;
}

// Nothing after a diagnostic. Names of resources' metrics are checked once all resources are known.
std::optional<MetricKind> known_metric(Context& context, const Node& node,
                                       const ScenarioExpectation& expectation, std::string_view bound) {
  const MetricInfo* info = find_metric(expectation.metric.name);
  if (info != nullptr && info->scopes.has(expectation.metric.scope)) return info->kind;
  if (expectation.metric.scope == Scope::resource) return kind_of_bound(bound);
  report_unknown_metric(context, node, expectation.metric_place, expectation.metric);
  return std::nullopt;
}

// --- the text form ---------------------------------------------------------------------------------------

struct Operator {
  std::string_view text;
  Relation relation;
};
constexpr auto kOperators = std::to_array<Operator>({
    {"<", Relation::kLess},
    {"<=", Relation::kLessEqual},
    {">", Relation::kGreater},
    {">=", Relation::kGreaterEqual},
});

struct Sentence {
  std::string_view metric;
  std::string_view op;
  std::string_view bound;
};

std::optional<Sentence> split_text(const Node& node, Context& context) {
  constexpr std::string_view symbols = "<>=!~";
  const std::string_view text = node.text();
  const auto begin = text.find_first_of(symbols);
  const auto after = begin == std::string_view::npos ? begin : text.find_first_not_of(symbols, begin);
  const std::string form = fmt::format("for example: {}", kExample);
  if (begin == std::string_view::npos) {
    context.report(Code::wrong_type, node, "expected METRIC OPERATOR VALUE", form, "operators: <, <=, >, >=");
    return std::nullopt;
  }
  const Sentence parts = {trimmed(text.substr(0, begin)), text.substr(begin, after - begin),
                          after == std::string_view::npos ? std::string_view() : trimmed(text.substr(after))};
  if (!parts.metric.empty() && !parts.bound.empty()) return parts;
  context.report(Code::wrong_type, node,
                 fmt::format("no {} '{}'", parts.metric.empty() ? "metric before" : "value after", parts.op),
                 form);
  return std::nullopt;
}

std::optional<Relation> read_operator(const Node& node, std::string_view text, Context& context) {
  for (const Operator& each : kOperators)
    if (each.text == text) return each.relation;
  report(context, Code::unknown_name, node, place_of(node, text), fmt::format("unknown operator '{}'", text),
         "one of <, <=, >, >=");
  return std::nullopt;
}

std::optional<double> read_bound(const Node& node, std::string_view text, Place place, MetricKind kind,
                                 Context& context) {
  const auto bound = parse_bound(kind, text);
  if (bound) return *bound.value;
  const std::string hint =
      bound.problem.hint.empty() ? fmt::format("for example: {}", example_of(kind)) : bound.problem.hint;
  report(context, bound.problem.code, node, place, bound.problem.message, hint);
  return std::nullopt;
}

std::optional<ScenarioExpectation> read_text(const Node& node, Context& context) {
  const auto parts = split_text(node, context);
  if (!parts) return std::nullopt;
  ScenarioExpectation result;
  result.metric = metric_key(parts->metric);
  result.metric_place = place_of(node, parts->metric);
  result.path = node.path();
  const auto kind = known_metric(context, node, result, parts->bound);
  const auto relation = read_operator(node, parts->op, context);
  if (!kind || !relation) return std::nullopt;
  const auto bound = read_bound(node, parts->bound, place_of(node, parts->bound), *kind, context);
  if (!bound) return std::nullopt;
  result.kind = *kind;
  result.condition = {*relation, *bound};
  result.text = fmt::format("{} {} {}", parts->metric, parts->op, parts->bound);
  return result;
}

// --- the map form ----------------------------------------------------------------------------------------

struct BoundNode {
  const Node* node;
  Relation relation;
};

BoundNode bound_of(const ExpectationMap& map) {
  if (map.below.node != nullptr) return {map.below.node, Relation::kLess};
  if (map.at_most.node != nullptr) return {map.at_most.node, Relation::kLessEqual};
  if (map.above.node != nullptr) return {map.above.node, Relation::kGreater};
  return {map.at_least.node, Relation::kGreaterEqual};
}

bool is_scalar(const Node& node, Context& context, std::string_view expected, std::string_view example) {
  if (node.is_scalar()) return true;
  context.wrong_type(node, expected, example);
  return false;
}

// The metric that `metric`, `workload` and `resource` name together.
std::optional<MetricKey> metric_of(const ExpectationMap& map, const Node& node, Context& context) {
  if (!is_scalar(*map.metric.node, context, "a metric", "latency.p99")) return std::nullopt;
  MetricKey key = metric_key(map.metric.node->text());
  if (!map.workload && !map.resource) return key;
  const char* given = map.workload ? "workload" : "resource";
  if (key.scope != Scope::summary) {
    context.report(Code::conflicting_keys, *node.find(given),
                   fmt::format("the metric names its {} already",
                               key.scope == Scope::workload ? "workload" : "resource"));
    return std::nullopt;
  }
  key.scope = map.workload ? Scope::workload : Scope::resource;
  key.id = map.workload ? *map.workload : *map.resource;
  return key;
}

// "95% of replications" -> 0.95.
std::optional<Probability> read_share(const Node& node, Context& context) {
  constexpr std::string_view words = "of replications";
  std::string_view text = trimmed(node.text());
  const bool has_words = text.ends_with(words);
  if (has_words) text = trimmed(text.substr(0, text.size() - words.size()));
  const auto share = parse_probability(text);
  if (has_words && share) return share.value;
  context.report(
      has_words ? share.problem.code : Code::wrong_type, node,
      has_words ? share.problem.message : fmt::format("'{}' is not a share of the replications", node.text()),
      "for example: 95% of replications");
  return std::nullopt;
}

const Node* first_window_key(const Node& node) {
  for (const char* key : {"from", "to", "during", "after"})
    if (const Node* found = node.find(key)) return found;
  return nullptr;
}

// Gives the expectation its window, or the occasion that will; false after a diagnostic.
bool read_window(const ExpectationMap& map, const Node& node, Context& context, ScenarioExpectation& result) {
  const Node* const first = first_window_key(node);
  if (first == nullptr) return true;
  const Node& where = *first;
  if (result.metric.scope == Scope::resource) {
    context.report_key(Code::conflicting_keys, where, "windows are measured for calls, not for resources",
                       "name a workload instead, or neither");
    return false;
  }
  if (map.during || map.after) {
    result.occasion = Reference{where.text(), where.place(), where.path()};
    result.after_occasion = map.after.has_value();
    result.window_place = where.place();
    return true;
  }
  if (!map.from || !map.to) {
    context.report_key(Code::missing_key, where,
                       fmt::format("'{}' needs '{}'", where.key(), map.from ? "to" : "from"),
                       "a window has a start and an end: from: 10m, to: 20m");
    return false;
  }
  if (*map.from >= *map.to) {
    context.report(Code::inconsistent, *node.find("to"), "the window ends before it starts",
                   fmt::format("'from' is {}", show(*map.from)));
    return false;
  }
  result.window_place = where.place();
  give_window(result, {.id = "", .from = *map.from, .to = *map.to});
  return true;
}

// The expectation as one line.
std::string text_of(const ExpectationMap& map, const ScenarioExpectation& result) {
  const BoundNode bound = bound_of(map);
  std::string text = map.metric.node->text();
  if (map.workload) text = fmt::format("workloads.{}.{}", path_segment(*map.workload), text);
  if (map.resource) text = fmt::format("resources.{}.{}", path_segment(*map.resource), text);
  text += fmt::format(" {} {}", to_string(bound.relation), bound.node->text());
  if (map.from) text += fmt::format(" from {} to {}", show(result.window->from), show(result.window->to));
  if (map.during) text += fmt::format(" during {}", *map.during);
  if (map.after) text += fmt::format(" after {}", *map.after);
  if (map.in) text += fmt::format(" in {}", *map.in);
  return text;
}

std::optional<ScenarioExpectation> read_map(const Node& node, Context& context) {
  const auto map = ExpectationMap::fields().read(node, context);
  if (!map) return std::nullopt;
  ScenarioExpectation result;
  const auto key = metric_of(*map, node, context);
  if (!key) return std::nullopt;
  result.metric = *key;
  result.metric_place = map->metric.node->place();
  result.path = node.path();
  const bool window_ok = read_window(*map, node, context, result);
  if (map->in) result.share_of_replications = read_share(*node.find("in"), context);
  const BoundNode bound = bound_of(*map);
  const auto kind = known_metric(context, *map->metric.node, result, bound.node->text());
  if (!kind || !is_scalar(*bound.node, context, "a value", example_of(*kind))) return std::nullopt;
  const auto value = read_bound(*bound.node, bound.node->text(), bound.node->place(), *kind, context);
  if (!value || !window_ok || (map->in && !result.share_of_replications)) return std::nullopt;
  result.kind = *kind;
  result.condition = {bound.relation, *value};
  result.text = text_of(*map, result);
  return result;
}

}  // namespace

MetricKey metric_key(std::string_view text) {
  const auto segments = split_path(text);
  for (const auto& [prefix, scope] : kPrefixes) {
    if (segments.size() < 3 || segments.front() != prefix) continue;
    std::string name;
    for (std::size_t i = 2; i < segments.size(); ++i) name += (i > 2 ? "." : "") + segments[i];
    return {scope, segments[1], name};
  }
  return {Scope::summary, "", std::string(text)};
}

std::string show(const MetricKey& key) {
  if (key.scope == Scope::window) return key.name + " " + key.id;
  for (const auto& [prefix, scope] : kPrefixes)
    if (scope == key.scope) return fmt::format("{}.{}.{}", prefix, path_segment(key.id), key.name);
  return key.name;
}

void give_window(ScenarioExpectation& expectation, TimeWindow window) {
  window.id = window.occasion.empty()
                  ? fmt::format("{}..{}", show(window.from), show(window.to))
                  : fmt::format("{} {}", window.after ? "after" : "during", window.occasion);
  MetricKey& metric = expectation.metric;
  metric.id = window.id + (metric.id.empty() ? "" : "/" + metric.id);
  metric.scope = Scope::window;
  expectation.window = std::move(window);
}

std::vector<FieldRow> expectation_rows() { return ExpectationMap::fields().rows(); }

std::optional<ScenarioExpectation> FieldType<ScenarioExpectation>::read(const Node& node, Context& context,
                                                                        const FieldRules&) {
  if (node.is_scalar()) return read_text(node, context);
  if (node.is_map()) return read_map(node, context);
  context.wrong_type(node, "an expectation", kExample);
  return std::nullopt;
}

void FieldType<ScenarioExpectation>::schema(Json& out, SchemaBook& book, const FieldRules&) {
  Json text;
  schema::pattern(text, R"(^\s*[^<>=!~]+(<|<=|>|>=)[^<>=!~]+$)", std::string(kExample));
  Json map;
  ExpectationMap::fields().refer(map, book);
  out["anyOf"] = Json::array({std::move(text), std::move(map)});
}

}  // namespace nephoscope
