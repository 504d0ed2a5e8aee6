// What a store of replications belongs to: everything that decides them, as JSON text that can be read back.
//
// It holds the scenarios' texts, so that parts of a study which ran on several machines can be merged without
// the files; of data files that they name it holds the digest.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "models/study/points.hpp"

namespace nephoscope {

struct StudyIdentity {
  std::string command;  // "run", "compare"
  std::string version;
  std::string program;  // tells builds of one version apart; ignored where parts are merged
  Shard shard;
  // As points are paired: all have one seed and one number of replications.
  std::int64_t seed = 0;
  std::int64_t replications = 0;

  struct Part {
    Point point;
    std::string path;
    std::string text;
    std::string data_sha256;
  };
  std::vector<Part> parts;

  // Equal texts mean: replications can be shared.
  std::string text() const;
  // Whether these are parts of one study.
  bool same_study(const StudyIdentity& other) const;
};

// REQUIRES: paired scenarios, read with points[i].load.
StudyIdentity identity_of(const std::string& command, std::span<const Point> points,
                          std::span<const Scenario> scenarios);

// Nothing if the text is not one.
std::optional<StudyIdentity> read_identity(const std::string& text);

}  // namespace nephoscope
