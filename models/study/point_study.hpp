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
  std::uint32_t replications() const { return pooling_.replications(); }
  const Pooling& pooling() const { return pooling_; }

  // What was found, of `requested` replications. Leaves nothing behind.
  StudyResult close(std::uint32_t requested, StudyStatus status) &&;

 private:
  const Scenario& scenario_;
  StudyResult result_;
  Pooling pooling_;
  CostLedger ledger_;
};

}  // namespace nephoscope
