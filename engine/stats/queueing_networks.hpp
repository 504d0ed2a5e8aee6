// Networks of textbook queues: open (Jackson) and closed (mean value analysis).
#pragma once

#include <Eigen/Dense>
#include <span>
#include <vector>

#include "engine/stats/queueing_formulas.hpp"

namespace nephoscope {

struct JacksonNode {
  double external_rate = 0;  // Poisson arrivals from outside, per second
  double service_rate = 1;   // per server and second
  int servers = 1;
};

struct JacksonResult {
  std::vector<QueueMetrics> nodes;  // each is an M/M/c in isolation
  double system = 0;                // mean number in the network
  double response = 0;              // mean time from entering to leaving, over all visits
};

// An open network of M/M/c queues: by product form each node behaves like its own M/M/c at the rate that the
// traffic equations give (Jackson, Operations Research 5(4), 1957; Gross and Harris, chapter 4).
// routing(i, j): probability that a customer leaving i goes to j.
// REQUIRES: every node stable; from every node customers can leave.
JacksonResult jackson_network(std::span<const JacksonNode> nodes, const Eigen::MatrixXd& routing);

// A station of a closed network; `demand` is visits per cycle times mean service time, in seconds.
struct ClosedStation {
  double demand = 0;
  int servers = 1;
  bool delay = false;  // infinitely many servers: think time; `servers` is then unused
};

struct ClosedResult {
  struct Station {
    double response = 0;     // per cycle, all visits, in seconds
    double system = 0;       // mean number waiting or in service
    double utilization = 0;  // of each server; for a delay station the mean number in it
  };
  double throughput = 0;  // cycles per second
  double response = 0;    // of a cycle without the delay stations
  std::vector<Station> stations;
};

// Exact mean value analysis for one class of `customers` (Reiser and Lavenberg, Journal of the ACM 27(2),
// 1980); stations with several servers carry their marginal probabilities along. That recursion is known to
// lose digits at saturated multi-server stations with many customers: a check fails when a probability comes
// out below -1e-9. REQUIRES: customers >= 1; some demand > 0; servers >= 1.
ClosedResult closed_network(std::span<const ClosedStation> stations, int customers);

}  // namespace nephoscope
