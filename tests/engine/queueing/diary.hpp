// What the processes of a test saw, as text: "1 done 2, 2 timed_out 3.5" = who, how the wait ended, at which
// second.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>

#include "engine/core/simulation.hpp"

namespace nephoscope {

class Diary {
 public:
  explicit Diary(Simulation& simulation) : simulation_(simulation) {}

  void add(int who, WaitStatus status) {
    static constexpr std::string_view kNames[] = {"done", "timed_out", "rejected", "interrupted"};
    if (!text_.empty()) text_ += ", ";
    text_ += fmt::format("{} {} {:g}", who, kNames[static_cast<std::size_t>(status)],
                         to_seconds(simulation_.now()));
  }
  // Everything since the last call.
  std::string take() { return std::exchange(text_, {}); }

 private:
  Simulation& simulation_;
  std::string text_;
};

// Interrupts all processes of `group` at `instant`.
inline void interrupt_at(Simulation& simulation, Time instant, ProcessGroup& group) {
  simulation.at(
      instant, [](void* context) { static_cast<ProcessGroup*>(context)->interrupt_all(); }, &group);
}

}  // namespace nephoscope
