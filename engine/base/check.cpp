#include "engine/base/check.hpp"

namespace nephoscope {

void fail_check(std::string_view component, std::string_view message) {
  throw CheckFailure(fmt::format("{}: {}", component, message));
}

}  // namespace nephoscope
