// An application server that runs, takes requests and answers none: tests override what they look at.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "models/common/server.hpp"

namespace nephoscope {

class QuietServer : public ApplicationServer {
 public:
  explicit QuietServer(std::string version = "v1") : version_(std::move(version)) {}
  void submit(const Request&, ReplyId) override {}
  void crash() override {}
  void restart() override {}
  bool running() const override { return true; }
  void set_reachable(bool) override {}
  void set_version(std::string_view name) override { version_ = name; }
  const std::string& version() const override { return version_; }
  bool idle() const override { return true; }
  void set_speed(double) override {}
  std::uint64_t outstanding() const override { return 0; }
  Duration cpu_time() const override { return {}; }
  void begin_measurement() override {}
  void add_to(ServerStatistics&) const override {}
  void add_to(Audit::Flow&) const override {}
  std::string audit() const override { return {}; }

 private:
  std::string version_;
};

}  // namespace nephoscope
