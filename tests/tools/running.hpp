// Runs the command as a user would: as a process, with its output in files.
#pragma once

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <string>
#include <vector>

#include "tests/models/study/temporary_folder.hpp"

namespace nephoscope {

// A running command. Its folder, in which it works, holds what it writes.
class Running final {
 public:
  Running(const TemporaryFolder& folder, std::vector<std::string> arguments) : folder_(folder) {
    arguments.insert(arguments.begin(), NEPHOSCOPE_BINARY);
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    process_ = ::fork();
    REQUIRE(process_ >= 0);
    if (process_ == 0) become(argv);
  }
  ~Running() {
    if (process_ > 0) ::kill(process_, SIGKILL), wait();
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

  pid_t process() const { return process_; }
  std::string out() const { return content_of(folder_.path() / "stdout"); }
  std::string err() const { return content_of(folder_.path() / "stderr"); }
  // Waits, however long it takes, until stderr holds `text`; false if the command ends without it.
  bool await_error(const std::string& text) {
    for (;;) {
      siginfo_t state{};
      ::waitid(P_PID, static_cast<id_t>(process_), &state, WEXITED | WNOHANG | WNOWAIT);
      if (err().find(text) != std::string::npos) return true;
      if (state.si_pid != 0) return false;
      ::usleep(5'000);
    }
  }
  // The exit status; 128 + signal if it was killed.
  int wait() {
    int status = 0;
    ::waitpid(process_, &status, 0);
    process_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

 private:
  [[noreturn]] void become(std::vector<char*>& argv) const {
    constexpr int flags = O_WRONLY | O_CREAT | O_TRUNC;
    ::dup2(::open((folder_.path() / "stdout").c_str(), flags, 0600), STDOUT_FILENO);
    ::dup2(::open((folder_.path() / "stderr").c_str(), flags, 0600), STDERR_FILENO);
    if (::chdir(folder_.path().c_str()) == 0) ::execv(argv[0], argv.data());
    ::_exit(127);
  }

  const TemporaryFolder& folder_;
  pid_t process_ = -1;
};

struct Outcome {
  int status = 0;
  std::string out;
  std::string err;
};

inline Outcome run_in(const TemporaryFolder& folder, std::vector<std::string> arguments) {
  Running running(folder, std::move(arguments));
  const int status = running.wait();
  return {status, running.out(), running.err()};
}

}  // namespace nephoscope
