#include "engine/stats/queueing_formulas.hpp"

#include <algorithm>

#include "engine/base/check.hpp"
#include "engine/stats/markov.hpp"
#include "engine/stats/special.hpp"

namespace nephoscope {
namespace {

void require_valid(const MarkovQueue& queue) {
  check(queue.arrival_rate >= 0 && queue.service_rate > 0 && queue.servers >= 1, "stats",
        "a queue with lambda={} mu={} c={}", queue.arrival_rate, queue.service_rate, queue.servers);
}

double spare_rate(const MarkovQueue& queue) {
  require_valid(queue);
  const double spare = queue.servers * queue.service_rate - queue.arrival_rate;
  check(spare > 0, "stats", "an unstable queue: lambda={} mu={} c={}", queue.arrival_rate, queue.service_rate,
        queue.servers);
  return spare;
}

// Mean numbers in queue and system, and busy servers, of a chain whose state is the number in system.
struct Occupancy {
  double queue = 0;
  double system = 0;
  double busy = 0;
};
Occupancy occupancy(std::span<const double> distribution, int servers) {
  Occupancy mean;
  for (std::size_t n = 0; n < distribution.size(); ++n) {
    const double number = static_cast<double>(n);
    const double busy = std::min<double>(number, servers);
    mean.system += number * distribution[n];
    mean.busy += busy * distribution[n];
    mean.queue += (number - busy) * distribution[n];
  }
  return mean;
}

// By Little's law, from a chain's occupancy and the rate at which customers enter.
QueueMetrics metrics_of(const MarkovQueue& queue, const Occupancy& mean, double entering) {
  QueueMetrics metrics;
  metrics.utilization = mean.busy / queue.servers;
  metrics.queue = mean.queue;
  metrics.system = mean.system;
  metrics.wait = entering > 0 ? mean.queue / entering : 0;
  metrics.response = entering > 0 ? mean.system / entering : 1 / queue.service_rate;
  metrics.throughput = mean.busy * queue.service_rate;
  return metrics;
}

double class_load(std::span<const PriorityClass> classes) {
  double load = 0;
  for (const PriorityClass& c : classes) load += c.arrival_rate * c.service.mean;
  check(load < 1, "stats", "an unstable priority queue: utilization {}", load);
  return load;
}

double residual_work(std::span<const PriorityClass> classes) {
  double work = 0;
  for (const PriorityClass& c : classes) work += c.arrival_rate * c.service.second_moment / 2;
  return work;
}

}  // namespace

double erlang_b(int servers, double offered_load) {
  check(servers >= 0 && offered_load >= 0, "stats", "Erlang B of c={} a={}", servers, offered_load);
  double blocked = 1;
  for (int c = 1; c <= servers; ++c) blocked = offered_load * blocked / (c + offered_load * blocked);
  return blocked;
}

double erlang_c(int servers, double offered_load) {
  check(offered_load < servers, "stats", "Erlang C of c={} a={}", servers, offered_load);
  const double blocked = erlang_b(servers, offered_load);
  return servers * blocked / (servers - offered_load * (1 - blocked));
}

QueueMetrics mmc(const MarkovQueue& queue) {
  const double spare = spare_rate(queue);
  QueueMetrics metrics;
  metrics.utilization = queue.offered_load() / queue.servers;
  metrics.wait_probability = erlang_c(queue.servers, queue.offered_load());
  metrics.wait = metrics.wait_probability / spare;
  metrics.response = metrics.wait + 1 / queue.service_rate;
  metrics.queue = queue.arrival_rate * metrics.wait;
  metrics.system = queue.arrival_rate * metrics.response;
  metrics.throughput = queue.arrival_rate;
  return metrics;
}

double mmc_wait_exceeds(const MarkovQueue& queue, double t) {
  const double spare = spare_rate(queue);
  check(t >= 0, "stats", "a wait of {}", t);
  return erlang_c(queue.servers, queue.offered_load()) * special::exp(-spare * t);
}

double mmc_wait_quantile(const MarkovQueue& queue, double p) {
  const double spare = spare_rate(queue);
  check(p >= 0 && p < 1, "stats", "the {}-quantile of a wait", p);
  const double waiting = erlang_c(queue.servers, queue.offered_load());
  return p <= 1 - waiting ? 0 : special::log(waiting / (1 - p)) / spare;
}

double mm1_response_quantile(const MarkovQueue& queue, double p) {
  const double spare = spare_rate(queue);
  check(queue.servers == 1 && p >= 0 && p < 1, "stats", "the {}-quantile of a response, c={}", p,
        queue.servers);
  return -special::log(1 - p) / spare;
}

QueueMetrics mmck(const MarkovQueue& queue, int capacity) {
  require_valid(queue);
  check(capacity >= queue.servers, "stats", "a capacity of {} for {} servers", capacity, queue.servers);
  const std::vector<double> births(static_cast<std::size_t>(capacity), queue.arrival_rate);
  std::vector<double> deaths;
  for (int n = 1; n <= capacity; ++n) deaths.push_back(std::min(n, queue.servers) * queue.service_rate);
  const std::vector<double> distribution = birth_death_distribution(births, deaths);
  const double lost = distribution.back();
  QueueMetrics metrics =
      metrics_of(queue, occupancy(distribution, queue.servers), queue.arrival_rate * (1 - lost));
  for (int n = queue.servers; n < capacity; ++n)
    metrics.wait_probability += distribution[static_cast<std::size_t>(n)] / (1 - lost);
  metrics.loss_probability = lost;
  return metrics;
}

QueueMetrics machine_repair(const MarkovQueue& queue, int customers) {
  require_valid(queue);
  check(customers >= 1, "stats", "machine repair without machines");
  std::vector<double> births, deaths;
  for (int n = 0; n < customers; ++n) {
    births.push_back((customers - n) * queue.arrival_rate);
    deaths.push_back(std::min(n + 1, queue.servers) * queue.service_rate);
  }
  const std::vector<double> distribution = birth_death_distribution(births, deaths);
  const Occupancy mean = occupancy(distribution, queue.servers);
  const double entering = queue.arrival_rate * (customers - mean.system);
  QueueMetrics metrics = metrics_of(queue, mean, entering);
  for (int n = queue.servers; n < customers && entering > 0; ++n)  // as an arriving machine sees it
    metrics.wait_probability +=
        distribution[static_cast<std::size_t>(n)] * births[static_cast<std::size_t>(n)] / entering;
  return metrics;
}

QueueMetrics erlang_a(const MarkovQueue& queue, double abandonment_rate) {
  require_valid(queue);
  check(abandonment_rate > 0, "stats", "an abandonment rate of {}", abandonment_rate);
  std::vector<double> deaths;
  double weight = 1, largest = 1;
  for (int n = 1; weight > 1e-16 * largest || n <= queue.servers; ++n) {
    const int busy = std::min(n, queue.servers);
    deaths.push_back(busy * queue.service_rate + (n - busy) * abandonment_rate);
    weight *= queue.arrival_rate / deaths.back();
    largest = std::max(largest, weight);
    if (largest > 1e200) weight /= largest, largest = 1;
  }
  const std::vector<double> births(deaths.size(), queue.arrival_rate);
  const std::vector<double> distribution = birth_death_distribution(births, deaths);
  const Occupancy mean = occupancy(distribution, queue.servers);
  QueueMetrics metrics = metrics_of(queue, mean, queue.arrival_rate);
  for (std::size_t n = static_cast<std::size_t>(queue.servers); n < distribution.size(); ++n)
    metrics.wait_probability += distribution[n];
  metrics.loss_probability = queue.arrival_rate > 0 ? mean.queue * abandonment_rate / queue.arrival_rate : 0;
  return metrics;
}

ServiceMoments ServiceMoments::from_cv(double mean, double coefficient_of_variation) {
  return {mean, mean * mean * (1 + coefficient_of_variation * coefficient_of_variation)};
}

QueueMetrics mg1(double arrival_rate, const ServiceMoments& service) {
  const double load = arrival_rate * service.mean;
  check(arrival_rate >= 0 && load < 1, "stats", "an unstable queue: utilization {}", load);
  QueueMetrics metrics;
  metrics.utilization = load;
  metrics.wait_probability = load;
  metrics.wait = arrival_rate * service.second_moment / (2 * (1 - load));
  metrics.response = metrics.wait + service.mean;
  metrics.queue = arrival_rate * metrics.wait;
  metrics.system = arrival_rate * metrics.response;
  metrics.throughput = arrival_rate;
  return metrics;
}

QueueMetrics md1(double arrival_rate, double service) {
  return mg1(arrival_rate, {service, service * service});
}

std::vector<double> priority_waits(std::span<const PriorityClass> classes) {
  const double work = residual_work(classes);
  class_load(classes);
  std::vector<double> waits;
  double above = 0;
  for (const PriorityClass& c : classes) {
    const double through = above + c.arrival_rate * c.service.mean;
    waits.push_back(work / ((1 - above) * (1 - through)));
    above = through;
  }
  return waits;
}

std::vector<double> preemptive_responses(std::span<const PriorityClass> classes) {
  class_load(classes);
  std::vector<double> responses;
  double above = 0;
  for (std::size_t i = 0; i < classes.size(); ++i) {
    const double through = above + classes[i].arrival_rate * classes[i].service.mean;
    const double work = residual_work(classes.first(i + 1));
    responses.push_back(classes[i].service.mean / (1 - above) + work / ((1 - above) * (1 - through)));
    above = through;
  }
  return responses;
}

double processor_sharing_response(double service, double utilization) {
  check(service >= 0 && utilization >= 0 && utilization < 1, "stats",
        "processor sharing of service {} at utilization {}", service, utilization);
  return service / (1 - utilization);
}

}  // namespace nephoscope
