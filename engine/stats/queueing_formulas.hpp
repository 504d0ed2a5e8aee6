// Textbook queues in steady state: the numbers that simulated stations are tested against.
//
// Rates are per second, times in seconds. "wait" is the time in queue, "response" wait plus service. `queue`
// is the mean number waiting, `system` the mean number waiting or in service. Sources: Kleinrock, Queueing
// Systems vol. 1 (1975) and vol. 2 (1976); Gross and Harris, Fundamentals of Queueing Theory (3rd ed., 1998).
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace nephoscope {

struct QueueMetrics {
  double utilization = 0;       // share of server time that is busy
  double wait_probability = 0;  // that a customer who enters finds all servers busy
  double wait = 0;              // mean, of customers who enter (Erlang A: also of those who then abandon)
  double response = 0;          // mean, likewise
  double queue = 0;
  double system = 0;
  double loss_probability = 0;  // that an arrival is turned away (Erlang A: abandons)
  double throughput = 0;        // customers served per second
};

// Poisson arrivals at `arrival_rate`, exponential services at `service_rate` each.
struct MarkovQueue {
  double arrival_rate = 0;
  double service_rate = 1;
  int servers = 1;

  double offered_load() const { return arrival_rate / service_rate; }
};

// Probability that all servers are busy when `offered_load` = lambda / mu erlangs arrive and blocked
// customers leave: B(c) = a B(c-1) / (c + a B(c-1)), B(0) = 1 (Gross and Harris, section 2.5; any service
// time). REQUIRES: servers >= 0; offered_load >= 0.
double erlang_b(int servers, double offered_load);

// The same when blocked customers wait: C = c B / (c - a (1 - B)) (Gross and Harris, chapter 2).
// REQUIRES: offered_load < servers.
double erlang_c(int servers, double offered_load);

// M/M/1 and M/M/c, first in, first out: W_q = C(c, a) / (c mu - lambda).
// REQUIRES: arrival_rate < servers * service_rate.
QueueMetrics mmc(const MarkovQueue& queue);

// P(wait > t) = C(c, a) e^{-(c mu - lambda) t}. REQUIRES: t >= 0; stable.
double mmc_wait_exceeds(const MarkovQueue& queue, double t);
// The p-quantile of the wait: 0 for p <= 1 - C, else ln(C / (1 - p)) / (c mu - lambda).
// REQUIRES: 0 <= p < 1; stable.
double mmc_wait_quantile(const MarkovQueue& queue, double p);
// The p-quantile of the response of M/M/1: -ln(1 - p) / (mu - lambda). REQUIRES: servers == 1; stable.
double mm1_response_quantile(const MarkovQueue& queue, double p);

// M/M/c/K: at most `capacity` customers in the system, servers included; others are lost (Gross and Harris,
// chapter 2). Stable at any load. REQUIRES: capacity >= servers.
QueueMetrics mmck(const MarkovQueue& queue, int capacity);

// M/M/c//N, machine repair: each of `customers` outside the system arrives at `arrival_rate` (Gross and
// Harris, section 2.6). REQUIRES: customers >= 1.
QueueMetrics machine_repair(const MarkovQueue& queue, int customers);

// M/M/c+M, Erlang A: waiting customers abandon at `abandonment_rate` each (Garnett, Mandelbaum and Reiman,
// Manufacturing & Service Operations Management 4(3), 2002). The birth-death chain is cut where the rest
// weighs less than 1e-16 of the largest state. REQUIRES: abandonment_rate > 0.
QueueMetrics erlang_a(const MarkovQueue& queue, double abandonment_rate);

// A service time's first two moments.
struct ServiceMoments {
  double mean = 1;
  double second_moment = 2;

  static ServiceMoments from_cv(double mean, double coefficient_of_variation);
};

// M/G/1, first in, first out: W_q = lambda E[S^2] / (2 (1 - rho)), Pollaczek and Khinchine (Kleinrock vol. 1,
// chapter 5). REQUIRES: arrival_rate * service.mean < 1.
QueueMetrics mg1(double arrival_rate, const ServiceMoments& service);
// M/D/1: mg1 with E[S^2] = E[S]^2.
QueueMetrics md1(double arrival_rate, double service);

// One class of a priority queue; classes are listed from the most urgent.
struct PriorityClass {
  double arrival_rate = 0;
  ServiceMoments service;
};
// M/G/1, non-preemptive priorities: W_i = R / ((1 - s_{i-1}) (1 - s_i)), R = sum lambda_j E[S_j^2] / 2 over
// all classes, s_i = rho_1 + ... + rho_i (Cobham, JORSA 2(1), 1954; Kleinrock vol. 2,
// equation 3.31). The mean wait of each class. REQUIRES: s of all classes < 1.
std::vector<double> priority_waits(std::span<const PriorityClass> classes);
// M/G/1, preemptive-resume: T_i = E[S_i] / (1 - s_{i-1}) + R_i / ((1 - s_{i-1}) (1 - s_i)), R_i over classes
// 1..i (Kleinrock vol. 2, chapter 3). The mean response of each class.
std::vector<double> preemptive_responses(std::span<const PriorityClass> classes);

// M/G/1 processor sharing: a customer of service x stays x / (1 - rho) on average, whatever the distribution
// (Kleinrock vol. 2, chapter 4). REQUIRES: 0 <= utilization < 1.
double processor_sharing_response(double service, double utilization);

}  // namespace nephoscope
