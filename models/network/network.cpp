#include "models/network/network.hpp"

namespace nephoscope::network {

const FieldTable<NetworkConfig>& NetworkConfig::fields() {
  using N = NetworkConfig;
  static const auto table =
      FieldTable<N>("network", "What is believed about latencies and bandwidths.")
          .field("latencies", &N::latencies, {.doc = "whether messages between places take time"});
  return table;
}

}  // namespace nephoscope::network
