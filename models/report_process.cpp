#include "models/report_process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <new>
#include <span>
#include <string_view>
#include <utility>

#include "engine/base/check.hpp"

namespace nephoscope {
namespace {

// What a child's message opens with.
enum class Answer : std::uint8_t { report = 1, failure = 2 };

[[noreturn]] void fail_system(std::string_view call) {
  fail_check("workers", fmt::format("{} failed: {}", call, std::strerror(errno)));
}

bool write_all(int pipe, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(pipe, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return true;
}

// Empty where another try may do better.
std::vector<std::byte> answer_of(const ReportMaker& make) {
  ByteWriter out;
  try {
    const Report report = make();
    out.u8(static_cast<std::uint8_t>(Answer::report));
    report.save(out);
  } catch (const std::bad_alloc&) {
    return {};
  } catch (const ProcessDied&) {
    return {};
  } catch (const std::exception& error) {
    out = ByteWriter();
    out.u8(static_cast<std::uint8_t>(Answer::failure));
    out.text(error.what());
  }
  return out.take();
}

// Ctrl-C reaches the whole process group: the parent decides, and kills its children.
[[noreturn]] void be_child(pid_t parent, int pipe, const ReportMaker& make) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(1);  // it died before that
  std::signal(SIGINT, SIG_IGN);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  const auto answer = answer_of(make);
  const bool sent = !answer.empty() && write_all(pipe, answer);
  ::_exit(sent ? 0 : 1);
}

int reap(pid_t process) {
  int status = 0;
  while (::waitpid(process, &status, 0) < 0)
    if (errno != EINTR) fail_system("waitpid");
  return status;
}

std::string describe_death(int status) {
  return WIFSIGNALED(status)
             ? fmt::format("was killed by signal {} ({})", WTERMSIG(status), sigdescr_np(WTERMSIG(status)))
             : fmt::format("ended early with status {}", WEXITSTATUS(status));
}

}  // namespace

ReportProcess::ReportProcess(const ReportMaker& make) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) fail_system("pipe");
  std::fflush(nullptr);  // or the child would write the parent's buffers once more
  const pid_t parent = ::getpid();
  process_ = ::fork();
  if (process_ < 0) fail_system("fork");
  if (process_ == 0) {
    ::close(ends[0]);
    be_child(parent, ends[1], make);
  }
  ::close(ends[1]);
  pipe_ = ends[0];
}

ReportProcess::ReportProcess(ReportProcess&& other) noexcept
    : process_(std::exchange(other.process_, -1)),
      pipe_(std::exchange(other.pipe_, -1)),
      received_(std::move(other.received_)) {}

ReportProcess& ReportProcess::operator=(ReportProcess&& other) noexcept {
  std::swap(process_, other.process_);
  std::swap(pipe_, other.pipe_);
  std::swap(received_, other.received_);
  return *this;
}

ReportProcess::~ReportProcess() {
  if (pipe_ >= 0) ::close(pipe_);
  if (process_ < 0) return;
  kill();
  int status = 0;
  while (::waitpid(process_, &status, 0) < 0 && errno == EINTR) {
  }
}

void ReportProcess::kill() noexcept {
  if (process_ >= 0) ::kill(process_, SIGKILL);
}

bool ReportProcess::receive() {
  constexpr std::size_t piece = 1U << 16U;  // a pipe's capacity on Linux
  const std::size_t before = received_.size();
  received_.resize(before + piece);
  const ssize_t got = ::read(pipe_, received_.data() + before, piece);
  received_.resize(before + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  return got > 0 || (got < 0 && errno == EINTR);
}

ReportOutcome ReportProcess::finish() {
  const int status = reap(std::exchange(process_, -1));
  const bool clean = WIFEXITED(status) && WEXITSTATUS(status) == 0;
  if (!clean) return {.report = {}, .failure = {}, .death = describe_death(status)};
  ByteReader in(received_);
  if (in.u8() == static_cast<std::uint8_t>(Answer::failure))
    return {.report = {}, .failure = in.text(), .death = {}};
  received_.erase(received_.begin());
  return {.report = std::move(received_), .failure = {}, .death = {}};
}

Report make_in_process(const ReportMaker& make) {
  ReportProcess process(make);
  while (process.receive()) {
  }
  const ReportOutcome outcome = process.finish();
  if (!outcome.death.empty()) throw ProcessDied("the process of a replication " + outcome.death);
  if (!outcome.failure.empty()) throw CheckFailure(outcome.failure);
  ByteReader in(outcome.report);
  return Report::load(in);
}

}  // namespace nephoscope
