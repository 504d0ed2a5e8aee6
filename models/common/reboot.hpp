// Nodes that can be rebooted one by one and are no EC2 instances, such as those of a cache.
//
// The implementation is models/dax. Source: DAX API reference, RebootNode.
#pragma once

#include <string>
#include <vector>

namespace nephoscope {

class Rebootable {
 public:
  virtual ~Rebootable() = default;
  // In a fixed order: "orders-cache/node-2".
  virtual std::vector<std::string> running_nodes() const = 0;
  // What is in progress ends, what the node holds in memory is lost, and it serves again after a while.
  // REQUIRES: it is one of the resource's nodes; ignored if it does not run.
  virtual void reboot_node(const std::string& name) = 0;
};

}  // namespace nephoscope
