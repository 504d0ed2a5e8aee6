// What others see of an instance's application server.
//
// Load balancers and fleets may hold on to a server after its instance has ended. So the instance gives out
// this front, which stays to the end of the replication; the server behind it goes as soon as the instance is
// terminated and nothing is left of it, and requests that still come in stay unanswered, as from any address
// that is no longer there.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "models/common/server.hpp"

namespace nephoscope::ec2 {

// What an owner keeps of servers that are gone.
struct GoneServers {
  ServerStatistics statistics;  // since the end of warm-up
  Audit::Flow flow;
  std::string trouble;            // what did not balance in them
  std::uint64_t late = 0;         // requests to them after they went
  std::uint64_t late_before = 0;  // the same at the end of warm-up
};

class Machine final : public ApplicationServer {
 public:
  // REQUIRES: `gone` outlives it.
  Machine(std::unique_ptr<ApplicationServer> server, GoneServers& gone)
      : server_(std::move(server)), gone_(gone), version_(server_->version()) {}

  void submit(const Request& request, ReplyId reply) override {
    if (server_ != nullptr) return server_->submit(request, reply);
    ++gone_.late;
  }
  void crash() override {
    if (server_ != nullptr) server_->crash();
  }
  void restart() override {
    if (server_ != nullptr) server_->restart();
  }
  bool running() const override { return server_ != nullptr && server_->running(); }
  void set_reachable(bool reachable) override {
    if (server_ != nullptr) server_->set_reachable(reachable);
  }
  bool reachable() const override { return server_ != nullptr && server_->reachable(); }
  ResourceId resource() const override { return server_ == nullptr ? ResourceId{} : server_->resource(); }
  void set_version(std::string_view name) override {
    if (server_ == nullptr) return;
    server_->set_version(name);
    version_ = server_->version();
  }
  const std::string& version() const override { return version_; }
  bool idle() const override { return server_ == nullptr || server_->idle(); }
  void set_speed(double factor) override {
    if (server_ != nullptr) server_->set_speed(factor);
  }
  std::uint64_t outstanding() const override { return server_ == nullptr ? 0 : server_->outstanding(); }
  Duration cpu_time() const override { return server_ == nullptr ? cpu_time_ : server_->cpu_time(); }
  Bytes bytes_sent() const override { return server_ == nullptr ? bytes_sent_ : server_->bytes_sent(); }
  void begin_measurement() override {
    if (server_ != nullptr) server_->begin_measurement();
  }
  void add_to(ServerStatistics& sum) const override {
    if (server_ != nullptr) server_->add_to(sum);
  }
  void add_to(Audit::Flow& sum) const override {
    if (server_ != nullptr) server_->add_to(sum);
  }
  std::string audit() const override { return server_ == nullptr ? std::string() : server_->audit(); }

  bool gone() const { return server_ == nullptr; }
  // Destroys the server, having added what it did to the owner's sums. REQUIRES: idle().
  void retire() {
    cpu_time_ = server_->cpu_time();
    bytes_sent_ = server_->bytes_sent();
    server_->add_to(gone_.statistics);
    server_->add_to(gone_.flow);
    gone_.trouble += server_->audit();
    server_.reset();
  }

 private:
  std::unique_ptr<ApplicationServer> server_;
  GoneServers& gone_;
  std::string version_;
  Duration cpu_time_{};
  Bytes bytes_sent_;
};

}  // namespace nephoscope::ec2
