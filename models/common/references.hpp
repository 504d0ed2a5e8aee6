// What to say of an id that does not name what is needed: nothing has it, or something of another kind.
#pragma once

#include "engine/config/context.hpp"
#include "models/common/resource.hpp"

namespace nephoscope {

// REQUIRES: `target` is not among `defined.endpoints`.
void report_no_endpoint(const Reference& target, const Defined& defined, Diagnostics& diagnostics);
// REQUIRES: `application` is not among `defined.applications`.
void report_no_application(const Reference& application, const Defined& defined, Diagnostics& diagnostics);

// Whether its machines are EC2 instances: its own, or (a composite) those of a part of it.
bool has_instances(const std::string& id, const Defined& defined);
bool owns_instances(const std::string& id, const Defined& defined);
// REQUIRES: it has none, or (where that is needed) owns none.
void report_no_instances(const Reference& resource, const Defined& defined, Diagnostics& diagnostics);

// Reports a zone that is not among the run's.
void check_zone(const Reference& zone, const Defined& defined, Diagnostics& diagnostics);
// Reports a Region that is not known, or whose round trip to `other` is not.
void check_regions(const Reference& region, std::string_view other, const Defined& defined,
                   Diagnostics& diagnostics);

}  // namespace nephoscope
