#include "models/network/network.hpp"

namespace nephoscope::network {

// The 99th percentiles are those of lognormal distributions with sigma 0.3: p50 * e^(0.3 * 2.326).
NetworkConfig::NetworkConfig()
    : same_cluster(duration_from("{dist: lognormal, p50: 35us, p99: 70us}")),
      same_zone(duration_from("{dist: lognormal, p50: 120us, p99: 241us}")),
      between_zones(duration_from("{dist: uniform, low: 300us, high: 1.5ms}")) {}

namespace {

using N = NetworkConfig;

void check_region(const Node& name, std::string_view given, Context& context) {
  if (!is_known_region(given))
    context.unknown_name(Code::unknown_name, name, "Region", given, known_regions());
}

void check_round_trips(const N& config, const Node& node, Context& context) {
  for (const auto& from : config.round_trips) {
    const Node& place = *node.find("assume")->find("round_trips")->find(from.id);
    check_region(place, from.id, context);
    for (const auto& to : from.value) check_region(*place.find(to.id), to.id, context);
  }
}

}  // namespace

const FieldTable<N>& N::fields() {
  static const auto table =
      FieldTable<N>("network", "What is believed about latencies and bandwidths.")
          .field("latencies", &N::latencies, {.doc = "whether messages between places take time"})
          .assume("same_cluster", &N::same_cluster,
                  {.doc = "round trip inside a cluster placement group, or inside a rack",
                   .source = "A. Putra, measurement of EC2 latencies: about 35 us; the spread is assumed"})
          .assume(
              "same_zone", &N::same_zone,
              {.doc = "round trip inside a zone",
               .source = "A. Putra, as above: about 100 us; public pings in us-east-1: 0.24 ms on average"})
          .assume(
              "between_zones", &N::between_zones,
              {.doc = "typical round trip between two zones, drawn once for each pair",
               .source = "measurements by A. Putra, xkyle.com, flashgrid.io (March 2023) and bitsand.cloud: "
                         "0.25 to 1.5 ms in most Regions"})
          .assume("zone_jitter", &N::zone_jitter,
                  {.doc = "standard deviation of the logarithm of a round trip between zones",
                   .source = "assumption",
                   .min = 0,
                   .max = 2})
          .assume("region_jitter", &N::region_jitter,
                  {.doc = "the same between Regions",
                   .source = "public pings between Regions, June 2020: deviations mostly 0.1 to 2 ms",
                   .min = 0,
                   .max = 2})
          .assume("round_trips", &N::round_trips,
                  {.doc = "between two Regions, instead of what was measured or beside it",
                   .source = "public pings between Regions, June 2020 (models/network/regions.yaml)"})
          .assume("retransmission_timeout", &N::retransmission_timeout,
                  {.doc = "beyond the round trip, until a lost packet is sent again; doubles each time",
                   .source = "Linux, TCP_RTO_MIN; RFC 6298",
                   .above = 0s})
          .validate(check_round_trips);
  return table;
}

}  // namespace nephoscope::network
