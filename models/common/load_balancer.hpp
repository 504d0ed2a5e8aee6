// What a controller that owns a load balancer (Elastic Beanstalk) does to it.
//
// The implementation is models/elasticloadbalancing.
#pragma once

#include <cstdint>
#include <string>

namespace nephoscope {

class LoadBalancerControl {
 public:
  virtual ~LoadBalancerControl() = default;
  // ModifyListener: the weight of one of the target groups of the default action, 0 to 999. Requests that are
  // under way are not touched. REQUIRES: it forwards to that group.
  virtual void set_weight(const std::string& target_group, std::int64_t weight) = 0;
  // CreateLoadBalancer and DeleteLoadBalancer: one that is not provisioned is not billed and answers nobody;
  // clients wait until their time-out. Every load balancer begins provisioned.
  virtual void set_provisioned(bool provisioned) = 0;
};

}  // namespace nephoscope
