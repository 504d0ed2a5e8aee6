// Routing against queueing theory: single-server targets, Poisson arrivals, exponential services, first come
// first served, load 0.9. Responses in units of the mean service.
#include <cstdlib>
#include <vector>

#include "engine/stats/interval.hpp"
#include "engine/stats/queueing_formulas.hpp"
#include "tests/models/elasticloadbalancing/fixture.hpp"

namespace nephoscope::elasticloadbalancing {
namespace {

constexpr double kLoad = 0.9;

// Random: each target is an M/M/1 queue.
double random_response() { return mmc({.arrival_rate = kLoad}).response; }

// Round robin: each target is an E_n/M/1 queue, and the mean response 1 / (1 - s), s the root in (0, 1) of
// s = A*(1 - s), A* the transform of n exponential phases of rate n x load (Kleinrock, Queueing Systems
// vol. 1, section 6.4).
double round_robin_response(int targets) {
  const double rate = kLoad * targets;
  double s = 0.5;
  for (int i = 0; i < 10'000; ++i) {
    double transform = 1;
    for (int phase = 0; phase < targets; ++phase) transform *= rate / (rate + 1 - s);
    s = transform;
  }
  return 1 / (1 - s);
}

// Join the shorter of two queues: the balance equations of (shorter, longer), cut where it weighs nothing, by
// Gauss-Seidel sweeps; then Little's law.
double shorter_of_two_response() {
  constexpr std::size_t most = 150;
  const double rate = 2 * kLoad;
  std::vector<std::vector<double>> p(most + 2, std::vector<double>(most + 2, 0.0));
  double weight = 1;  // the tail falls by the load's square
  for (std::size_t m = 0; m <= most; ++m, weight *= kLoad * kLoad) p[m][m] = p[m][m + 1] = weight;
  for (int sweep = 0; sweep < 3000; ++sweep)
    for (std::size_t m = 0; m <= most; ++m)
      for (std::size_t n = m; n <= most; ++n) {
        double in = p[m][n + 1];                             // the longer has shrunk
        if (m > 0) in += rate * p[m - 1][n];                 // the shorter has grown
        if (n == m + 1) in += rate * p[m][m] + 2 * p[n][n];  // one of two equals has changed
        if (n > m + 1) in += p[m + 1][n];                    // the shorter has shrunk
        p[m][n] = in / (rate + (m > 0 ? 1 : 0) + (n > 0 ? 1 : 0));
      }
  double all = 0, mean = 0;
  for (std::size_t m = 0; m <= most; ++m)
    for (std::size_t n = m; n <= most; ++n) {
      all += p[m][n];
      mean += p[m][n] * static_cast<double>(m + n);
    }
  return mean / all / rate;
}

// One run of the load balancer; the mean response of the requests after the first tenth.
class Run {
 public:
  Run(const std::string& algorithm, int targets, std::uint64_t seed, int requests)
      : f_({.balancer = "{targets: web, target_group: {health_check_enabled: false, "
                        "load_balancing_algorithm_type: " +
                        algorithm + "}, idle_timeout_seconds: 4000}",
            .application = "{concurrency: 1, backlog: 1000000, handlers: {get: [{wait: {dist: exponential, "
                           "mean: 1s}}]}}",
            .seed = seed}),
        targets_(targets),
        requests_(requests) {
    f_.add_many(static_cast<std::size_t>(targets));
  }
  double mean_response() {
    f_.world.simulation.spawn(arrivals());
    while (answered_ < requests_ && f_.world.simulation.step()) {
    }
    return sum_ / measured_;
  }

 private:
  Process arrivals() {
    for (int i = 0; i < requests_; ++i) {
      Draws draws = f_.world.random.entity(Purpose("arrivals"), 1, static_cast<std::uint64_t>(i));
      const Duration gap = from_seconds(draws.next_exponential() / (kLoad * targets_));
      co_await f_.world.simulation.delay(gap);
      Request request = f_.request();
      request.deadline = Time::max();
      f_.world.simulation.spawn(customer(request, i >= requests_ / 10));
    }
  }
  Process customer(Request request, bool measured) {
    const Time sent = f_.world.now();
    const ReplyId reply = f_.world.replies.open();
    f_.balancer.submit(request, reply);
    const Replies::Result result = co_await f_.world.replies.wait(reply);
    ++answered_;
    if (!measured || !result.value.ok()) co_return;
    sum_ += to_seconds(f_.world.now() - sent);
    ++measured_;
  }

  Fixture f_;
  int targets_;
  int requests_;
  int answered_ = 0;
  double sum_ = 0;
  double measured_ = 0;
};

// A sanitized debug build is some 20 times slower.
#if defined(__SANITIZE_ADDRESS__) || !defined(__OPTIMIZE__)
constexpr bool kSlowBuild = true;
#else
constexpr bool kSlowBuild = false;
#endif

int replications() {
  if (kSlowBuild) return 4;
  return std::getenv("NEPHOSCOPE_LONG") != nullptr ? 200 : 10;
}

// 99.9 % over independent replications.
Interval responses(const std::string& algorithm, int targets, int requests) {
  std::vector<double> means;
  for (int i = 0; i < replications(); ++i)
    means.push_back(Run(algorithm, targets, 100 + static_cast<std::uint64_t>(i), requests).mean_response());
  return mean_interval(means, 0.999);
}

void check_covers(const Interval& interval, double exact) {
  CAPTURE(interval.low);
  CAPTURE(interval.high);
  CHECK(interval.low <= exact);
  CHECK(interval.high >= exact);
}

TEST_CASE("elb: two targets at 90 %: random 10, round robin 7.588, join the shortest queue 5.475") {
  CHECK(random_response() == doctest::Approx(10));
  CHECK(round_robin_response(2) == doctest::Approx(7.588).epsilon(0.0001));
  CHECK(shorter_of_two_response() == doctest::Approx(5.475).epsilon(0.0001));
  check_covers(responses("weighted_random", 2, 60'000), random_response());
  check_covers(responses("round_robin", 2, 60'000), round_robin_response(2));
  check_covers(responses("least_outstanding_requests", 2, 60'000), shorter_of_two_response());
}

TEST_CASE(
    "elb: ten and a hundred targets at 90 %: random as ever, round robin as E_n/M/1, the rest between") {
  if (kSlowBuild) return;  // two targets have shown that it runs clean
  for (const int targets : {10, 100}) {
    CAPTURE(targets);
    const int requests = 10'000 * (targets == 10 ? 5 : 15);
    check_covers(responses("weighted_random", targets, requests), random_response());
    check_covers(responses("round_robin", targets, requests), round_robin_response(targets));
    // No routing is better than one queue for all, none of these worse than round robin.
    const Interval shortest = responses("least_outstanding_requests", targets, requests);
    CHECK(shortest.high < round_robin_response(targets));
    CHECK(shortest.low >
          mmc({.arrival_rate = kLoad * targets, .service_rate = 1, .servers = targets}).response);
  }
}

}  // namespace
}  // namespace nephoscope::elasticloadbalancing
