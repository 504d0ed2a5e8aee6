// The running alarm of a scenario: listens to its alarm and keeps the account.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "models/common/cloudwatch.hpp"
#include "models/common/resource.hpp"
#include "models/common/world.hpp"

namespace nephoscope::cloudwatch {

class AlarmResource final : public Resource, public AlarmListener {
 public:
  using Spec = std::variant<AlarmSpec, CompositeAlarmSpec>;
  AlarmResource(World& world, std::string id, Spec spec)
      : world_(world), id_(std::move(id)), spec_(std::move(spec)) {}

  void connect(const Wiring& wiring) override { cloudwatch_ = &wiring.cloudwatch(); }
  void start() override;
  void alarm_acts(const AlarmReading& reading) override;
  void begin_measurement() override;
  void report(Report& report) const override;
  void audit(Audit& audit) const override;

 private:
  using Times = std::array<Duration, 3>;  // by AlarmState
  // Time in each state up to now, `since` a snapshot of it.
  Times times() const;

  World& world_;
  std::string id_;
  Spec spec_;
  CloudWatch* cloudwatch_ = nullptr;
  AlarmState state_ = AlarmState::insufficient_data;
  Time changed_{};
  Times times_{};                    // up to the last change
  Times before_warm_{};              // at the end of warm-up
  std::uint64_t transitions_ = 0;    // measured
  std::optional<Time> first_alarm_;  // measured: the first instant in ALARM
};

}  // namespace nephoscope::cloudwatch
