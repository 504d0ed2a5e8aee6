#include "models/study/workers.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <vector>

#include "engine/base/check.hpp"

using namespace nephoscope;

namespace {

const MetricKey kKey = {Scope::summary, "", "availability"};

Report numbered(const Job& job) {
  Report report;
  report.ratio(kKey, "1", job.replication, 1);
  report.requests = job.replication;
  return report;
}

// Replications 0, 1, ... of one point.
std::vector<Job> replications(std::uint32_t count) {
  std::vector<Job> jobs;
  for (std::uint32_t i = 0; i < count; ++i) jobs.push_back({.point = 0, .replication = i});
  return jobs;
}

// Runs and collects what arrives.
struct Collected {
  std::vector<std::uint32_t> order;
  std::vector<std::uint64_t> requests;
  std::vector<Job> kept;  // in the order of finishing
  std::vector<std::string> troubles;
  std::uint32_t finished = 0;
  StudyStatus status = StudyStatus::complete;

  Collected(const WorkersOptions& options, const std::vector<Job>& jobs, const JobFunction& run) {
    const WorkersEvents events = {[this](const Job& job, Report report) {
                                    order.push_back(job.replication);
                                    requests.push_back(report.requests);
                                  },
                                  [this](const Job& job, auto) { kept.push_back(job); },
                                  [this](std::uint32_t done, std::uint32_t) { finished = done; },
                                  [this](const Job& job, const std::string& message) {
                                    troubles.push_back(std::to_string(job.replication) + ": " + message);
                                  }};
    status = run_workers(options, jobs, run, events);
  }
};

// A file that exists for one test: what forked workers can leave to each other.
class Marker final {
 public:
  Marker() {
    const int file = ::mkstemp(path_.data());
    REQUIRE(file >= 0);
    ::close(file);
    ::unlink(path_.c_str());
  }
  ~Marker() { ::unlink(path_.c_str()); }
  // True for the first caller, in whatever process.
  bool first() const {
    const int file = ::open(path_.c_str(), O_CREAT | O_EXCL | O_WRONLY, 0600);
    if (file >= 0) ::close(file);
    return file >= 0;
  }
  // Returns once somebody, in whatever process, has called first().
  void await() const {
    while (::access(path_.c_str(), F_OK) != 0) ::usleep(1'000);
  }

 private:
  std::string path_ = (std::filesystem::temp_directory_path() / "nephoscope-test-XXXXXX").string();
};

const std::vector<std::uint32_t> kFirstSix = {0, 1, 2, 3, 4, 5};

}  // namespace

TEST_CASE("workers: reports arrive in the order of the jobs whatever the finishing order") {
  const Marker fourth_began;
  const auto late_first = [&](const Job& job) {
    if (job.replication == 0) fourth_began.await();
    if (job.replication == 3) fourth_began.first();  // on a worker that has finished 1 or 2
    return numbered(job);
  };
  const Collected collected({.workers = 3}, replications(6), late_first);
  CHECK(collected.order == kFirstSix);
  CHECK(collected.finished == 6);
  CHECK(collected.status == StudyStatus::complete);
}

TEST_CASE("workers: the number of workers changes nothing that arrives") {
  const Collected one({.workers = 1}, replications(6), numbered);
  const Collected many({.workers = 8}, replications(6), numbered);
  const Collected here({.fork = false}, replications(6), numbered);
  CHECK(one.requests == many.requests);
  CHECK(one.requests == here.requests);
  CHECK(one.order == kFirstSix);
}

TEST_CASE("workers: jobs of several points share the workers and arrive in the order of the jobs") {
  // the second point's replication 7 before the first's 3
  const std::vector<Job> jobs = {{1, 7}, {0, 3}, {1, 8}};
  const Collected collected({.workers = 2}, jobs, numbered);
  CHECK(collected.order == std::vector<std::uint32_t>{7, 3, 8});
  CHECK(collected.kept.size() == 3);
}

TEST_CASE("workers: a report larger than a pipe arrives whole") {
  const auto large = [](const Job&) {
    Report report;
    QuantileSketch sketch;
    for (int i = 0; i < 50'000; ++i) sketch.add(i);  // 400 kB; a pipe holds 64
    report.sketch(kKey, "s", std::move(sketch));
    report.requests = 7;
    return report;
  };
  const Collected collected({.workers = 2}, replications(2), large);
  CHECK(collected.requests == std::vector<std::uint64_t>{7, 7});
}

TEST_CASE("workers: a killed worker is reported and started once more") {
  const Marker marker;
  const auto killed_once = [&](const Job& job) {
    if (job.replication == 1 && marker.first()) ::kill(::getpid(), SIGKILL);
    return numbered(job);
  };
  const Collected collected({.workers = 2}, replications(3), killed_once);
  CHECK(collected.status == StudyStatus::complete);
  CHECK(collected.order == std::vector<std::uint32_t>{0, 1, 2});
  REQUIRE(collected.troubles.size() == 1);
  CHECK(collected.troubles[0] == "1: its worker was killed by signal 9 (Killed); trying once more");
}

TEST_CASE("workers: a worker that ends early twice fails the study") {
  const auto leaves = [](const Job&) -> Report { ::_exit(3); };
  const Collected collected({.workers = 1}, replications(1), leaves);
  CHECK(collected.status == StudyStatus::failed);
  REQUIRE(collected.troubles.size() == 2);
  CHECK(collected.troubles[1] == "0: its worker ended early with status 3 again; giving up");
}

TEST_CASE("workers: a failed check is passed on and not tried again") {
  const Marker marker;
  const auto fails = [&](const Job& job) -> Report {
    if (job.replication == 0 && marker.first()) fail_check("sqs", "the queue is upside down");
    return numbered(job);
  };
  const Collected collected({.workers = 1}, replications(1), fails);
  CHECK(collected.status == StudyStatus::failed);
  REQUIRE(collected.troubles.size() == 1);
  CHECK(collected.troubles[0].find("sqs") != std::string::npos);
  CHECK(collected.troubles[0].find("the queue is upside down") != std::string::npos);
}

TEST_CASE("workers: an interrupt keeps what came before it in the order of the jobs") {
  const pid_t study = ::getpid();
  const auto interrupts = [study](const Job& job) {
    if (job.replication == 2) {
      ::kill(study, SIGINT);
      for (;;) ::pause();  // until the study ends it
    }
    return numbered(job);
  };
  const Collected collected({.workers = 1}, replications(4), interrupts);
  CHECK(collected.status == StudyStatus::interrupted);
  CHECK(collected.order == std::vector<std::uint32_t>{0, 1});
}

TEST_CASE("workers: without forking a failed check fails the study too") {
  const auto fails = [](const Job&) -> Report { fail_check("sqs", "upside down"); };
  const Collected collected({.fork = false}, replications(2), fails);
  CHECK(collected.status == StudyStatus::failed);
  CHECK(collected.order.empty());
}
