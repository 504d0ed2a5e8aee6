#include "models/network/metering.hpp"

namespace nephoscope::network {

Metering::Traffic* Metering::of(OwnerId owner) {
  if (!owner) return nullptr;
  if (traffic_.size() <= owner.value) traffic_.resize(owner.value + 1);
  return &traffic_[owner.value];
}

void Metering::count(PlaceId from, PlaceId to, Bytes size) {
  if (size.count == 0) return;
  const Location& a = locations_[from];
  const Location& b = locations_[to];
  if (a.pays_between_zones && b.pays_between_zones && a.zone != b.zone)
    for (const OwnerId end : {a.owner, b.owner})
      if (Traffic* const traffic = of(end)) traffic->between_zones += size.count;
  Traffic* const sender = of(a.owner);
  if (sender == nullptr) return;
  if (b.clients) {
    sender->to_internet += size.count;
  } else if (b.region != home_) {
    sender->to_regions.resize(regions_.size());
    sender->to_regions[b.region] += size.count;
  }
}

void Metering::bill(UsageMeter& meter) const {
  for (std::uint32_t i = 0; i < traffic_.size(); ++i) {
    const Traffic& traffic = traffic_[i];
    const std::string& owner = locations_.owners().name(OwnerId(i));
    const auto add = [&](const std::string& usage_type, std::int64_t bytes) {
      if (bytes > 0) meter.add(owner, usage_type, bytes);
    };
    add("DataTransfer-Regional-Bytes", traffic.between_zones);
    add("DataTransfer-Out-Bytes", traffic.to_internet);
    for (std::size_t region = 0; region < traffic.to_regions.size(); ++region)
      add(regions_.code(region) + "-AWS-Out-Bytes", traffic.to_regions[region]);
  }
}

}  // namespace nephoscope::network
