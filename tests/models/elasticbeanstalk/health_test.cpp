#include "models/elasticbeanstalk/health.hpp"

#include <doctest/doctest.h>

#include <vector>

namespace nephoscope::elasticbeanstalk {
namespace {

const ErrorThresholds kDefaults;

Finding of_requests(std::uint64_t failed, std::uint64_t requests) {
  return assess({.requests = requests, .failed = failed}, kDefaults);
}

TEST_CASE("health: the share of failed requests makes an instance's status, each threshold included") {
  CHECK(of_requests(0, 0).health == Health::ok);
  CHECK(of_requests(9, 1000).health == Health::ok);
  CHECK(of_requests(10, 1000).health == Health::warning);
  CHECK(of_requests(50, 1000).health == Health::degraded);
  CHECK(of_requests(100, 1000).health == Health::severe);
  CHECK(of_requests(125, 1000).cause == "12.5 % of the requests fail");
}

TEST_CASE("health: what does not run or answer is Severe, what says nothing has no data") {
  CHECK(assess({.application_running = false}, kDefaults).health == Health::severe);
  CHECK(assess({.healthy_target = false}, kDefaults).health == Health::severe);
  CHECK(assess({.reports = false, .application_running = false}, kDefaults).health == Health::no_data);
}

TEST_CASE("health: an instance with a version that is not expected is Degraded at best") {
  CHECK(assess({.right_version = false}, kDefaults).health == Health::degraded);
  CHECK(assess({.right_version = false, .requests = 10, .failed = 5}, kDefaults).health == Health::severe);
}

TEST_CASE("health: an environment is as ill as half of its instances, and warns of a single one") {
  const Finding ok;
  const Finding severe = {Health::severe, "its application does not run"};
  const auto status = [](const std::vector<Finding>& instances) {
    return assess_environment(instances, {}, 1, kDefaults).health;
  };
  CHECK(status({ok, ok, ok, ok, ok}) == Health::ok);
  CHECK(status({severe, ok, ok, ok, ok}) == Health::warning);
  CHECK(status({severe, ok, ok, ok}) == Health::degraded);  // a quarter
  CHECK(status({severe, severe, ok, ok}) == Health::severe);
  CHECK(status({}) == Health::severe);
}

TEST_CASE("health: an environment with fewer instances than its minimum is Degraded") {
  const std::vector<Finding> one(1);
  const Finding finding = assess_environment(one, {}, 2, kDefaults);
  CHECK(finding.health == Health::degraded);
  CHECK(finding.cause == "1 instances of at least 2");
}

TEST_CASE("health: all requests together count, though no instance is ill") {
  // 3 of 200 = 1.5 %.
  const std::vector<Finding> two(2);
  CHECK(assess_environment(two, {.requests = 200, .failed = 3}, 1, kDefaults).health == Health::warning);
}

}  // namespace
}  // namespace nephoscope::elasticbeanstalk
