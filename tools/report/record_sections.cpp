#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "engine/base/time.hpp"
#include "tools/nephoscope/numbers.hpp"
#include "tools/report/sections.hpp"
#include "tools/report/tables.hpp"

namespace nephoscope::report {
namespace {

constexpr std::size_t kEventRows = 300;  // for each variant

std::string_view mark_of(Verdict verdict) {
  if (verdict == Verdict::kPass) return "✓ pass";
  if (verdict == Verdict::kInconclusive) return "? inconclusive";
  return verdict == Verdict::kFail ? "✗ fail" : "✗ no data";
}

void write_expectation(Html& html, const StudyResult& study, const ExpectationResult& each) {
  html.open("tr").element("th", study.point, {{"scope", "row"}});
  html.element("td", each.text, {{"class", "text"}});
  html.element("td", mark_of(each.verdict), {{"class", std::string(to_string(each.verdict))}});
  html.element("td", show_value(each.kind, each.value), {{"class", "n"}});
  const std::string interval = show_interval(each.kind, each.interval);
  html.element("td", interval.empty() ? "no interval" : interval,
               {{"class", interval.empty() ? "n dim" : "n"}});
  html.element("td", each.reason, {{"class", "text"}}).close();
}

// --- events ----------------------------------------------------------------------------------------------

using Events = std::vector<const LoggedEvent*>;

// At most kEventRows: kinds of which there are most are left out first, the one left is cut at the end.
Events shown_events(const std::vector<LoggedEvent>& timeline) {
  std::map<std::string, std::size_t> counts;
  for (const LoggedEvent& event : timeline) ++counts[event.kind];
  std::size_t all = timeline.size();
  while (all > kEventRows && counts.size() > 1) {
    const auto most = std::max_element(counts.begin(), counts.end(),
                                       [](const auto& a, const auto& b) { return a.second < b.second; });
    all -= most->second;
    counts.erase(most);
  }
  Events shown;
  for (const LoggedEvent& event : timeline)
    if (counts.contains(event.kind) && shown.size() < kEventRows) shown.push_back(&event);
  return shown;
}

// Those that events are left out of: "target and routing".
std::string left_out(const std::vector<LoggedEvent>& timeline, const Events& shown) {
  std::map<std::string, std::ptrdiff_t> counts;
  for (const LoggedEvent& event : timeline) ++counts[event.kind];
  for (const LoggedEvent* event : shown) --counts[event->kind];
  std::vector<std::string> texts;
  for (const auto& [kind, count] : counts)
    if (count > 0) texts.push_back(fmt::format("{} of kind {}", count, kind));
  return fmt::format("{}", fmt::join(texts, ", "));
}

// "1:25:00": hours, minutes and seconds since the start, cut to whole seconds.
std::string clock_text(Time time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count();
  return fmt::format("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

void write_log(Html& html, const StudyResult& study) {
  const std::vector<LoggedEvent>& timeline = study.pooled.timeline;
  const Events shown = shown_events(timeline);
  const std::string missing = left_out(timeline, shown);
  html.open("details").element("summary", fmt::format("{}: {} events", study.point, timeline.size()));
  open_table(html, missing.empty() ? "Times count from the start of the run."
                                   : fmt::format("Left out here, but in results.json: {}.", missing));
  write_columns(html, {"#time", "resource", "kind", "event"});
  html.open("tbody");
  for (const LoggedEvent* event : shown) {
    html.open("tr").element("td", clock_text(event->time), {{"class", "n"}});
    html.element("td", event->resource).element("td", event->kind);
    html.element("td", event->text, {{"class", "text"}}).close();
  }
  html.close();
  close_table(html);
  html.close();
}

// --- bills -----------------------------------------------------------------------------------------------

const MeanBillLine* find_line(const StudyResult& study, const UsageKey& key) {
  const auto place = std::find_if(study.bill.begin(), study.bill.end(), [&](const MeanBillLine& line) {
    return line.resource == key.resource && line.usage_type == key.usage_type;
  });
  return place == study.bill.end() ? nullptr : &*place;
}

// Lines of all bills, those that cost most anywhere first.
std::vector<UsageKey> bill_keys(const Comparison& comparison) {
  std::map<UsageKey, double> dearest;
  for (const StudyResult& study : comparison.studies)
    for (const MeanBillLine& line : study.bill) {
      double& usd = dearest[{line.resource, line.usage_type}];
      usd = std::max(usd, line.usd);
    }
  std::vector<UsageKey> keys;
  for (const auto& [key, usd] : dearest) keys.push_back(key);
  std::stable_sort(keys.begin(), keys.end(),
                   [&](const UsageKey& a, const UsageKey& b) { return dearest.at(a) > dearest.at(b); });
  return keys;
}

void write_bill_row(Html& html, const Comparison& comparison, const UsageKey& key) {
  html.open("tr").element("th", key.resource, {{"scope", "row"}}).element("td", key.usage_type);
  for (const StudyResult& study : comparison.studies) {
    html.open("td", {{"class", "n"}});
    if (const MeanBillLine* line = find_line(study, key))
      html.text(show_value(MetricKind::money, line->usd))
          .element("small", fmt::format("{} {}", significant(line->quantity), line->unit));
    html.close();
  }
  html.close();
}

void write_total_row(Html& html, const Comparison& comparison) {
  html.open("tfoot").open("tr").element("th", "total", {{"scope", "row"}}).element("td", "");
  for (const StudyResult& study : comparison.studies) {
    double total = 0;
    for (const MeanBillLine& line : study.bill) total += line.usd;
    html.open("td", {{"class", "n"}}).element("b", show_value(MetricKind::money, total)).close();
  }
  html.close().close();
}

// --- what several variants share -------------------------------------------------------------------------

// Rows of text with the names of the variants that have them, in order of first appearance.
class SharedRows final {
 public:
  void add(const std::vector<std::string>& row, const std::string& variant) {
    const auto same =
        std::find_if(rows_.begin(), rows_.end(), [&](const auto& each) { return each.first == row; });
    if (same == rows_.end())
      rows_.push_back({row, {variant}});
    else
      same->second.push_back(variant);
  }
  void write(Html& html, std::size_t variants) const {
    for (const auto& [row, names] : rows_) {
      html.open("tr").element("th", row.front(), {{"scope", "row"}, {"class", "text"}});
      for (std::size_t i = 1; i < row.size(); ++i)
        html.element("td", row[i], {{"class", i + 1 == row.size() ? "text" : ""}});
      if (variants > 1)
        html.element("td", names.size() == variants ? "all" : fmt::format("{}", fmt::join(names, ", ")));
      html.close();
    }
  }

 private:
  std::vector<std::pair<std::vector<std::string>, std::vector<std::string>>> rows_;
};

void write_shared(Html& html, std::vector<std::string> columns, const SharedRows& rows,
                  std::size_t variants) {
  if (variants > 1) columns.emplace_back("variants");
  write_columns(html, columns);
  html.open("tbody");
  rows.write(html, variants);
  html.close();
}

}  // namespace

void open_section(Html& html, std::string_view id, std::string_view heading) {
  html.open("section", {{"id", std::string(id)}}).element("h2", heading);
}

void write_expectations(Html& html, const Comparison& comparison) {
  open_section(html, "expectations", "Expectations");
  const auto& studies = comparison.studies;
  if (std::all_of(studies.begin(), studies.end(),
                  [](const auto& each) { return each.expectations.empty(); })) {
    html.element("p", "The scenario states none.").close();
    return;
  }
  open_table(html, "An expectation passes where its whole interval meets the bound.");
  write_columns(html, {"variant", "expectation", "verdict", "#value", "#95 % interval", "reason"});
  html.open("tbody");
  for (const StudyResult& study : comparison.studies)
    for (const ExpectationResult& each : study.expectations) write_expectation(html, study, each);
  html.close();
  close_table(html);
  html.close();
}

void write_events(Html& html, const Comparison& comparison) {
  open_section(html, "events", "Events of the control plane");
  html.element("p", "Every decision of the first replication, with its reason.");
  for (const StudyResult& study : comparison.studies) write_log(html, study);
  html.close();
}

void write_bills(Html& html, const Comparison& comparison) {
  open_section(html, "bills", "Bills of the run");
  open_table(html,
             fmt::format("US dollars and metered quantities, means over replications. Prices: {}.",
                         comparison.baseline().price_book),
             "dense");
  std::vector<std::string> columns = {"resource", "usage type"};
  for (const StudyResult& study : comparison.studies) columns.push_back("#" + study.point);
  write_columns(html, columns);
  html.open("tbody");
  for (const UsageKey& key : bill_keys(comparison)) write_bill_row(html, comparison, key);
  html.close();
  write_total_row(html, comparison);
  close_table(html);
  html.close();
}

void write_assumptions(Html& html, const Comparison& comparison) {
  SharedRows rows;
  for (const StudyResult& study : comparison.studies)
    for (const AssumptionInForce& each : study.assumptions)
      rows.add({each.path, each.value, each.source}, study.point);
  open_section(html, "assumptions", "Assumptions in force");
  open_table(html, "What AWS does not publish, or what the scenario leaves open; a scenario can set each.",
             "dense");
  write_shared(html, {"path", "value", "source"}, rows, comparison.studies.size());
  close_table(html);
  html.close();
}

void write_audits(Html& html, const Comparison& comparison) {
  SharedRows rows;
  std::size_t count = 0, failed = 0;
  for (const StudyResult& study : comparison.studies)
    for (const StudyAudit& audit : study.audits) {
      rows.add({audit.line.name, audit.line.ok ? "✓ holds" : "✗ failed", audit.line.detail}, study.point);
      ++count;
      failed += audit.line.ok ? 0 : 1;
    }
  open_section(html, "audits", "Audits");
  html.open("details").element("summary", failed == 0 ? fmt::format("all {} hold in every replication", count)
                                                      : fmt::format("{} of {} failed", failed, count));
  open_table(html, "Laws that hold in every run; the figures are those of one replication.");
  write_shared(html, {"audit", "result", "figures"}, rows, comparison.studies.size());
  close_table(html);
  html.close().close();
}

}  // namespace nephoscope::report
