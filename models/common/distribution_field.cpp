#include "models/common/distribution_field.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace nephoscope {

using Kind = Distribution::Kind;

template <>
inline constexpr auto kEnumNames<Kind> = enum_names<Kind>({
    {"constant", Kind::constant},
    {"uniform", Kind::uniform},
    {"exponential", Kind::exponential},
    {"erlang", Kind::erlang},
    {"gamma", Kind::gamma},
    {"lognormal", Kind::lognormal},
    {"weibull", Kind::weibull},
    {"pareto", Kind::pareto},
    {"normal", Kind::normal},
    {"empirical", Kind::empirical},
});

std::span<const DistributionForm> distribution_forms() {
  static const std::vector<DistributionForm> forms = {
      {Kind::constant, "constant", {"value"}},
      {Kind::uniform, "uniform", {"low", "high"}},
      {Kind::exponential, "exponential", {"mean"}},
      {Kind::erlang, "erlang", {"mean", "phases"}},
      {Kind::erlang, "erlang", {"mean", "cv"}},
      {Kind::gamma, "gamma", {"mean", "cv"}},
      {Kind::gamma, "gamma", {"shape", "scale"}},
      {Kind::lognormal, "lognormal", {"p50", "p99"}},
      {Kind::lognormal, "lognormal", {"mean", "cv"}},
      {Kind::weibull, "weibull", {"mean", "cv"}},
      {Kind::weibull, "weibull", {"shape", "scale"}},
      {Kind::pareto, "pareto", {"shape", "scale"}, {"maximum"}},
      {Kind::normal, "normal", {"mean", "cv"}},
      {Kind::normal, "normal", {"mean", "sd"}},
      {Kind::empirical, "empirical", {"values"}, {"interpolated"}},
  };
  return forms;
}

namespace {

double plain(Duration span) { return to_seconds(span); }
double plain(Bytes size) { return static_cast<double>(size.count); }

template <typename Quantity>
constexpr std::string_view kQuantityName = "duration";
template <>
constexpr std::string_view kQuantityName<Bytes> = "size";

// Every parameter that any kind takes.
template <typename Quantity>
struct Parameters {
  Kind dist = Kind::constant;
  std::optional<Quantity> value, low, high, mean, p50, p99, sd, scale, maximum;
  std::optional<double> cv, shape;
  std::optional<std::int64_t> phases;
  std::vector<Quantity> values;
  bool interpolated = false;

