#include "engine/base/check.hpp"
#include "models/elasticbeanstalk/environment.hpp"

namespace nephoscope::elasticbeanstalk {

std::unique_ptr<Resource> EnvironmentConfig::build(World&, const std::string& id) const {
  fail_check("elasticbeanstalk", "no controller for " + id);
}

}  // namespace nephoscope::elasticbeanstalk
