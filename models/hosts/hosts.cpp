#include "models/hosts/hosts.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "models/hosts/fleet.hpp"

namespace nephoscope::hosts {

const FieldTable<HostsConfig>& HostsConfig::fields() {
  using H = HostsConfig;
  static const auto table =
      FieldTable<H>("Nephoscope::Hosts", "A fixed fleet of machines outside AWS that run an application.")
          .typed()
          .field("count", &H::count, {.doc = "machines", .min = 1, .max = 100'000})
          .field("vcpus", &H::vcpus, {.doc = "of each machine", .min = 1, .max = 1024})
          .required("application", &H::application, {.doc = "what they run", .refers_to = "application"})
          .field("version", &H::version,
                 {.doc = "of the application; none = the first one declared", .refers_to = "version"})
          .field("routing", &H::routing, {.doc = "which running host gets the next request"})
          .field("priced_as", &H::priced_as,
                 {.doc = "usage type of the price book that each host-hour is billed as"})
          .assume("price_per_hour", &H::price_per_hour,
                  {.doc = "of each machine, running or not",
                   .source = "assumption: machines that are paid for already"})
          .assume("time_to_failure", &H::time_to_failure,
                  {.doc = "of a machine, counted from its start or last repair; none = never fails",
                   .source = "assumption: no failures"})
          .assume("time_to_repair", &H::time_to_repair,
                  {.doc = "from a machine's failure until it serves again",
                   .source = "assumption: a reboot and a start of the application"})
          .validate([](const H&, const Node& node, Context& context) {
            const Node* assume = node.find("assume");
            const Node* price = assume == nullptr ? nullptr : assume->find("price_per_hour");
            if (price != nullptr && node.find("priced_as") != nullptr)
              context.report_key(Code::conflicting_keys, *price,
                                 "give at most one of 'priced_as', 'price_per_hour'");
          });
  return table;
}

void HostsConfig::check(const Defined& defined, Diagnostics& diagnostics) const {
  check_application(application, version, defined, diagnostics);
}

std::optional<std::vector<std::string>> HostsConfig::operations(const Defined& defined) const {
  const auto found = defined.applications.find(application.id);
  if (found == defined.applications.end()) return std::nullopt;
  return found->second;
}

std::unique_ptr<Resource> HostsConfig::build(World& world, const std::string& id) const {
  return std::make_unique<HostFleet>(world, id, *this);
}

}  // namespace nephoscope::hosts
