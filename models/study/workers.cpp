#include "models/study/workers.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <map>
#include <new>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/check.hpp"

namespace nephoscope {
namespace {

// What a worker's message opens with.
enum class Outcome : std::uint8_t { report = 1, failure = 2 };

[[noreturn]] void fail_system(std::string_view call) {
  fail_check("workers", fmt::format("{} failed: {}", call, std::strerror(errno)));
}

// --- the child -------------------------------------------------------------------------------------------

bool write_all(int pipe, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(pipe, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return true;
}

std::vector<std::byte> outcome_of(const JobFunction& run, const Job& job) {
  ByteWriter out;
  try {
    const Report report = run(job);
    out.u8(static_cast<std::uint8_t>(Outcome::report));
    report.save(out);
  } catch (const std::bad_alloc&) {
    return {};
  } catch (const std::exception& error) {
    out = ByteWriter();
    out.u8(static_cast<std::uint8_t>(Outcome::failure));
    out.text(error.what());
  }
  return out.take();
}

// Ctrl-C reaches the whole process group: the parent decides, and kills its workers.
[[noreturn]] void be_worker(int pipe, const JobFunction& run, const Job& job) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  std::signal(SIGINT, SIG_IGN);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  const auto message = outcome_of(run, job);
  const bool sent = !message.empty() && write_all(pipe, message);
  ::_exit(sent ? 0 : 1);
}

// --- the parent ------------------------------------------------------------------------------------------

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
  pid_t process = -1;
  int pipe = -1;
  std::size_t number = 0;  // of its job
  std::vector<std::byte> received;
};

class Pool final {
 public:
  Pool(const WorkersOptions& options, std::span<const Job> jobs, const JobFunction& run,
       const WorkersEvents& events)
      : jobs_(jobs),
        run_(run),
        events_(events),
        limit_(options.workers > 0 ? options.workers : usable_cores()) {}
  ~Pool() { kill_all(); }
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
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) fail_system("pipe");
    std::fflush(nullptr);  // or the child would write the parent's buffers once more
    const pid_t process = ::fork();
    if (process < 0) fail_system("fork");
    if (process == 0) {
      ::close(ends[0]);
      be_worker(ends[1], run_, jobs_[number]);
    }
    ::close(ends[1]);
    workers_.push_back({process, ends[0], number, {}});
  }

  void wait_for_news() {
    std::vector<pollfd> files = {{signals_.file(), POLLIN, 0}};
    for (const Worker& worker : workers_) files.push_back({worker.pipe, POLLIN, 0});
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
      if (files[i + 1].revents != 0 && !receive(workers_[i])) ended.push_back(i);
    for (auto i = ended.rbegin(); i != ended.rend() && status_ == StudyStatus::complete; ++i) {
      Worker worker = std::move(workers_[*i]);
      workers_.erase(workers_.begin() + static_cast<std::ptrdiff_t>(*i));
      finish(std::move(worker));
    }
  }

  // False when the worker has closed its end.
  static bool receive(Worker& worker) {
    constexpr std::size_t piece = 1U << 16U;  // a pipe's capacity on Linux
    const std::size_t before = worker.received.size();
    worker.received.resize(before + piece);
    const ssize_t got = ::read(worker.pipe, worker.received.data() + before, piece);
    worker.received.resize(before + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    return got > 0 || (got < 0 && errno == EINTR);
  }

  void finish(Worker worker) {
    ::close(worker.pipe);
    const int status = reap(worker.process);
    const bool clean = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    const Job& job = jobs_[worker.number];
    if (!clean) return crashed(worker.number, status);
    ByteReader in(worker.received);
    if (in.u8() == static_cast<std::uint8_t>(Outcome::failure)) {
      events_.trouble(job, in.text());
      status_ = StudyStatus::failed;
      return;
    }
    events_.finished(job, std::span(worker.received).subspan(1));
    waiting_.emplace(worker.number, Report::load(in));
    events_.progress(++finished_, static_cast<std::uint32_t>(jobs_.size()));
    deliver();
  }

  static int reap(pid_t process) {
    int status = 0;
    while (::waitpid(process, &status, 0) < 0)
      if (errno != EINTR) fail_system("waitpid");
    return status;
  }

  void crashed(std::size_t number, int status) {
    const std::string how =
        WIFSIGNALED(status)
            ? fmt::format("was killed by signal {} ({})", WTERMSIG(status), sigdescr_np(WTERMSIG(status)))
            : fmt::format("ended early with status {}", WEXITSTATUS(status));
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

  void kill_all() {
    for (const Worker& worker : workers_) ::kill(worker.process, SIGKILL);
    for (const Worker& worker : workers_) {
      ::close(worker.pipe);
      int status = 0;
      while (::waitpid(worker.process, &status, 0) < 0 && errno == EINTR) {
      }
    }
    workers_.clear();
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
