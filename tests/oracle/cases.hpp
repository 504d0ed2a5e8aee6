// The queues whose figures theory knows, each as a scenario beside this file.
#pragma once

#include <string>
#include <vector>

#include "engine/stats/queueing_formulas.hpp"
#include "engine/stats/queueing_networks.hpp"
#include "tests/oracle/exact.hpp"

namespace nephoscope::oracle {

// One figure of the results, such as "resources.counter" "wait.mean".
struct Figure {
  std::string component;
  std::string metric;
  double exact = 0;  // in the results' unit: seconds, customers, shares
};

struct Case {
  std::string name;    // of the file, without .yaml
  std::string title;   // the queue's name
  std::string theory;  // where the exact values come from
  std::vector<Figure> figures;
};

std::vector<Case> all_cases();

// Implementation.

namespace detail {

inline std::string resource(const std::string& id) { return "resources." + id; }

inline Case mm1() {
  const MarkovQueue queue{.arrival_rate = 6, .service_rate = 10};
  const QueueMetrics exact = mmc(queue);
  const std::string counter = resource("counter");
  return {"mm1",
          "M/M/1",
          "Kleinrock, Queueing Systems vol. 1 (1975), section 3.2; the response is exponential",
          {{counter, "wait.mean", exact.wait},
           {counter, "wait.p95", mmc_wait_quantile(queue, 0.95)},
           {counter, "queue.mean", exact.queue},
           {counter, "utilization", exact.utilization},
           {"summary", "latency.mean", exact.response},
           {"summary", "latency.p50", mm1_response_quantile(queue, 0.5)},
           {"summary", "latency.p95", mm1_response_quantile(queue, 0.95)},
           {"summary", "latency.p99", mm1_response_quantile(queue, 0.99)}}};
}

inline Case mmc_fifo() {
  const MarkovQueue queue{.arrival_rate = 28, .service_rate = 10, .servers = 4};
  const QueueMetrics exact = mmc(queue);
  const std::string counters = resource("counters");
  const auto response = [&](double t) { return mmc_response_exceeds(queue, t); };
  return {"mmc",
          "M/M/4",
          "Erlang C; Gross and Harris, Fundamentals of Queueing Theory (1998), section 2.3",
          {{counters, "wait.mean", exact.wait},
           {counters, "wait.p95", mmc_wait_quantile(queue, 0.95)},
           {counters, "queue.mean", exact.queue},
           {counters, "utilization", exact.utilization},
           {"summary", "latency.mean", exact.response},
           {"summary", "latency.p95", quantile(response, 0.95)}}};
}

inline Case mmck_loss() {
  constexpr int capacity = 8;
  const MarkovQueue queue{.arrival_rate = 30, .service_rate = 10, .servers = 3};
  const QueueMetrics exact = mmck(queue, capacity);
  const std::vector<double> seen = seen_in_mmck(queue, capacity);
  const std::string counters = resource("counters");
  const auto wait = [&](double t) { return markov_wait_exceeds(queue, seen, t); };
  return {"mmck",
          "M/M/3/8",
          "Gross and Harris, section 2.4",
          {{counters, "rejected.rate", exact.loss_probability},
           {counters, "wait.mean", exact.wait},
           {counters, "wait.p95", quantile(wait, 0.95)},
           {counters, "queue.mean", exact.queue},
           {counters, "utilization", exact.utilization},
           {counters, "throughput", exact.throughput},
           {"summary", "availability", 1 - exact.loss_probability},
           {"summary", "latency.mean", exact.response}}};
}

inline Case erlang_loss() {
  constexpr int lines = 10;
  constexpr double arrival_rate = 4, mean = 2, cv = 1.5;
  const double lost = erlang_b(lines, arrival_rate * mean);
  const std::string station = resource("lines");
  return {"erlang-loss",
          "M/G/10/10",
          "Erlang B, for any distribution of the service (Sevastyanov 1957); Gross and Harris, section 2.5",
          {{station, "rejected.rate", lost},
           {station, "utilization", arrival_rate * mean * (1 - lost) / lines},
           {station, "throughput", arrival_rate * (1 - lost)},
           {"summary", "errors.rate", lost},
           {"summary", "latency.mean", mean},
           {"summary", "latency.p95", lognormal_quantile(mean, cv, 0.95)}}};
}

inline Case md1_fifo() {
  constexpr double arrival_rate = 7, service = 0.1;
  const QueueMetrics exact = md1(arrival_rate, service);
  const std::string machine = resource("machine");
  const auto wait = [](double t) { return md1_wait_exceeds(arrival_rate, service, t); };
  return {"md1",
          "M/D/1",
          "Pollaczek and Khinchine; Erlang's distribution of the wait, Gross and Harris, section 5.1",
          {{machine, "wait.mean", exact.wait},
           {machine, "wait.p95", quantile(wait, 0.95)},
           {machine, "queue.mean", exact.queue},
           {machine, "utilization", exact.utilization},
           {"summary", "latency.mean", exact.response}}};
}

inline Case mg1_fifo() {
  const QueueMetrics exact = mg1(6, ServiceMoments::from_cv(0.1, 1.2));
  const std::string counter = resource("counter");
  return {"mg1",
          "M/G/1, lognormal",
          "Pollaczek and Khinchine; Kleinrock vol. 1, section 5.6",
          {{counter, "wait.mean", exact.wait},
           {counter, "queue.mean", exact.queue},
           {counter, "utilization", exact.utilization},
           {"summary", "latency.mean", exact.response}}};
}

inline Case shared_processor(const char* name, const char* title) {
  constexpr double utilization = 0.6;
  const std::string processor = resource("processor");
  return {name,
          title,
          "Kleinrock, Queueing Systems vol. 2 (1976), section 4.4",
          {{"summary", "latency.mean", processor_sharing_response(0.1, utilization)},
           {processor, "jobs.mean", utilization / (1 - utilization)},
           {processor, "utilization", utilization}}};
}

inline Case shared_cores() {
  const QueueMetrics exact = mmc({.arrival_rate = 21, .service_rate = 10, .servers = 3});
  const std::string processor = resource("processor");
  return {"mmc-ps",
          "M/M/3, processor sharing",
          "the number present moves as in M/M/3, so Erlang C gives it, and Little's law the mean response",
          {{"summary", "latency.mean", exact.response},
           {processor, "jobs.mean", exact.system},
           {processor, "utilization", exact.utilization}}};
}

inline Case priorities() {
  constexpr double mean = 0.1;
  const ServiceMoments service = ServiceMoments::from_cv(mean, 1);
  const PriorityClass classes[] = {{1.5, service}, {3, service}, {2, service}};
  const std::vector<double> waits = priority_waits(classes);
  const double all = classes[0].arrival_rate + classes[1].arrival_rate + classes[2].arrival_rate;
  double queue = 0;
  for (std::size_t i = 0; i < waits.size(); ++i) queue += classes[i].arrival_rate * waits[i];
  const std::string counter = resource("counter");
  return {"mm1-priorities",
          "M/M/1, three priorities",
          "Cobham, JORSA 2(1), 1954; Kleinrock vol. 2, equation 3.31",
          {{"workloads.urgent", "latency.mean", waits[0] + mean},
           {"workloads.ordinary", "latency.mean", waits[1] + mean},
           {"workloads.idle", "latency.mean", waits[2] + mean},
           {counter, "wait.mean", queue / all},
           {counter, "queue.mean", queue},
           {counter, "utilization", all * mean}}};
}

inline Case impatience() {
  constexpr double abandonment_rate = 1;
  const MarkovQueue queue{.arrival_rate = 20, .service_rate = 2, .servers = 10};
  const QueueMetrics exact = erlang_a(queue, abandonment_rate);
  const double served = 1 - exact.loss_probability;
  const std::string agents = resource("agents");
  return {"erlang-a",
          "M/M/10+M, Erlang A",
          "Palm 1957; Garnett, Mandelbaum and Reiman, M&SOM 4(3), 2002",
          {{agents, "reneged.rate", exact.loss_probability},
           {agents, "wait.mean", erlang_a_wait_of_served(queue, abandonment_rate)},
           {agents, "queue.mean", exact.queue},
           {agents, "utilization", exact.utilization},
           {agents, "throughput", exact.throughput},
           {"summary", "latency.all.mean", exact.wait + served / queue.service_rate}}};
}

// Adds the three figures of a station in a network.
inline void add_station(Case& network, const std::string& id, const QueueMetrics& exact) {
  network.figures.push_back({resource(id), "wait.mean", exact.wait});
  network.figures.push_back({resource(id), "queue.mean", exact.queue});
  network.figures.push_back({resource(id), "utilization", exact.utilization});
}

inline Case tandem() {
  const JacksonNode nodes[] = {{6, 10}, {0, 1 / 0.11}, {0, 12.5}};
  Eigen::MatrixXd routing = Eigen::MatrixXd::Zero(3, 3);
  routing(0, 1) = routing(1, 2) = 1;
  const JacksonResult exact = jackson_network(nodes, routing);
  std::vector<double> spare;
  for (const JacksonNode& node : nodes) spare.push_back(node.service_rate - nodes[0].external_rate);
  const auto response = [&](double t) { return sum_of_exponentials_exceeds(spare, t); };
  Case network = {
      "tandem",
      "three M/M/1 in tandem",
      "Jackson, Operations Research 5(4), 1957; independent sojourns: Reich, Ann. Math. Stat. 28, 1957",
      {{"summary", "latency.mean", exact.response},
       {"summary", "latency.p50", quantile(response, 0.5)},
       {"summary", "latency.p95", quantile(response, 0.95)}}};
  add_station(network, "first", exact.nodes[0]);
  add_station(network, "second", exact.nodes[1]);
  add_station(network, "third", exact.nodes[2]);
  return network;
}

inline Case feedback() {
  constexpr double again = 0.3;
  const JacksonNode nodes[] = {{2, 5}, {0, 1 / 0.7, 2}, {0, 2}};
  Eigen::MatrixXd routing = Eigen::MatrixXd::Zero(3, 3);
  routing(0, 1) = 0.6;
  routing(0, 2) = 0.4;
  routing(1, 0) = routing(2, 0) = again;
  const JacksonResult exact = jackson_network(nodes, routing);
  Case network = {"feedback",
                  "Jackson network with feedback",
                  "Jackson, Operations Research 5(4), 1957",
                  {{"summary", "latency.mean", exact.response}}};
  add_station(network, "desk", exact.nodes[0]);
  add_station(network, "xray", exact.nodes[1]);
  add_station(network, "laboratory", exact.nodes[2]);
  return network;
}

inline Case closed() {
  constexpr double rounds = 4;
  struct Station {
    const char* id;
    double visits, service;
    int servers;
  };
  const Station stations[] = {
      {"processors", rounds, 0.02, 2}, {"disk", 0.6 * rounds, 0.04, 1}, {"tape", 0.4 * rounds, 0.03, 1}};
  std::vector<ClosedStation> demands = {{.demand = 1, .delay = true}};
  for (const Station& each : stations)
    demands.push_back({.demand = each.visits * each.service, .servers = each.servers});
  const ClosedResult exact = closed_network(demands, 10);
  Case network = {"closed",
                  "closed network of ten users",
                  "mean value analysis; Reiser and Lavenberg, Journal of the ACM 27(2), 1980",
                  {{"summary", "throughput", exact.throughput}, {"summary", "latency.mean", exact.response}}};
  for (std::size_t i = 0; i < std::size(stations); ++i) {
    const Station& station = stations[i];
    const ClosedResult::Station& figures = exact.stations[i + 1];
    QueueMetrics metrics;
    metrics.wait = figures.response / station.visits - station.service;
    metrics.queue = figures.system - figures.utilization * station.servers;
    metrics.utilization = figures.utilization;
    add_station(network, station.id, metrics);
  }
  return network;
}

inline Case repair() {
  constexpr int machines = 8;
  const MarkovQueue queue{.arrival_rate = 0.1, .service_rate = 1.0 / 3, .servers = 2};
  const QueueMetrics exact = machine_repair(queue, machines);
  const std::vector<double> seen = seen_in_machine_repair(queue, machines);
  const auto wait = [&](double t) { return markov_wait_exceeds(queue, seen, t); };
  Case result = {"machine-repair",
                 "M/M/2//8, machine repair",
                 "Gross and Harris, section 2.6",
                 {{"summary", "throughput", exact.throughput},
                  {"summary", "latency.mean", exact.response},
                  {resource("mechanics"), "wait.p95", quantile(wait, 0.95)}}};
  add_station(result, "mechanics", exact);
  return result;
}

inline Case k_of_n() {
  constexpr int machines = 5;
  // Each fails at 1/20 min and is repaired at 1/5 min: a birth-death chain of how many are up.
  std::vector<double> births, deaths;
  for (int up = 0; up < machines; ++up) {
    births.push_back((machines - up) / 5.0);
    deaths.push_back((up + 1) / 20.0);
  }
  const std::vector<double> up = birth_death_distribution(births, deaths);
  double mean = 0;
  for (int i = 0; i <= machines; ++i) mean += i * up[static_cast<std::size_t>(i)];
  const double four = up[4] + up[5];
  return {"k-of-n",
          "four of five machines",
          "Gnedenko, Belyayev and Solovyev, Mathematical Methods of Reliability Theory (1969), chapter 2; "
          "Poisson arrivals see time averages",
          {{resource("four"), "quorum.share", four},
           {resource("four"), "up.mean", mean},
           {"summary", "availability", four}}};
}

}  // namespace detail

inline std::vector<Case> all_cases() {
  return {detail::mm1(),
          detail::mmc_fifo(),
          detail::mmck_loss(),
          detail::erlang_loss(),
          detail::md1_fifo(),
          detail::mg1_fifo(),
          detail::shared_processor("mm1-ps", "M/M/1, processor sharing"),
          detail::shared_processor("mg1-ps", "M/G/1, processor sharing, lognormal"),
          detail::shared_cores(),
          detail::priorities(),
          detail::impatience(),
          detail::tandem(),
          detail::feedback(),
          detail::closed(),
          detail::repair(),
          detail::k_of_n()};
}

}  // namespace nephoscope::oracle
