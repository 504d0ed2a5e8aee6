// What Elastic Beanstalk refuses: option settings that do not go together.
#pragma once

#include "engine/config/context.hpp"

namespace nephoscope::elasticbeanstalk {

struct EnvironmentConfig;

// Reports each at the setting that holds, wherever it is written; else at the environment `node`.
void check_environment(const EnvironmentConfig& config, const Node& node, Context& context);

}  // namespace nephoscope::elasticbeanstalk
