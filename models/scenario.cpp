#include "models/scenario.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "engine/base/check.hpp"
#include "engine/config/json_schema.hpp"
#include "engine/random/draws.hpp"
#include "models/registry.hpp"
#include "models/replication.hpp"
#include "models/study/sha256.hpp"

namespace nephoscope {

namespace {

constexpr Duration kDay = 24h;

void check_represents(const RunConfig& run, const Node& node, Context& context) {
  const Duration span = *run.represents;
  if (span % kDay != Duration{})
    context.report(Code::out_of_range, node, fmt::format("{} is not a whole number of days", show(span)),
                   "for example: 1d");
  else if (span < run.duration)
    context.report(Code::inconsistent, node,
                   fmt::format("a run of {} cannot stand for {}", show(run.duration), show(span)),
                   "longer runs of whole days need no 'represents'");
}

void check_precision(const RunConfig& run, const Node& node, Context& context) {
  for (const auto& each : run.precision)
    if (each.value.value <= 0)
      context.report(Code::out_of_range, *node.find("precision")->find(each.id), "no interval is that narrow",
                     "for example: 2%");
  if (run.max_replications && run.precision.empty())
    context.report_key(Code::inconsistent, *node.find("max_replications"), "nothing would use it",
                       "it limits what 'precision' adds");
  else if (run.max_replications && *run.max_replications < run.replications)
    context.report(Code::inconsistent, *node.find("max_replications"),
                   fmt::format("fewer than the {} replications to begin with", run.replications));
}

void check_run(const RunConfig& run, const Node& node, Context& context) {
  if (run.warmup >= run.duration)
    context.report(Code::inconsistent, *node.find("warmup"),
                   fmt::format("the warm-up of {} leaves nothing of the {} to measure", show(run.warmup),
                               show(run.duration)));
  if (run.represents) check_represents(run, *node.find("represents"), context);
  check_precision(run, node, context);
}

}  // namespace

const FieldTable<RunConfig>& RunConfig::fields() {
  static const auto table =
      FieldTable<RunConfig>("run", "What is simulated, how long and how often.")
          .field("region", &RunConfig::region, {.doc = "AWS Region"})
          .field("zones", &RunConfig::zones,
                 {.doc = "Availability Zones, by their last letter", .min_items = 1, .max_items = 26})
          .field("start", &RunConfig::start, {.doc = "calendar time of the run's start, UTC"})
          .required(
              "duration", &RunConfig::duration,
              {.doc = "arrivals stop here; measured calls drain", .min = 1ms, .max = Duration(24h * 3660)})
          .field("warmup", &RunConfig::warmup, {.doc = "simulated first, but not measured"})
          .field("drain_limit", &RunConfig::drain_limit,
                 {.doc = "how long after `duration` open calls may still be answered; the rest count as "
                         "unanswered"})
          .field("represents", &RunConfig::represents,
                 {.doc = "the days that this run stands for: its load and fleet are their average, so that "
                         "cost.monthly can be told from it",
                  .min = kDay})
          .field("replications", &RunConfig::replications,
                 {.doc = "independent repetitions, for intervals", .min = 1, .max = 100'000})
          .field("precision", &RunConfig::precision,
                 {.doc = "adds blocks of 10 replications until, two blocks in a row, the 95% interval of "
                         "each metric "
                         "is at most this wide on either side, as a share of its mean: {latency.p99: 2%}"})
          .field("max_replications", &RunConfig::max_replications,
                 {.doc = "where `precision` stops in any case; 100 times `replications` unless set",
                  .min = 1,
                  .max = 100'000})
          .field("seed", &RunConfig::seed, {.doc = "selects the random draws", .min = 0})
          .validate(check_run);
  return table;
}

const FieldTable<GoldenConfig>& GoldenConfig::fields() {
  static const auto table =
      FieldTable<GoldenConfig>("golden", "How the test suite runs this scenario (the command ignores it).")
          .required("duration", &GoldenConfig::duration, {.doc = "instead of run.duration", .min = 1ms})
          .field("replications", &GoldenConfig::replications,
                 {.doc = "instead of run.replications", .min = 1});
  return table;
}

std::optional<ResourceEntry> FieldType<ResourceEntry>::read(const Node& node, Context& context,
                                                            const FieldRules&) {
  std::vector<std::string_view> names;
  for (const ResourceType& type : resource_types()) names.push_back(type.name);
  const auto name = read_type(node, names, context, "Nephoscope::Station");
  if (!name) return std::nullopt;
  auto config = find_resource_type(*name)->read(node, context);
  if (config == nullptr) return std::nullopt;
  return ResourceEntry{.type = *name, .config = std::move(config)};
}

void FieldType<ResourceEntry>::schema(Json& out, SchemaBook& book, const FieldRules&) {
  out["oneOf"] = Json::array();
  for (const ResourceType& type : resource_types()) {
    Json option;
    type.schema(option, book);
    out["oneOf"].push_back(std::move(option));
  }
}

const FieldTable<ScenarioDocument>& ScenarioDocument::fields() {
  static const auto table =
      FieldTable<ScenarioDocument>("scenario", "An architecture, its users and what is expected of it.")
          .required("nephoscope", &ScenarioDocument::nephoscope,
                    {.doc = "version of the scenario language", .min = 1, .max = 1})
          .required("name", &ScenarioDocument::name, {.doc = "one line"})
          .field("description", &ScenarioDocument::description, {.doc = "what it shows, with sources"})
          .required("run", &ScenarioDocument::run, {.doc = "what is simulated, how long and how often"})
          .required("workloads", &ScenarioDocument::workloads,
                    {.doc = "who sends requests, by id", .min_items = 1})
          .field("applications", &ScenarioDocument::applications,
                 {.doc = "programs that run on compute, by id"})
          .required("resources", &ScenarioDocument::resources,
                    {.doc = "the architecture, by id", .min_items = 1})
          .field("pricing", &ScenarioDocument::pricing, {.doc = "how metered usage becomes a bill"})
          .field("ec2", &ScenarioDocument::ec2,
                 {.doc = "the account's EC2: quotas, and beliefs about launches, failures and Spot"})
          .field("cloudwatch", &ScenarioDocument::cloudwatch, {.doc = "what is assumed about CloudWatch"})
          .field("network", &ScenarioDocument::network, {.doc = "what is assumed about the network"})
          .field("expect", &ScenarioDocument::expect,
                 {.doc = "what must hold; the verdict is the exit status"})
          .field("deployments", &ScenarioDocument::deployments, {.doc = "what is shipped when, by id"})
          .field("faults", &ScenarioDocument::faults, {.doc = "what befalls the architecture, by id"})
          .field(
              "without", &ScenarioDocument::without,
              {.doc =
                   "changes under which `expect` fails: {dotted.path: value}; `run --without` applies them"})
          .field("variants", &ScenarioDocument::variants,
                 {.doc = "named changes: {name: {dotted.path: value}}"})
          .field("sweep", &ScenarioDocument::sweep, {.doc = "the points of `nephoscope sweep`"})
          .field("find", &ScenarioDocument::find, {.doc = "what `nephoscope find` looks for"})
          .field("golden", &ScenarioDocument::golden, {.doc = "how the test suite runs this scenario"});
  return table;
}

namespace {

// Applies the chosen variant's changes to the tree; every variant is checked to be a map of paths.
void apply_variant(Tree& tree, const LoadOptions& options, std::vector<std::string>& names,
                   Diagnostics& diagnostics) {
  Context context(diagnostics);
  const Node* variants = tree.root().find("variants");
  if (variants != nullptr && !variants->is_map())
    return context.wrong_type(*variants, "a map of variants", "{big: {resources.web.count: 9}}");
  const Node* chosen = nullptr;
  for (std::size_t i = 0; variants != nullptr && i < variants->size(); ++i) {
    const Node& variant = (*variants)[i];
    names.push_back(variant.key());
    if (!variant.is_map())
      context.wrong_type(variant, "a map of dotted paths to values", "{resources.web.count: 9}");
    if (variant.key() == options.variant) chosen = &variant;
  }
  if (options.variant.empty()) return;
  if (chosen == nullptr) {
    const std::vector<std::string_view> known(names.begin(), names.end());
    context.unknown_name(Code::unknown_name, variants == nullptr ? tree.root() : *variants, "variant",
                         options.variant, known);
    return;
  }
  for (const auto& change : chosen->children())
    apply_override(tree, change->key(), change->key_place(), *change, diagnostics);
}

// Applies `without:` if asked to; it is checked to be a map of paths in any case.
void apply_without(Tree& tree, const LoadOptions& options, Scenario& scenario, Diagnostics& diagnostics) {
  Context context(diagnostics);
  const Node* without = tree.root().find("without");
  scenario.has_without = without != nullptr;
  if (without != nullptr && !without->is_map())
    return context.wrong_type(*without, "a map of dotted paths to values", "{resources.web.max_size: 2}");
  if (!options.without) return;
  if (without == nullptr)
    return context.report(Code::missing_key, tree.root(), "the scenario has no 'without' to apply");
  for (const auto& change : without->children())
    apply_override(tree, change->key(), change->key_place(), *change, diagnostics);
}

// What a part of a composite assumes, but for what the composite states itself.
void assume_of_part(const std::string& composite, const ExpandedResource& part, Scenario& scenario) {
  const std::string path = "resources." + path_segment(composite + "/" + part.name);
  std::vector<AssumptionInForce> assumed;
  find_resource_type(part.type)->assumptions(*part.config, path, assumed);
  const std::string of_composite = "resources." + path_segment(composite);
  std::erase_if(assumed, [&](const AssumptionInForce& each) {
    const std::string own = of_composite + each.path.substr(path.size());
    return std::any_of(scenario.assumptions.begin(), scenario.assumptions.end(),
                       [&](const AssumptionInForce& stated) { return stated.path == own; });
  });
  scenario.assumptions.insert(scenario.assumptions.end(), assumed.begin(), assumed.end());
}

// Puts what composites stand for in front of them.
void expand_composites(Scenario& scenario) {
  std::vector<Named<ResourceEntry>> resources;
  for (auto& composite : scenario.document.resources) {
    for (ExpandedResource& part : composite.value.config->expand(composite.id)) {
      assume_of_part(composite.id, part, scenario);
      resources.push_back({.id = composite.id + "/" + part.name,
                           .value = {.type = std::move(part.type), .config = std::move(part.config)},
                           .place = composite.place});
    }
    resources.push_back(std::move(composite));
  }
  scenario.document.resources = std::move(resources);
}

// Whether the table of Regions, which takes 5 ms to read, is needed.
bool names_regions(const ScenarioDocument& document) {
  return std::any_of(document.workloads.begin(), document.workloads.end(),
                     [](const auto& workload) { return workload.value.from.has_value(); }) ||
         std::any_of(document.resources.begin(), document.resources.end(),
                     [](const auto& resource) { return resource.value.config->other_region() != nullptr; }) ||
         std::any_of(document.faults.begin(), document.faults.end(), [](const auto& fault) {
           return fault.value.region.has_value() || !fault.value.between.empty();
         });
}

Defined define(const ScenarioDocument& document) {
  Defined defined;
  defined.zone_shape = document.ec2;
  for (const std::string& letter : document.run.zones) defined.zones.push_back(document.run.region + letter);
  defined.region = document.run.region;
  for (const auto& application : document.applications) {
    defined.applications[application.id] = application.value.handler_names();
    defined.versions[application.id] = application.value.version_names();
  }
  for (const auto& resource : document.resources) {
    defined.resources[resource.id] = resource.value.type;
    const ResourceConfig& config = *resource.value.config;
    if (const Reference* region = config.other_region()) defined.other_regions[resource.id] = region->id;
    if (config.has_dns_answers()) defined.dns_names.insert(resource.id);
    if (config.is_rebootable()) defined.rebootable.insert(resource.id);
    if (const Tags* tags = config.instance_tags()) defined.tags[resource.id] = *tags;
    if (auto parts = config.scalable_parts(); !parts.empty())
      defined.scalable[resource.id] = std::move(parts);
    if (config.is_target_group()) defined.target_groups.insert(resource.id);
    if (const PlacementGroupSettings* group = config.as_placement_group())
      defined.placement_groups[resource.id] = *group;
    if (config.is_deployment_target()) defined.deployment_targets.insert(resource.id);
    if (config.can_change_instance_type()) defined.instance_type_targets.insert(resource.id);
    if (const Reference* application = config.fleet_application())
      defined.fleets[resource.id] = application->id;
  }
  if (names_regions(document)) defined.regions = document.network.regions(document.run.region);
  for (int round = 0; round < 2; ++round)  // what passes on others' operations knows them in the second
    for (const auto& resource : document.resources)
      if (resource.value.config->takes_requests())
        defined.endpoints[resource.id] = resource.value.config->operations(defined);
  return defined;
}

// As expectations, of which only the metric matters.
std::vector<ScenarioExpectation> named_by_precision(const RunConfig& run) {
  std::vector<ScenarioExpectation> named;
  for (const auto& each : run.precision) {
    ScenarioExpectation expectation;
    expectation.metric = metric_key(each.id);
    expectation.metric_place = each.place;
    expectation.path = "run.precision." + path_segment(each.id);
    named.push_back(std::move(expectation));
  }
  return named;
}

// Checks between parts: references, operations, names that two parts share.
void check_between(const Scenario& scenario, Diagnostics& diagnostics) {
  const ScenarioDocument& document = scenario.document;
  const Defined defined = define(document);
  for (const auto& workload : document.workloads) {
    if (defined.resources.contains(workload.id))
      diagnostics.add({Code::inconsistent, workload.place, "workloads." + workload.id,
                       fmt::format("'{}' names a workload and a resource", workload.id),
                       "ids are unique in a scenario", ""});
    workload.value.check(defined, diagnostics);
  }
  for (const auto& application : document.applications) application.value.check(defined, diagnostics);
  for (const auto& resource : document.resources) resource.value.config->check(defined, diagnostics);
  for (const auto& deployment : document.deployments) deployment.value.check(defined, diagnostics);
  faults::check_faults(document.faults, defined, diagnostics);
}

std::vector<Occasion> occasions_of(const ScenarioDocument& document) {
  std::vector<Occasion> occasions;
  for (const auto& fault : document.faults) {
    const faults::FaultWindow window = faults::window_of(document.faults, fault.value);
    const Duration to = window.open ? document.run.duration : window.to;
    occasions.push_back(
        {.id = fault.id, .from = window.from, .to = to, .open = window.open, .once = window.once});
  }
  for (const auto& deployment : document.deployments)
    occasions.push_back(
        {.id = deployment.id, .from = deployment.value.at, .to = document.run.duration, .open = true});
  return occasions;
}

// What is assumed about a service of the account matters only where something uses it.
void drop_idle_assumptions(Scenario& scenario) {
  bool in_aws = false, on_ec2 = false, by_name = false, placed = false, in_bulk = false;
  for (const auto& workload : scenario.document.workloads) placed = placed || workload.value.from.has_value();
  for (const auto& resource : scenario.document.resources) {
    const bool aws = resource.value.type.starts_with("AWS::");
    in_aws = in_aws || aws;
    by_name = by_name || resource.value.config->has_dns_name();
    placed = placed || resource.value.config->has_place();
    in_bulk = in_bulk || resource.value.config->has_flows();
    on_ec2 = on_ec2 || (aws && resource.value.config->fleet_application() != nullptr);
  }
  std::erase_if(scenario.assumptions, [&](const AssumptionInForce& assumption) {
    const bool idle = (!in_aws && assumption.path.starts_with("cloudwatch.")) ||
                      (!on_ec2 && assumption.path.starts_with("ec2.")) ||
                      (!on_ec2 && !placed && assumption.path.starts_with("network.")) ||
                      (!in_bulk && assumption.path.starts_with("network.bandwidth.")) ||
                      (!by_name && assumption.path.find(".assume.dns_") != std::string::npos);
    return idle && !assumption.is_set;
  });
}

void warn_about_warmup(const Scenario& scenario, const Tree& tree, Diagnostics& diagnostics) {
  const Node* run = tree.root().find("run");
  if (scenario.document.run.warmup > Duration{} || run == nullptr || run->find("warmup") != nullptr) return;
  diagnostics.add({Code::no_warmup, run->key_place(), "run", "no warm-up: the empty start is measured too",
                   "", "set run.warmup (0s if an empty start is meant)"});
}

// One digest of all files that the scenario names, in their order.
std::string digest_of(const std::vector<std::string>& texts) {
  std::string digests;
  for (const std::string& text : texts) digests += sha256_hex(text);
  return texts.empty() ? "" : sha256_hex(digests);
}

// That a run stands for more than itself is something one believes.
void assume_representative(Scenario& scenario) {
  const auto& span = scenario.document.run.represents;
  if (span) scenario.assumptions.push_back({"run.represents", show(*span), "scenario", true});
}

// Reads what `scenario.tree` holds, with the values of ranges at `position`; false after a diagnostic.
bool read_document(const Tree& tree, const RangePosition& position, SourceSet& sources, Scenario& scenario,
                   Diagnostics& diagnostics) {
  Context context(diagnostics, &sources);
  context.data_folders() = scenario.data_folders;
  context.set_range_position(position);
  auto document = ScenarioDocument::fields().read(tree.root(), context);
  if (!document || diagnostics.has_errors()) return false;
  scenario.document = std::move(*document);
  scenario.data_sha256 = digest_of(context.data_texts());
  scenario.assumptions = std::move(context.assumptions());
  expand_composites(scenario);
  scenario.ranges = std::move(context.ranges());
  drop_idle_assumptions(scenario);
  assume_representative(scenario);
  const std::vector<Occasion> occasions = occasions_of(scenario.document);
  resolve_occasions(scenario.document.expect, occasions, scenario.document.run.duration, diagnostics);
  scenario.windows = expectation_windows(scenario.document.expect, scenario.document.run.duration,
                                         diagnostics, scenario.document.run.warmup);
  check_between(scenario, diagnostics);
  return !diagnostics.has_errors();
}

// What may be drawn must make sense together: all low ends do, and all high ends do.
void check_range_ends(const Scenario& scenario, SourceSet& sources, Diagnostics& diagnostics) {
  for (const double position : {0.0, 1.0}) {
    if (scenario.ranges.empty() || diagnostics.has_errors()) return;
    Scenario end;
    end.data_folders = scenario.data_folders;
    Diagnostics found;
    read_document(
        scenario.tree, [&](const auto&) { return position; }, sources, end, found);
    for (const Diagnostic& each : found.sorted())
      if (info(each.code).severity == Severity::error) diagnostics.add(each);
  }
}

void apply_changes(const LoadOptions& options, SourceSet& sources, Scenario& scenario,
                   Diagnostics& diagnostics) {
  apply_variant(scenario.tree, options, scenario.variant_names, diagnostics);
  apply_without(scenario.tree, options, scenario, diagnostics);
  for (const PathValue& change : options.overrides)
    apply_override(scenario.tree, sources, change.path, change.value, diagnostics);
}

std::vector<std::string> data_folders(const std::string& path, const LoadOptions& options) {
  const std::string own = std::filesystem::path(path).parent_path().string();
  std::vector<std::string> folders = {own.empty() ? "." : own};
  if (options.data_dir) folders.push_back(*options.data_dir);
  return folders;
}

std::optional<Scenario> read_tree(Tree tree, const std::string& path, std::string text,
                                  const LoadOptions& options, SourceSet& sources, Diagnostics& diagnostics) {
  if (!tree.readable()) return std::nullopt;
  Scenario scenario;
  scenario.path = path;
  scenario.text = std::move(text);
  scenario.tree = std::move(tree);
  scenario.data_folders = data_folders(path, options);
  apply_changes(options, sources, scenario, diagnostics);
  const auto middle = [](const std::string&) { return 0.5; };
  const bool readable = read_document(scenario.tree, middle, sources, scenario, diagnostics);
  const bool has_document = scenario.document.run.duration > Duration{};
  if (has_document) warn_about_warmup(scenario, scenario.tree, diagnostics);
  if (!readable) return std::nullopt;
  check_range_ends(scenario, sources, diagnostics);
  check_prices(scenario.document.pricing, metered_usage(scenario), scenario.tree.root(), diagnostics);
  const std::vector<MetricKey> measured = measured_metrics(scenario);
  check_metrics(scenario.document.expect, measured, diagnostics);
  check_metrics(named_by_precision(scenario.document.run), measured, diagnostics);
  if (diagnostics.has_errors()) return std::nullopt;
  return scenario;
}

}  // namespace

std::optional<Scenario> parse_scenario(SourceSet& sources, const std::string& path, std::string text,
                                       const LoadOptions& options, Diagnostics& diagnostics) {
  Tree tree = parse_text(sources, path, text, diagnostics);
  return read_tree(std::move(tree), path, std::move(text), options, sources, diagnostics);
}

std::optional<Scenario> load_scenario(SourceSet& sources, const std::string& path, const LoadOptions& options,
                                      Diagnostics& diagnostics) {
  Tree tree = load_file(sources, path, diagnostics);
  if (!tree.readable()) return std::nullopt;
  std::string text = sources.text(static_cast<int>(sources.size()) - 1);
  return read_tree(std::move(tree), path, std::move(text), options, sources, diagnostics);
}

double drawn_position(const Scenario& scenario, std::uint32_t replication, const std::string& path) {
  const RandomSource source(Seed{static_cast<std::uint64_t>(scenario.document.run.seed)}, replication);
  Draws draws = source.entity(Purpose("assumption").of(path), 0, 0);
  return draws.next_uniform();
}

Scenario draw_assumptions(const Scenario& scenario, std::uint32_t replication) {
  Scenario drawn;
  drawn.path = scenario.path;
  drawn.data_folders = scenario.data_folders;
  const auto position = [&](const std::string& path) { return drawn_position(scenario, replication, path); };
  Diagnostics diagnostics;
  SourceSet sources;
  if (read_document(scenario.tree, position, sources, drawn, diagnostics)) {
    drawn.document.run = scenario.document.run;  // whoever compares scenarios sets their seeds
    return drawn;
  }
  const Diagnostic first = diagnostics.sorted().front();
  throw CheckFailure(fmt::format("the assumptions drawn for replication {} contradict each other: {}: {}",
                                 replication, first.path, first.message));
}

Json scenario_schema() { return json_schema(ScenarioDocument::fields()); }

}  // namespace nephoscope
