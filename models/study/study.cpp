#include "models/study/study.hpp"

#include "models/study/points.hpp"

namespace nephoscope {

StudyResult run_study(const Scenario& scenario, const LoadOptions& loaded_with, const StudyOptions& options) {
  const Point point = {.name = "", .load = loaded_with};
  return run_points({&point, 1}, {&scenario, 1}, options).front();
}

}  // namespace nephoscope
