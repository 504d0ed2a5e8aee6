// Runs a piece of a test in a process of its own, for what a process can have only once (SimGrid's engine).
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <exception>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

namespace nephoscope {

using Figures = std::vector<double>;

namespace internal {

// What goes through the pipe: 'd' and the figures, or 'e' and a message.
inline std::string outcome_of(const std::function<Figures()>& body) {
  try {
    const Figures figures = body();
    return "d" + std::string(reinterpret_cast<const char*>(figures.data()), figures.size() * sizeof(double));
  } catch (const std::exception& error) {
    return std::string("e") + error.what();
  }
}

inline std::string read_all(int pipe) {
  std::string text;
  char piece[4096];
  for (ssize_t got; (got = ::read(pipe, piece, sizeof piece)) > 0;)
    text.append(piece, static_cast<std::size_t>(got));
  return text;
}

[[noreturn]] inline void be_child(int pipe, const std::function<Figures()>& body) {
  const std::string outcome = outcome_of(body);
  for (std::size_t sent = 0; sent < outcome.size();) {
    const ssize_t written = ::write(pipe, outcome.data() + sent, outcome.size() - sent);
    if (written <= 0) ::_exit(1);
    sent += static_cast<std::size_t>(written);
  }
  ::_exit(0);
}

}  // namespace internal

// What `body` returns in a child process. Throws std::runtime_error with the message of what it throws, or if
// the child dies.
inline Figures forked(const std::function<Figures()>& body) {
  int ends[2];
  if (::pipe(ends) != 0) throw std::runtime_error("no pipe");
  std::fflush(nullptr);
  const pid_t child = ::fork();
  if (child == 0) internal::be_child(ends[1], body);
  ::close(ends[1]);
  const std::string outcome = internal::read_all(ends[0]);
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  if (status != 0 || outcome.empty()) throw std::runtime_error("the child process died");
  if (outcome[0] == 'e') throw std::runtime_error(outcome.substr(1));
  Figures figures((outcome.size() - 1) / sizeof(double));
  outcome.copy(reinterpret_cast<char*>(figures.data()), outcome.size() - 1, 1);
  return figures;
}

}  // namespace nephoscope
