// How long a process is willing to wait: for ever, a TimeoutClass's length, or a length of its own.
//
//   co_await station.serve(work, {.patience = 30s});
//   co_await station.serve(work, {.patience = thirty_seconds});  // a TimeoutClass: cheaper, see Simulation
#pragma once

#include <chrono>
#include <cstdint>

#include "engine/base/time.hpp"
#include "engine/core/simulation.hpp"

namespace nephoscope {

class Patience final {
 public:
  constexpr Patience() = default;
  constexpr Patience(TimeoutClass length) : kind_(Kind::constant), constant_(length) {}
  // REQUIRES: length >= 0. Zero means: only if there is nothing to wait for.
  template <typename Rep, typename Period>
  constexpr Patience(std::chrono::duration<Rep, Period> length) : kind_(Kind::once), once_(length) {}

  constexpr bool limited() const { return kind_ != Kind::endless; }

  // Schedules `expired(context)` for when patience runs out. A Timer that names nothing if it never does.
  Timer start(Simulation& simulation, Simulation::Callback expired, void* context) const {
    if (kind_ == Kind::endless) return {};
    return kind_ == Kind::constant ? simulation.after(constant_, expired, context)
                                   : simulation.after(once_, expired, context);
  }

 private:
  enum class Kind : std::uint8_t { endless, constant, once };
  Kind kind_ = Kind::endless;
  TimeoutClass constant_{};
  Duration once_{};
};

}  // namespace nephoscope
