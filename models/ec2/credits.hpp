// The CPU credits of one burstable instance.
//
// One credit is one vCPU at 100 % for a minute; what is earned and spent is settled step by step, however
// long the steps are (EC2 User Guide, burstable performance instances: key concepts, standard mode, unlimited
// mode). In steps in which earning and spending alternate around the cap or zero, only their difference
// counts: callers keep steps to a minute.
#pragma once

#include "models/common/instance_type.hpp"

namespace nephoscope::ec2 {

// vCPU-minutes at 100 %.
struct Credits {
  double count = 0;
  constexpr auto operator<=>(const Credits&) const = default;
};

class CreditAccount final {
 public:
  CreditAccount(const CreditTerms& terms, CpuCredits mode) : terms_(terms), mode_(mode) {}

  // A start: launch credits, if the mode and type give any and the account's limit allows.
  void start(int vcpus, bool launch_credits_allowed);
  // Time in the state running, in which the instance has used so much CPU.
  void pass(Duration span, Credits spent);
  // The end of an hour: surplus credits beyond a day's earnings are charged.
  void end_hour();
  // Stopped or terminated: all surplus is charged, and the balance of a t2 is lost.
  void stop(bool keeps_balance);

  // What the metric CPUCreditBalance shows: launch credits included, never below 0.
  Credits balance() const;
  Credits surplus() const { return {surplus_}; }
  Credits charged() const { return {charged_}; }
  Credits spent() const { return {spent_}; }
  // Credits earned in a minute, which is also the number of vCPUs that they sustain.
  double earned_per_minute() const { return terms_.per_hour / 60; }
  // In standard mode with nothing left.
  bool exhausted() const;
  // What is left to spend before exhausted(); REQUIRES: standard mode.
  Credits left() const { return {balance_ + launch_}; }
  bool standard() const { return mode_ == CpuCredits::standard; }
  Probability baseline() const { return terms_.baseline; }

  // What came in and what went out, against what is there: 0 but for rounding.
  double imbalance() const;

 private:
  CreditTerms terms_;
  CpuCredits mode_;
  double balance_ = 0;  // a step that overdraws it leaves it below 0 until earnings have made up for it
  double launch_ = 0;   // launch credits, spent first
  double surplus_ = 0;  // spent in advance, not yet earned
  double charged_ = 0;
  // Since the launch, for the audit.
  double earned_ = 0;
  double granted_ = 0;
  double spent_ = 0;
  double discarded_ = 0;
};

}  // namespace nephoscope::ec2
