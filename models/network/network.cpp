#include "models/network/network.hpp"

namespace nephoscope::network {

const FieldTable<NetworkConfig>& NetworkConfig::fields() {
  using N = NetworkConfig;
  static const auto table =
      FieldTable<N>("network", "What is believed about latencies and bandwidths.")
          .field("latencies", &N::latencies, {.doc = "whether messages between places take time"})
          .field("bandwidth", &N::bandwidth, {.doc = "of what bulk transfers cross"});
  return table;
}

}  // namespace nephoscope::network
