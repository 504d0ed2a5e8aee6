#include "models/ec2/credits.hpp"

#include <algorithm>

namespace nephoscope::ec2 {
namespace {

constexpr double kNothing = 1e-6;  // credits: 60 microseconds of a vCPU

}  // namespace

void CreditAccount::start(int vcpus, bool launch_credits_allowed) {
  if (!standard() || !launch_credits_allowed) return;
  const double given = terms_.launch_per_vcpu * vcpus;
  launch_ += given;
  granted_ += given;
}

void CreditAccount::pass(Duration span, Credits spent) {
  const double earned = terms_.per_hour * (to_seconds(span) / 3600);
  earned_ += earned;
  spent_ += spent.count;
  const double from_launch = std::min(launch_, spent.count);
  launch_ -= from_launch;
  double net = earned - (spent.count - from_launch);
  if (net > 0) {
    const double repaid = std::min(surplus_, net);
    surplus_ -= repaid;
    net -= repaid;
  }
  balance_ += net;
  if (!standard() && balance_ < 0) {
    surplus_ -= balance_;
    balance_ = 0;
  }
  if (balance_ > terms_.cap) {
    discarded_ += balance_ - terms_.cap;
    balance_ = terms_.cap;
  }
}

void CreditAccount::end_hour() {
  if (surplus_ <= terms_.cap) return;
  charged_ += surplus_ - terms_.cap;
  surplus_ = terms_.cap;
}

void CreditAccount::stop(bool keeps_balance) {
  charged_ += surplus_;
  surplus_ = 0;
  discarded_ += launch_;
  launch_ = 0;
  if (keeps_balance) return;
  discarded_ += balance_;
  balance_ = 0;
}

Credits CreditAccount::balance() const { return {std::max(0.0, balance_ + launch_)}; }

bool CreditAccount::exhausted() const { return standard() && balance_ + launch_ <= kNothing; }

double CreditAccount::imbalance() const {
  const double in = earned_ + granted_ + surplus_ + charged_;
  const double out = spent_ + discarded_ + balance_ + launch_;
  return in - out;
}

}  // namespace nephoscope::ec2
