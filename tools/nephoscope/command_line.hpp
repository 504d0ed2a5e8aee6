// The command: flags in, exit status out. Results go to stdout; progress, warnings and errors to stderr.
#pragma once

namespace nephoscope {

// Exit statuses are those of study_result.hpp. May throw CheckFailure, and nothing else that is expected.
int run_command_line(int argc, char** argv);

}  // namespace nephoscope