  static const FieldTable<Parameters>& fields() {
    using P = Parameters;
    static const auto table =
        FieldTable<P>(fmt::format("{} distribution", kQuantityName<Quantity>),
                      "A quantity that varies. A bare quantity is a constant.")
            .field("dist", &P::dist, {.doc = "kind of distribution"})
            .field("value", &P::value, {.doc = "constant: the value"})
            .field("low", &P::low, {.doc = "uniform: smallest value"})
            .field("high", &P::high, {.doc = "uniform: largest value"})
            .field("mean", &P::mean, {.doc = "mean (of the normal: before values under 0 are left out)"})
            .field("cv", &P::cv,
                   {.doc = "coefficient of variation, standard deviation / mean", .min = 0, .max = 400})
            .field("p50", &P::p50, {.doc = "lognormal: median"})
            .field("p99", &P::p99, {.doc = "lognormal: 99th percentile"})
            .field("sd", &P::sd, {.doc = "normal: standard deviation"})
            .field("shape", &P::shape, {.doc = "gamma, weibull, pareto: shape", .max = 1e6, .above = 0})
            .field("scale", &P::scale, {.doc = "gamma, weibull: scale; pareto: smallest value"})
            .field("maximum", &P::maximum, {.doc = "pareto: largest value"})
            .field("phases", &P::phases,
                   {.doc = "erlang: number of exponential phases", .min = 1, .max = 10'000})
            .field("values", &P::values, {.doc = "empirical: a measured sample", .max_items = 100'000})
            .field("interpolated", &P::interpolated,
                   {.doc = "empirical: values between the sample's occur too"})
            .shorthand("value");
    return table;
  }
};

std::string keys_text(const DistributionForm& form) {
  std::string text;
  for (const std::string_view key : form.needed) text += fmt::format("{}{}", text.empty() ? "" : ", ", key);
  for (const std::string_view key : form.optional)
    text += fmt::format("{}[{}]", text.empty() ? "" : ", ", key);
  return text;
}

// The form of `kind` that the map's keys fit; reports when there is none.
const DistributionForm* find_form(Kind kind, const Node& node, Context& context) {
  const auto given = [&](std::string_view key) { return node.find(key) != nullptr; };
  const auto allowed = [&](const DistributionForm& form, const std::string& key) {
    const auto in = [&](const auto& keys) { return std::find(keys.begin(), keys.end(), key) != keys.end(); };
    return key == "dist" || in(form.needed) || in(form.optional);
  };
  std::string choices;
  for (const DistributionForm& form : distribution_forms()) {
    if (form.kind != kind) continue;
    const bool complete = std::all_of(form.needed.begin(), form.needed.end(), given);
    const bool only = std::all_of(node.children().begin(), node.children().end(),
                                  [&](const auto& child) { return allowed(form, child->key()); });
    if (complete && only) return &form;
    choices += fmt::format("{}{{dist: {}, {}}}", choices.empty() ? "" : " or ", form.name, keys_text(form));
  }
  context.report(Code::conflicting_keys, node,
                 fmt::format("these are not the parameters of '{}'", FieldType<Kind>::show(kind)), "",
                 "write " + choices);
  return nullptr;
}

// Reports a parameter that its kind cannot take.
template <typename Quantity>
bool positive(const char* key, const std::optional<Quantity>& value, const Node& node, Context& context) {
  if (!value || plain(*value) > 0) return true;
  context.report(Code::out_of_range, *node.find(key), fmt::format("'{}' must be above 0 here", key));
  return false;
}

bool ordered(bool in_order, const char* low, const char* high, const Node& node, Context& context) {
  if (!in_order)
    context.report(Code::inconsistent, *node.find(high), fmt::format("'{}' is below '{}'", high, low));
  return in_order;
}

template <typename Quantity>
bool valid(const Parameters<Quantity>& p, const Node& node, Context& context) {
  bool ok = true;
  if (p.dist != Kind::normal) ok &= positive("mean", p.mean, node, context);
  ok &= positive("p50", p.p50, node, context) && positive("scale", p.scale, node, context) &&
        positive("sd", p.sd, node, context);
  if (p.low && p.high) ok &= ordered(*p.low <= *p.high, "low", "high", node, context);
  if (p.p50 && p.p99) ok &= ordered(*p.p50 <= *p.p99, "p50", "p99", node, context);
  if (p.maximum && p.scale) ok &= ordered(*p.scale < *p.maximum, "scale", "maximum", node, context);
  if (p.cv && p.dist == Kind::normal && *p.cv == 0) {
    context.report(Code::out_of_range, *node.find("cv"), "'cv' must be above 0 here");
    ok = false;
  }
  if (p.cv && p.dist == Kind::weibull && *p.cv > 0 && *p.cv < Distribution::kWeibullMinCv) {
    context.report(Code::out_of_range, *node.find("cv"), "a Weibull distribution's cv is at least 0.002");
    ok = false;
  }
  if (p.dist == Kind::empirical && p.values.size() < (p.interpolated ? 2U : 1U)) {
    context.report(Code::too_few_items, *node.find("values"), "the sample has too few values");
    ok = false;
  }
  return ok;
}

std::optional<Distribution> erlang(double mean, double cv, const Node& node, Context& context) {
  auto distribution = cv > 0 ? Distribution::erlang_from_mean({mean, cv}) : std::nullopt;
  if (!distribution)
    context.report(Code::inconsistent, *node.find("cv"), "no whole number of phases has this cv",
                   "1/sqrt(phases): 1, 0.707, 0.577, 0.5 ...", "a gamma distribution takes any cv");
  return distribution;
}

// REQUIRES: valid().
template <typename Quantity>
std::optional<Distribution> make(const Parameters<Quantity>& p, const Node& node, Context& context) {
  const auto mean_cv = [&] { return Distribution::MeanCv{plain(*p.mean), *p.cv}; };
  const auto shape_scale = [&] { return Distribution::ShapeScale{*p.shape, plain(*p.scale)}; };
  switch (p.dist) {
    case Kind::constant:
      return Distribution::constant(plain(*p.value));
    case Kind::uniform:
      return Distribution::uniform({plain(*p.low), plain(*p.high)});
    case Kind::exponential:
      return Distribution::exponential(plain(*p.mean));
    case Kind::erlang:
      if (p.phases) return Distribution::erlang(static_cast<int>(*p.phases), plain(*p.mean));
      return erlang(plain(*p.mean), *p.cv, node, context);
    case Kind::gamma:
      return p.cv ? Distribution::gamma_from_mean(mean_cv()) : Distribution::gamma(shape_scale());
    case Kind::lognormal:
      return p.cv ? Distribution::lognormal_from_mean(mean_cv())
                  : Distribution::lognormal_from_percentiles({plain(*p.p50), plain(*p.p99)});
    case Kind::weibull:
      return p.cv ? Distribution::weibull_from_mean(mean_cv()) : Distribution::weibull(shape_scale());
    case Kind::pareto:
      return p.maximum ? Distribution::bounded_pareto(shape_scale(), plain(*p.maximum))
                       : Distribution::pareto(shape_scale());
    case Kind::normal:
      return Distribution::normal({plain(*p.mean), p.sd ? plain(*p.sd) : *p.cv * plain(*p.mean)});
    case Kind::empirical:
      break;  // made with its table, by read()
  }
  return std::nullopt;
}

template <typename Quantity>
std::unique_ptr<EmpiricalTable> make_table(const Parameters<Quantity>& p) {
  std::vector<double> values;
  for (const Quantity& value : p.values) values.push_back(plain(value));
  using Shape = EmpiricalTable::Shape;
  return std::make_unique<EmpiricalTable>(std::move(values),
                                          p.interpolated ? Shape::interpolated : Shape::step);
}

// As the user wrote it, in one line.
std::string source_text(const Node& node) {
  if (!node.is_map()) return node.text();
  std::string text;
  for (const auto& child : node.children())
    text += fmt::format("{}{}: {}", text.empty() ? "" : ", ", child->key(),
                        child->is_scalar() ? child->text() : "[...]");
  return "{" + text + "}";
}

}  // namespace

template <typename Quantity>
DistributionOf<Quantity>::DistributionOf(Quantity constant)
    : distribution_(Distribution::constant(nephoscope::plain(constant))), text_(show(constant)) {}

template <typename Quantity>
DistributionOf<Quantity> DistributionOf<Quantity>::copy() const {
  DistributionOf result;
  result.distribution_ = distribution_;
  result.text_ = text_;
  if (table_ == nullptr) return result;
  result.table_ = std::make_unique<EmpiricalTable>(*table_);
  result.distribution_ = Distribution::empirical(*result.table_);
  return result;
}

template <typename Quantity>
std::optional<DistributionOf<Quantity>> FieldType<DistributionOf<Quantity>>::read(const Node& node,
                                                                                  Context& context,
                                                                                  const FieldRules& rules) {
  const auto parameters = Parameters<Quantity>::fields().read(node, context);
  if (!parameters) return std::nullopt;
  if (node.is_map() && find_form(parameters->dist, node, context) == nullptr) return std::nullopt;
  if (!valid(*parameters, node, context)) return std::nullopt;
  DistributionOf<Quantity> result;
  result.text_ = source_text(node);
  if (parameters->dist == Kind::empirical) {
    result.table_ = make_table(*parameters);
    result.distribution_ = Distribution::empirical(*result.table_);
  } else {
    const auto distribution = make(*parameters, node, context);
    if (!distribution) return std::nullopt;
    result.distribution_ = *distribution;
  }
  if (!context.in_range(node, result.mean(), rules)) return std::nullopt;
  return result;
}

template <typename Quantity>
std::string FieldType<DistributionOf<Quantity>>::type_name() {
  return fmt::format("{} distribution", kQuantityName<Quantity>);
}

template <typename Quantity>
void FieldType<DistributionOf<Quantity>>::schema(Json& out, SchemaBook& book, const FieldRules&) {
  Parameters<Quantity>::fields().refer(out, book);
}

DurationDistribution duration_from(const std::string& yaml) {
  SourceSet sources;
  Diagnostics diagnostics;
  const Tree tree = parse_text(sources, "default", yaml, diagnostics);
  Context context(diagnostics);
  auto distribution = FieldType<DurationDistribution>::read(tree.root(), context, {});
  check(distribution.has_value(), "distribution", "'{}' is none:\n{}", yaml, diagnostics.render(sources));
  return std::move(*distribution);
}

template class DistributionOf<Duration>;
template class DistributionOf<Bytes>;
template struct FieldType<DurationDistribution>;
template struct FieldType<SizeDistribution>;

}  // namespace nephoscope
