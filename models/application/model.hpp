// The application of one replication: it builds servers and holds what they share.
#pragma once

#include <memory>
#include <string>

#include "models/application/shared.hpp"

namespace nephoscope::application {

class ApplicationModel final : public Application {
 public:
  // REQUIRES: world and config outlive it, and it outlives its servers.
  ApplicationModel(World& world, const std::string& id, const ApplicationConfig& config)
      : shared_(world, id, config) {}

  void connect(const Wiring& wiring) override;
  // REQUIRES: connected; the version is declared. The server must outlive its requests (see server.hpp).
  std::unique_ptr<ApplicationServer> launch(const ServerOptions& options) override;

 private:
  Shared shared_;
};

}  // namespace nephoscope::application
