#include "models/elasticbeanstalk/settings.hpp"

#include <algorithm>

namespace nephoscope::elasticbeanstalk {

int Settings::batch_of(int instances) const {
  const int asked =
      batch_size_type == BatchSizeType::fixed ? batch_size : (instances * batch_size + 99) / 100;
  return std::clamp(asked, 1, instances);
}

// Defaults: Developer Guide, General options, aws:autoscaling:updatepolicy:rollingupdate.
int Settings::rolling_update_batch() const { return max_batch_size.value_or((group_min() + 2) / 3); }

int Settings::rolling_update_in_service() const {
  return min_instances_in_service.value_or(std::min(group_min(), group_max() - 1));
}

}  // namespace nephoscope::elasticbeanstalk
