#include "engine/queueing/gate.hpp"

namespace nephoscope {

void Gate::join(GateWait& wait) {
  line_.push_back(wait);
  ++waiting_;
  wait.cancel = [](Wait& base) {
    auto& self = static_cast<GateWait&>(base);
    self.gate.leave(self);
  };
  const auto expired = [](void* context) {
    auto& self = *static_cast<GateWait*>(context);
    self.gate.leave(self);
    self.status = WaitStatus::timed_out;
    self.gate.simulation_.resume_now(self);
  };
  wait.timer = wait.patience.start(simulation_, expired, &wait);
}

void Gate::leave(GateWait& wait) {
  wait.unlink();
  --waiting_;
  simulation_.cancel(wait.timer);
}

void Gate::release_all(WaitStatus status) {
  while (!line_.empty()) {
    GateWait& wait = line_.front();
    leave(wait);
    simulation_.end_wait(wait, status);
  }
}

}  // namespace nephoscope
