// Which Spot instances EC2 takes back, and when.
#pragma once

#include <cstdint>
#include <vector>

#include "models/ec2/instance.hpp"

namespace nephoscope::ec2 {

// `count` of the instances, by draws that belong to them and the event. REQUIRES: count <= size.
std::vector<Ec2Instance*> choose_spot(std::vector<Ec2Instance*> instances, std::size_t count, Region& region,
                                      std::uint64_t event);

// Reclaims of one pool: an instance type in a zone. Nothing happens to a pool without instances; when
// reclaims happen does not depend on when it has any.
class SpotPool final {
 public:
  // Finds the pool's instances that may be reclaimed.
  class Source {
   public:
    virtual ~Source() = default;
    virtual std::vector<Ec2Instance*> reclaimable(const std::string& type, ZoneId zone) = 0;
  };
  // REQUIRES: region and source outlive it; reclaims happen in this configuration.
  SpotPool(Region& region, Source& source, std::string type, ZoneId zone);
  SpotPool(const SpotPool&) = delete;
  SpotPool& operator=(const SpotPool&) = delete;

 private:
  Duration time_to_next();
  void plan();
  void reclaim();
  void reclaim_one(Ec2Instance& instance, std::uint64_t event) const;

  Region& region_;
  Source& source_;
  std::string type_;
  ZoneId zone_;
  std::uint64_t entity_;
  std::uint64_t events_ = 0;
};

}  // namespace nephoscope::ec2
