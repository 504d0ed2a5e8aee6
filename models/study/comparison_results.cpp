#include "models/study/comparison_results.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "models/study/results.hpp"
#include "models/study/results_parts.hpp"
#include "models/study/sha256.hpp"

namespace nephoscope {
namespace {

// By the runs that are compared: 12 hexadecimal digits.
std::string comparison_id(const Comparison& comparison) {
  constexpr std::size_t digits = 12;
  std::string runs;
  for (const StudyResult& study : comparison.studies) runs += run_id(study) + "\n";
  return sha256_hex(runs).substr(0, digits);
}

Json variants_json(const Comparison& comparison) {
  Json out = Json::object();
  for (std::size_t i = 1; i < comparison.studies.size(); ++i) {
    const StudyResult& study = comparison.studies[i];
    Json variant;
    variant["scenario"] = {{"name", study.name}, {"path", study.path}, {"sha256", study.sha256}};
    variant["replications"] = study.replications;
    variant["fingerprint"] = fmt::format("{:016x}", study.fingerprint);
    variant["price_book"] = study.price_book;
    results::add_findings(study, variant);
    out[study.point] = std::move(variant);
  }
  return out;
}

Json differences_json(const Comparison& comparison) {
  Json out = Json::array();
  for (const MetricDifference& each : comparison.differences) {
    Json difference = {{"a", comparison.baseline().point},
                       {"b", comparison.studies[each.variant].point},
                       {"metric", results::metric_path(each.key)},
                       {"mean", results::number(each.value)},
                       {"ci95", results::interval(each.interval)},
                       {"ci95_joint", results::interval(each.joint)},
                       {"unit", each.unit}};
    if (!each.reason.empty()) difference["reason"] = each.reason;
    out.push_back(std::move(difference));
  }
  return out;
}

Json rankings_json(const Comparison& comparison) {
  Json out = Json::object();
  for (const MetricRanking& ranking : comparison.rankings) {
    Json order = Json::array();
    for (const Ranked& each : ranking.order)
      order.push_back({{"variant", comparison.studies[each.variant].point},
                       {"mean", results::number(each.mean)},
                       {"rank", each.rank}});
    out[results::metric_path(ranking.metric.key)] = std::move(order);
  }
  return out;
}

Json front_json(const Comparison& comparison) {
  const auto name = [&](std::size_t study) { return comparison.studies[study].point; };
  Json out = Json::array();
  for (const FrontPlace& place : comparison.front) {
    Json undecided = Json::array();
    for (const std::size_t other : place.undecided) undecided.push_back(name(other));
    out.push_back({{"variant", name(place.study)},
                   {"on_front", !place.beaten_by},
                   {"beaten_by", place.beaten_by ? Json(name(*place.beaten_by)) : Json(nullptr)},
                   {"beaten_uncertainly", place.beaten_uncertainly},
                   {"undecided", std::move(undecided)}});
  }
  return out;
}

}  // namespace

std::string results_json(const Comparison& comparison, std::string_view version) {
  Json out = results::header(comparison.baseline(), version);
  out["run_id"] = comparison_id(comparison);
  out["baseline"] = comparison.baseline().point;
  results::add_findings(comparison.baseline(), out);
  out["variants"] = variants_json(comparison);
  out["differences"] = differences_json(comparison);
  out["rankings"] = rankings_json(comparison);
  out["pareto"] = front_json(comparison);
  return results::file_text(out, "variants");
}

std::string results_csv(const Comparison& comparison) {
  const std::string run = comparison_id(comparison);
  std::string text = results::csv_header();
  for (const StudyResult& study : comparison.studies) results::add_rows(study, run, text);
  const StudyResult& baseline = comparison.baseline();
  for (const MetricDifference& each : comparison.differences) {
    const std::string point = comparison.studies[each.variant].point + " - " + baseline.point;
    text += fmt::format("{},{},{},,{},{},{},{},{}\n", run, results::cell(baseline.name), results::cell(point),
                        baseline.seed, results::metric_cells(each.key), each.unit, results::cell(each.value),
                        results::cells(each.interval));
  }
  return text;
}

}  // namespace nephoscope
