#include "models/elasticbeanstalk/resource_settings.hpp"

#include <algorithm>

namespace nephoscope::elasticbeanstalk {

int Trigger::periods() const {
  if (evaluation_periods) return *evaluation_periods;
  return breach_duration ? std::max(1, static_cast<int>(*breach_duration / period)) : 1;
}

}  // namespace nephoscope::elasticbeanstalk
