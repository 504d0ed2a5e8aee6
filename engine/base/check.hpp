// Checks of a programmer's assumptions. They stay on in release builds.
//
// A failed check throws CheckFailure. The command's main() prints it with the simulated time and the seed
// and exits with status 70. User input never ends here: it becomes a Diagnostic (diagnostics.hpp); a failure
// that the simulation models (a time-out, a throttle) is an ordinary value.
#pragma once

#include <fmt/format.h>

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace nephoscope {

// An assumption of the program itself did not hold. `what()` opens with the component's name.
class CheckFailure : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

[[noreturn]] void fail_check(std::string_view component, std::string_view message);

// Throws CheckFailure unless `condition` holds. `component` names the part of the program ("core",
// "pricing").
template <typename... Args>
inline void check(bool condition, std::string_view component, fmt::format_string<Args...> message,
                  Args&&... args) {
  if (!condition) [[unlikely]]
    fail_check(component, fmt::format(message, std::forward<Args>(args)...));
}

}  // namespace nephoscope
