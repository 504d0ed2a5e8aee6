// A resource that a controller deletes together with the environment that it belongs to, such as a database.
//
// The implementation is models/station.
#pragma once

#include <string>

namespace nephoscope {

class Removable {
 public:
  virtual ~Removable() = default;
  // It is gone from now on: requests in progress end with a reset connection (ConnectionReset), later ones
  // are refused (ConnectionRefused), and it is billed up to now. Logged with the reason. Ignored if it is
  // gone.
  virtual void remove(const std::string& reason) = 0;
};

}  // namespace nephoscope
