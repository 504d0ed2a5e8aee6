#include "models/common/resource.hpp"

#include <algorithm>

#include "engine/base/check.hpp"
#include "models/common/deployment.hpp"
#include "models/common/references.hpp"

namespace nephoscope {

CloudWatch& Wiring::cloudwatch() const { fail_check("wiring", "there is no CloudWatch here"); }
Compute& Wiring::compute() const { fail_check("wiring", "there is no EC2 here"); }
TargetGroup& Wiring::target_group(std::string_view id) const {
  fail_check("wiring", "'" + std::string(id) + "' is no target group");
}
Fleet& Wiring::fleet(std::string_view id) const {
  fail_check("wiring", "'" + std::string(id) + "' has no machines");
}
DeploymentTarget& Wiring::deployment_target(std::string_view id) const {
  fail_check("wiring", "nothing can be shipped to '" + std::string(id) + "'");
}
AutoScalingGroup& Wiring::auto_scaling_group(std::string_view id) const {
  fail_check("wiring", "'" + std::string(id) + "' is no Auto Scaling group");
}
LoadBalancerControl& Wiring::load_balancer(std::string_view id) const {
  fail_check("wiring", "'" + std::string(id) + "' is no load balancer");
}
Removable& Wiring::removable(std::string_view id) const {
  fail_check("wiring", "'" + std::string(id) + "' cannot be removed");
}
Rebootable& Wiring::rebootable(std::string_view id) const {
  fail_check("wiring", "'" + std::string(id) + "' has no nodes to reboot");
}
DynamoDbTable& Wiring::dynamodb_table(std::string_view id) const {
  fail_check("wiring", "'" + std::string(id) + "' is no DynamoDB table");
}
RecordStream& Wiring::record_stream(std::string_view id) const {
  fail_check("wiring", "'" + std::string(id) + "' has no stream");
}
ScalableDimension& Wiring::scalable_dimension(std::string_view id, std::string_view,
                                              std::string_view dimension) const {
  fail_check("wiring", "'" + std::string(id) + "' has no " + std::string(dimension) + " to scale");
}
const DnsName* Wiring::dns_name(std::string_view) const { return nullptr; }

void DeploymentTarget::change_instance_type(const std::string& deployment, const std::string&,
                                            DeploymentListener&) {
  fail_check("wiring", "the target of '" + deployment + "' does not change its instance type");
}

void check_application(const Reference& application, const std::optional<Reference>& version,
                       const Defined& defined, Diagnostics& diagnostics) {
  const auto found = defined.versions.find(application.id);
  if (found == defined.versions.end()) return report_no_application(application, defined, diagnostics);
  if (!version) return;
  const auto& versions = found->second;
  if (std::find(versions.begin(), versions.end(), version->id) != versions.end()) return;
  const std::vector<std::string_view> known(versions.begin(), versions.end());
  report_unknown_reference(*version, "version of '" + application.id + "'", known, diagnostics);
}

}  // namespace nephoscope
