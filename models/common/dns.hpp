// A DNS name whose record may change: whoever resolved it earlier goes on with the old answer.
#pragma once

#include "engine/base/time.hpp"
#include "models/common/request.hpp"

namespace nephoscope {

class DnsName {
 public:
  virtual ~DnsName() = default;
  // Where a client goes that was told the record at `asked`. REQUIRES: asked <= now.
  virtual Endpoint& address_at(Time asked) const = 0;
  // How long resolvers may keep an answer.
  virtual Duration ttl() const = 0;
  // When the record last changed; Time{} if it never has.
  virtual Time last_change() const = 0;
};

}  // namespace nephoscope
