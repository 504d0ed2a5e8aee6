#include "models/common/compute.hpp"

#include "models/common/world.hpp"

namespace nephoscope {

std::string where(const World& world, const Instance& instance) {
  std::string text = world.show(instance.site());
  if (const auto partition = instance.partition()) text += " partition " + std::to_string(*partition);
  return text;
}

}  // namespace nephoscope
