// A child process that makes one Report and sends it back through a pipe: a crash in it is not ours, and
// libraries that have one engine a process can serve several replications.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "models/common/report.hpp"

namespace nephoscope {

using ReportMaker = std::function<Report()>;

// How such a process ended: exactly one of the three is not empty.
struct ReportOutcome {
  std::vector<std::byte> report;  // as Report::save writes it
  std::string failure;            // what the maker threw
  std::string death;              // "was killed by signal 9 (Killed)": no answer came
};

// The process dies with its parent, ignores SIGINT, and does not outlive this object.
class ReportProcess final {
 public:
  // Forks; `make` runs in the child. REQUIRES: the calling process has one thread.
  explicit ReportProcess(const ReportMaker& make);
  ~ReportProcess();
  ReportProcess(ReportProcess&& other) noexcept;
  ReportProcess& operator=(ReportProcess&& other) noexcept;

  // Becomes readable when receive() has something to do.
  int pipe() const { return pipe_; }
  // Takes what has come, and waits if there is nothing; false once the child has closed its end.
  bool receive();
  // Waits for its end. REQUIRES: receive() has returned false.
  ReportOutcome finish();
  void kill() noexcept;

 private:
  pid_t process_ = -1;
  int pipe_ = -1;
  std::vector<std::byte> received_;
};

// The child of make_in_process() died without an answer.
class ProcessDied : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// What `make` returns in a process of its own. Throws CheckFailure with the message of what it throws, and
// ProcessDied.
Report make_in_process(const ReportMaker& make);

}  // namespace nephoscope
