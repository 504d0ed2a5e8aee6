// What to say of an id that does not name what is needed: nothing has it, or something of another kind.
#pragma once

#include "engine/config/context.hpp"
#include "models/common/resource.hpp"

namespace nephoscope {

// REQUIRES: `target` is not among `defined.endpoints`.
void report_no_endpoint(const Reference& target, const Defined& defined, Diagnostics& diagnostics);
// REQUIRES: `application` is not among `defined.applications`.
void report_no_application(const Reference& application, const Defined& defined, Diagnostics& diagnostics);

// Reports a fleet that is not made of EC2 instances: what runs on them hears of them through Compute::watch.
void check_instances(const Reference& fleet, const Defined& defined, Diagnostics& diagnostics);

}  // namespace nephoscope
