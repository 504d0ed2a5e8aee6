// What `explain` and `list` say of Elastic Beanstalk's option settings, from the table that reads them.
#pragma once

#include <vector>

#include "tools/nephoscope/topics.hpp"

namespace nephoscope {

// One topic a namespace that has known options, of kind "namespace".
void add_option_namespaces(std::vector<Topic>& topics);

}  // namespace nephoscope
