#include "models/study/workers.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sched.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <map>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/check.hpp"
#include "models/report_process.hpp"

namespace nephoscope {
namespace {

[[noreturn]] void fail_system(std::string_view call) {
  fail_check("workers", fmt::format("{} failed: {}", call, std::strerror(errno)));
}

// SIGINT and SIGTERM as a file that becomes readable; the old mask comes back at the end.
class Signals final {
 public:
  Signals() {
    sigset_t caught;
    sigemptyset(&caught);
    sigaddset(&caught, SIGINT);
    sigaddset(&caught, SIGTERM);
    sigprocmask(SIG_BLOCK, &caught, &before_);
    file_ = ::signalfd(-1, &caught, SFD_CLOEXEC | SFD_NONBLOCK);
    if (file_ < 0) fail_system("signalfd");
  }
  ~Signals() {
    // Signals that arrived are taken, not left to strike when the mask falls.
    signalfd_siginfo taken;
    while (::read(file_, &taken, sizeof taken) > 0) {
    }
    ::close(file_);
    sigprocmask(SIG_SETMASK, &before_, nullptr);
  }
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;
  int file() const { return file_; }

 private:
  sigset_t before_;
  int file_ = -1;
};

struct Worker {
  ReportProcess process;
  std::size_t number = 0;  // of its job
};

class Pool final {
 public:
  Pool(const WorkersOptions& options, std::span<const Job> jobs, const JobFunction& run,
       const WorkersEvents& events)
      : jobs_(jobs),
        run_(run),
        events_(events),
        limit_(options.workers > 0 ? options.workers : usable_cores()) {}
  // All are killed before the first is waited for.
  ~Pool() {
    for (Worker& worker : workers_) worker.process.kill();
  }
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  StudyStatus run() {
    while (status_ == StudyStatus::complete && delivered_ < jobs_.size()) {
      fill();
      wait_for_news();
    }
    return status_;
  }

 private:
  void fill() {
    // Not too far ahead of a slow one: reports that wait for it take memory.
    const auto horizon = std::min(jobs_.size(), delivered_ + 8 * limit_);
    while (workers_.size() < limit_ && (!again_.empty() || next_ < horizon)) {
      if (again_.empty()) {
        start(next_++);
      } else {
        start(again_.back());
        again_.pop_back();
      }
    }
  }

  void start(std::size_t number) {
    workers_.push_back({ReportProcess([&] { return run_(jobs_[number]); }), number});
  }

  void wait_for_news() {
    std::vector<pollfd> files = {{signals_.file(), POLLIN, 0}};
    for (const Worker& worker : workers_) files.push_back({worker.process.pipe(), POLLIN, 0});
    if (::poll(files.data(), files.size(), -1) < 0) {
      if (errno == EINTR) return;
      fail_system("poll");
    }
    if (files.front().revents != 0) {
      status_ = StudyStatus::interrupted;
      return;
    }
    std::vector<std::size_t> ended;
    for (std::size_t i = 0; i < workers_.size(); ++i)
      if (files[i + 1].revents != 0 && !workers_[i].process.receive()) ended.push_back(i);
    for (auto i = ended.rbegin(); i != ended.rend() && status_ == StudyStatus::complete; ++i) {
      Worker worker = std::move(workers_[*i]);
      workers_.erase(workers_.begin() + static_cast<std::ptrdiff_t>(*i));
      finish(std::move(worker));
    }
  }

  void finish(Worker worker) {
    const ReportOutcome outcome = worker.process.finish();
    const Job& job = jobs_[worker.number];
    if (!outcome.death.empty()) return crashed(worker.number, outcome.death);
    if (!outcome.failure.empty()) {
      events_.trouble(job, outcome.failure);
      status_ = StudyStatus::failed;
      return;
    }
    events_.finished(job, outcome.report);
    ByteReader in(outcome.report);
    waiting_.emplace(worker.number, Report::load(in));
    events_.progress(++finished_, static_cast<std::uint32_t>(jobs_.size()));
    deliver();
  }

  void crashed(std::size_t number, const std::string& how) {
    const bool first = ++crashes_[number] == 1;
    events_.trouble(jobs_[number],
                    fmt::format("its worker {}{}", how, first ? "; trying once more" : " again; giving up"));
    if (first)
      again_.push_back(number);
    else
      status_ = StudyStatus::failed;
  }

  // Hands over what is next in the jobs' order.
  void deliver() {
    for (auto next = waiting_.begin(); next != waiting_.end() && next->first == delivered_;) {
      events_.report(jobs_[delivered_++], std::move(next->second));
      next = waiting_.erase(next);
    }
  }

  std::span<const Job> jobs_;
  const JobFunction& run_;
  const WorkersEvents& events_;
  std::size_t limit_;
  Signals signals_;
  std::vector<Worker> workers_;
  // Jobs by their number in jobs_.
  std::map<std::size_t, Report> waiting_;  // finished, but an earlier job has not
  std::map<std::size_t, int> crashes_;
  std::vector<std::size_t> again_;
  std::size_t next_ = 0;
  std::size_t delivered_ = 0;
  std::uint32_t finished_ = 0;
  StudyStatus status_ = StudyStatus::complete;
};

StudyStatus run_here(std::span<const Job> jobs, const JobFunction& run, const WorkersEvents& events) {
  std::uint32_t finished = 0;
  for (const Job& job : jobs) {
    std::optional<Report> report;
    try {
      report = run(job);
    } catch (const std::exception& error) {
      events.trouble(job, error.what());
      return StudyStatus::failed;
    }
    ByteWriter bytes;
    report->save(bytes);
    events.finished(job, bytes.bytes());
    events.report(job, std::move(*report));
    events.progress(++finished, static_cast<std::uint32_t>(jobs.size()));
  }
  return StudyStatus::complete;
}

}  // namespace

unsigned usable_cores() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (::sched_getaffinity(0, sizeof set, &set) != 0) return 1;
  return static_cast<unsigned>(std::max(CPU_COUNT(&set), 1));
}

StudyStatus run_workers(const WorkersOptions& options, std::span<const Job> jobs, const JobFunction& run,
                        const WorkersEvents& events) {
  if (!options.fork) return run_here(jobs, run, events);
  return Pool(options, jobs, run, events).run();
}

}  // namespace nephoscope
