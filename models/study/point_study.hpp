// Draws the replications of one point of a study together into its result.
#pragma once

#include <cstdint>

#include "models/scenario.hpp"
#include "models/study/study_result.hpp"

namespace nephoscope {

// A variant, or a point of a sweep: what it is called and how its scenario is read. A study of one scenario
// is a point without a name.
struct Point {
  std::string name;
  LoadOptions load;
};

class PointStudy final {
 public:
  // REQUIRES: `scenario` was read with point.load and outlives this.
  PointStudy(const Point& point, const Scenario& scenario);

  // The report of the next replication: 0, 1, ...
  void take(std::uint32_t replication, Report report);
  // How precise the replications so far are in what the scenario asks for.
  std::vector<PrecisionResult> precision() const;

  // What was found, of `requested` replications. Leaves nothing behind.
  StudyResult close(std::uint32_t requested, StudyStatus status) &&;

 private:
  const Scenario& scenario_;
  StudyResult result_;
  Pooling pooling_;
  CostLedger ledger_;
};

}  // namespace nephoscope
