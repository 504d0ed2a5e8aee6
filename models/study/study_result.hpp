// What a study found: everything that results.json, tables and reports show.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/time.hpp"
#include "engine/config/context.hpp"
#include "models/study/cost.hpp"
#include "models/study/pooling.hpp"
#include "models/study/precision.hpp"
#include "models/study/workers.hpp"

namespace nephoscope {

// A metric as results show it.
struct MetricResult {
  PooledMetric metric;
  Interval interval;  // see interval_of()
};

struct ExpectationResult {
  std::string text;
  Verdict verdict = Verdict::kNoData;
  MetricKind kind = MetricKind::number;
  double value = 0;  // pooled; NaN without data
  Interval interval;
  std::string reason;
};

// One audit over all replications.
struct StudyAudit {
  AuditLine line;                  // of the first replication in which it failed, else of the first
  std::uint32_t replication = 0;   // whose line it is
  std::uint32_t replications = 0;  // that were audited so
};

struct StudyResult {
  std::string name;
  std::string description;  // the scenario's own words; may be empty
  std::string path;
  std::string sha256;                  // of the scenario's text
  std::string point;                   // as a comparison or sweep calls it; empty for a run by itself
  std::string variant;                 // empty for the base
  bool without = false;                // the changes of `without:` were applied
  std::vector<std::string> overrides;  // "path=value"
  Duration duration{};                 // of a replication, warm-up included
  Duration warmup{};
  std::int64_t seed = 0;
  std::int64_t requested = 0;     // replications
  std::int64_t replications = 0;  // that finished and count
  StudyStatus status = StudyStatus::complete;

  std::vector<MetricResult> metrics;
  std::vector<PrecisionResult> precision;  // empty unless the scenario asks for it
  std::vector<ExpectationResult> expectations;
  std::vector<MeanBillLine> bill;
  std::string monthly_reason;      // why there is no cost.monthly; empty if there is
  Report pooled;                   // series and causes of all replications, timeline of the first
  std::vector<StudyAudit> audits;  // by name, in order of first appearance
  std::uint64_t fingerprint = 0;   // of all replications' events
  std::vector<AssumptionInForce> assumptions;
  std::string price_book;  // "us-east-1, 2026-07-20"
  double wall_seconds = 0;

  bool partial() const { return replications < requested; }
  void add_audits(std::uint32_t replication, const std::vector<AuditLine>& lines);
  bool audits_ok() const;
  // Null if there is no such metric.
  const MetricResult* find(const MetricKey& key) const;
};

// Exit statuses of a run.
inline constexpr int kExitOk = 0;
inline constexpr int kExitExpectationFailed = 1;  // or had no data
inline constexpr int kExitInvalid = 2;            // usage error or invalid scenario; nothing ran
inline constexpr int kExitInconclusive = 3;
inline constexpr int kExitInternal = 70;  // a failed check, audit, or worker
inline constexpr int kExitInterrupted = 130;
int exit_status(const StudyResult& result, bool allow_inconclusive);

}  // namespace nephoscope
