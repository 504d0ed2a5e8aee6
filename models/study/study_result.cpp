#include "models/study/study_result.hpp"

#include <algorithm>

namespace nephoscope {

void StudyResult::add_audits(std::uint32_t replication, const std::vector<AuditLine>& lines) {
  for (const AuditLine& line : lines) {
    const auto place = std::find_if(audits.begin(), audits.end(),
                                    [&](const StudyAudit& audit) { return audit.line.name == line.name; });
    if (place == audits.end()) {
      audits.push_back({line, replication, 1});
      continue;
    }
    ++place->replications;
    if (place->line.ok && !line.ok) place->line = line, place->replication = replication;
  }
}

bool StudyResult::audits_ok() const {
  return std::all_of(audits.begin(), audits.end(), [](const StudyAudit& audit) { return audit.line.ok; });
}

const MetricResult* StudyResult::find(const MetricKey& key) const {
  const auto place = std::find_if(metrics.begin(), metrics.end(),
                                  [&](const MetricResult& each) { return each.metric.key == key; });
  return place == metrics.end() ? nullptr : &*place;
}

int exit_status(const StudyResult& result, bool allow_inconclusive) {
  if (result.status == StudyStatus::failed || !result.audits_ok()) return kExitInternal;
  if (result.status == StudyStatus::interrupted) return kExitInterrupted;
  int status = kExitOk;
  for (const ExpectationResult& expectation : result.expectations) {
    if (expectation.verdict == Verdict::kFail || expectation.verdict == Verdict::kNoData)
      return kExitExpectationFailed;
    if (expectation.verdict == Verdict::kInconclusive && !allow_inconclusive) status = kExitInconclusive;
  }
  return status;
}

}  // namespace nephoscope
