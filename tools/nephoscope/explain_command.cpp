#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "models/common/distribution_field.hpp"
#include "models/common/instance_type.hpp"
#include "models/study/metrics.hpp"
#include "models/study/study_result.hpp"
#include "tools/nephoscope/commands.hpp"
#include "tools/nephoscope/topics.hpp"

namespace nephoscope {
namespace {

void print_lines(const std::vector<std::string>& lines) {
  for (const std::string& line : lines) fmt::print("{}\n", line);
}

// --- explain ---------------------------------------------------------------------------------------------

void explain_rows(const std::vector<FieldRow>& rows, const Paint& paint) {
  for (const FieldRow& row : rows) {
    fmt::print("  {}  {}", paint.bold(row.key), row.type);
    if (!row.range.empty()) fmt::print(", {}", row.range);
    fmt::print(", {}\n", row.required ? "required" : "default " + row.default_text);
    fmt::print("      {}\n", row.doc);
    if (!row.source.empty()) fmt::print("      {}\n", paint.dim("source: " + row.source));
  }
}

bool explain_topic(const std::string& subject, const Paint& paint) {
  for (const Topic& topic : all_topics()) {
    if (topic.name != subject) continue;
    fmt::print("{} ({})\n{}\n\n", paint.bold(topic.name), topic.kind, topic.doc);
    explain_rows(topic.rows(), paint);
    return true;
  }
  return false;
}

std::string scopes_of(const MetricInfo& metric) {
  std::vector<std::string> scopes;
  if (metric.scopes.summary) scopes.push_back("the whole scenario");
  if (metric.scopes.workload) scopes.push_back("workloads.ID");
  if (metric.scopes.resource) scopes.push_back("resources.ID");
  if (metric.scopes.window) scopes.push_back("time windows");
  return fmt::format("{}", fmt::join(scopes, ", "));
}

bool explain_metric(const std::string& subject, const Paint& paint) {
  const MetricInfo* metric = find_metric(subject);
  if (metric == nullptr) return false;
  fmt::print("{} (metric, in {})\n{}\n", paint.bold(subject), unit_of(metric->kind), metric->doc);
  fmt::print("\n  of:      {}\n  example: {} <= {}\n", scopes_of(*metric), subject, example_of(metric->kind));
  if (metric->sketch)
    fmt::print("  A quantile needs 10 samples beyond it: p99 is shown from 1000 samples on.\n");
  return true;
}

bool explain_code(const std::string& subject, const Paint& paint) {
  const auto code = code_from_text(subject);
  if (!code) return false;
  const CodeInfo& row = info(*code);
  fmt::print("{} ({}): {}\n{}\n", paint.bold(row.text), row.severity == Severity::error ? "error" : "warning",
             row.title, row.explanation);
  return true;
}

std::vector<std::string> distribution_lines() {
  Table table("ll");
  for (const DistributionForm& form : distribution_forms()) {
    std::string parameters = fmt::format("{}", fmt::join(form.needed, ", "));
    if (!form.optional.empty()) parameters += fmt::format(" [, {}]", fmt::join(form.optional, ", "));
    table.row({std::string(form.name), parameters});
  }
  return table.lines(2);
}

bool explain_distribution(const std::string& subject, const Paint& paint) {
  if (subject != "distribution") return false;
  fmt::print(
      "{}\nA bare quantity is a constant; else a map {{dist: NAME, ...}} with one of these sets of "
      "parameters:\n\n",
      paint.bold("distribution"));
  print_lines(distribution_lines());
  return true;
}

// "$0.096/h" in each price book, if it is there.
std::string hourly_price(const std::string& type) {
  std::string text;
  for (const std::string& name : price_book_names()) {
    const PriceBook book = load_price_book(name);
    const Price* price = book.find("BoxUsage:" + type);
    if (price != nullptr && price->usd)
      text += fmt::format("{}/h in {}", FieldType<PicoUsd>::show(*price->usd), name);
  }
  return text;
}

bool explain_instance_type(const std::string& subject, const Paint& paint) {
  const InstanceType* type = find_instance_type(subject);
  if (type == nullptr) return false;
  fmt::print("{} ({} instance type of EC2)\n", paint.bold(subject), type->family);
  fmt::print("  vCPUs    {}\n  memory   {}\n", type->vcpus, show(type->memory));
  if (type->bandwidth) fmt::print("  network  {} sustained", show(*type->bandwidth));
  if (type->burst_bandwidth) fmt::print(", {} in bursts", show(*type->burst_bandwidth));
  if (type->bandwidth) fmt::print("\n");
  fmt::print("  price    {}\n", hourly_price(subject));
  if (!type->credits) return true;
  const CreditTerms& credits = *type->credits;
  fmt::print("  credits  {} an hour, at most {}; baseline {} of each vCPU; {} mode by default\n",
             show(credits.per_hour), show(credits.cap), show(credits.baseline),
             FieldType<CpuCredits>::show(credits.mode));
  return true;
}

std::vector<std::string> all_subjects() {
  std::vector<std::string> subjects = {"distribution", "fault"};
  for (const Topic& topic : all_topics()) subjects.push_back(topic.name);
  for (const Scope scope : {Scope::summary, Scope::resource})
    for (const std::string& name : metric_names(scope)) subjects.push_back(name);
  for (const CodeInfo& code : diagnostic_table()) subjects.emplace_back(code.text);
  for (const auto& type : instance_type_book().types) subjects.push_back(type.id);
  return subjects;
}

// --- list ------------------------------------------------------------------------------------------------

std::vector<std::string> topic_lines(std::string_view kind) {
  Table table("ll");
  for (const Topic& topic : all_topics())
    if (topic.kind == kind) table.row({topic.name, topic.doc});
  return table.lines(2);
}

std::vector<std::string> metric_lines() {
  Table table("lll");
  for (const MetricInfo& metric : metric_table())
    table.row({std::string(metric.name) + (metric.sketch ? ".p50|p95|p99|p999" : ""),
               std::string(unit_of(metric.kind)), std::string(metric.doc)});
  return table.lines(2);
}

std::vector<std::string> code_lines() {
  Table table("ll");
  for (const CodeInfo& code : diagnostic_table())
    table.row({std::string(code.text), std::string(code.title)});
  return table.lines(2);
}

std::vector<std::string> price_lines() {
  Table table("ll");
  for (const std::string& name : price_book_names())
    table.row({name, "prices of " + load_price_book(name).date});
  return table.lines(2);
}

std::vector<std::string> instance_type_lines() {
  Table table("lrrl");
  for (const auto& type : instance_type_book().types)
    table.row(
        {type.id, fmt::format("{} vCPU", type.value.vcpus), show(type.value.memory), hourly_price(type.id)});
  return table.lines(2);
}

struct Listing {
  std::string_view kind;
  std::vector<std::string> (*lines)();
};
constexpr Listing kListings[] = {{"types", [] { return topic_lines("type"); }},
                                 {"sections", [] { return topic_lines("section"); }},
                                 {"steps", [] { return topic_lines("step"); }},
                                 {"actions", [] { return topic_lines("fault"); }},
                                 {"namespaces", [] { return topic_lines("namespace"); }},
                                 {"distributions", distribution_lines},
                                 {"metrics", metric_lines},
                                 {"codes", code_lines},
                                 {"prices", price_lines},
                                 {"instance-types", instance_type_lines}};

bool explain_faults(const std::string& subject, const Paint& paint) {
  if (subject != "fault") return false;
  explain_topic("faults", paint);
  fmt::print("\n{}\n", paint.bold("actions"));
  print_lines(topic_lines("fault"));
  return true;
}

}  // namespace

int explain_command(const std::string& subject, ColourChoice colour) {
  const Paint paint(wants_colour(colour, STDOUT_FILENO));
  if (explain_topic(subject, paint) || explain_metric(subject, paint) || explain_code(subject, paint) ||
      explain_instance_type(subject, paint) || explain_distribution(subject, paint) ||
      explain_faults(subject, paint))
    return finish_output(kExitOk);
  const auto subjects = all_subjects();
  const std::vector<std::string_view> known(subjects.begin(), subjects.end());
  const std::string hint = did_you_mean(subject, known);
  fmt::print(stderr, "error: nothing is named '{}'\n  {}\n", subject,
             hint.empty() ? "see: nephoscope list" : hint);
  return kExitInvalid;
}

std::vector<std::string> list_kinds() {
  std::vector<std::string> kinds;
  for (const Listing& listing : kListings) kinds.emplace_back(listing.kind);
  return kinds;
}

int list_command(const std::string& kind, ColourChoice colour) {
  const Paint paint(wants_colour(colour, STDOUT_FILENO));
  for (const Listing& listing : kListings) {
    if (!kind.empty() && kind != listing.kind) continue;
    if (kind.empty()) fmt::print("{}\n", paint.bold(listing.kind));
    print_lines(listing.lines());
  }
  return finish_output(kExitOk);
}

}  // namespace nephoscope
