#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <set>

#include "models/study/atomic_file.hpp"
#include "models/study/precision.hpp"
#include "tools/nephoscope/commands.hpp"
#include "tools/nephoscope/simulating.hpp"

namespace nephoscope {
namespace {

namespace fs = std::filesystem;

// A file of replications, and what it belongs to.
struct StoredPart {
  fs::path path;
  std::unique_ptr<ReplicationStore> store;
  StudyIdentity identity;
};

// The files of a directory, by name; not the whole that an earlier merge left where this one's goes.
std::vector<fs::path> stores_in(const std::string& directory, const fs::path& whole) {
  std::vector<fs::path> paths;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(directory, error)) {
    const std::string name = entry.path().filename().string();
    const bool is_whole = fs::equivalent(entry.path(), whole, error);
    if (name.starts_with("replications") && name.ends_with(".store") && !is_whole)
      paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

// Nothing after an error, which was shown; as below.
std::optional<StoredPart> open_part(const fs::path& path) {
  StoredPart part{path, std::make_unique<ReplicationStore>(), {}};
  if (const auto problem = part.store->open_to_read(path)) return complain(0, *problem), std::nullopt;
  auto identity = read_identity(part.store->identity());
  if (!identity)
    return complain(0, fmt::format("{} was written by another version", path.string())), std::nullopt;
  part.identity = std::move(*identity);
  if (part.identity.version == NEPHOSCOPE_VERSION) return part;
  complain(0, fmt::format("{} was written by version {}, this is {}", path.string(), part.identity.version,
                          NEPHOSCOPE_VERSION));
  return std::nullopt;
}

std::optional<std::vector<StoredPart>> open_parts(const MergeOptions& options) {
  std::vector<StoredPart> parts;
  for (const std::string& directory : options.directories) {
    const std::vector<fs::path> paths = stores_in(directory, store_path(*options.run.directory));
    if (paths.empty())
      return complain(0, fmt::format("no replications are kept in '{}'", directory)), std::nullopt;
    for (const fs::path& path : paths) {
      auto part = open_part(path);
      if (!part) return std::nullopt;
      parts.push_back(std::move(*part));
    }
  }
  for (const StoredPart& part : parts)
    if (!part.identity.same_study(parts.front().identity)) {
      complain(0, fmt::format("{} and {} are not of one study (another scenario, flag, seed or data file)",
                              parts.front().path.string(), part.path.string()));
      return std::nullopt;
    }
  return parts;
}

// The study as it was when its parts ran.
std::optional<ReadyStudy> read_study(const StudyIdentity& identity) {
  ReadyStudy study{.command = identity.command, .points = {}, .scenarios = {}};
  for (const StudyIdentity::Part& part : identity.parts) {
    SourceSet sources;
    Diagnostics diagnostics;
    auto scenario = parse_scenario(sources, part.path, part.text, part.point.load, diagnostics);
    if (!scenario) return fmt::print(stderr, "{}", diagnostics.render(sources)), std::nullopt;
    if (scenario->data_sha256 != part.data_sha256)
      return complain(0, fmt::format("the data files of {} are not what they were", part.path)), std::nullopt;
    study.points.push_back(part.point);
    study.scenarios.push_back(std::move(*scenario));
  }
  pair_scenarios(study.scenarios);
  return study;
}

// Which of `jobs` no part has, for people; empty if none.
std::string missing_text(const ReadyStudy& study, const std::vector<StoredPart>& parts,
                         const std::vector<Job>& jobs) {
  constexpr std::size_t listed = 10;
  std::vector<std::string> missing;
  for (const Job& job : jobs)
    if (std::none_of(parts.begin(), parts.end(),
                     [&](const StoredPart& part) { return part.store->has(job); }))
      missing.push_back(fmt::format("{}{}{}", study.points[job.point].name,
                                    study.points[job.point].name.empty() ? "" : " ", job.replication));
  if (missing.empty()) return "";
  const std::size_t count = missing.size();
  if (count > listed) missing.resize(listed);
  std::set<std::string> given;
  for (const StoredPart& part : parts)
    given.insert(fmt::format("{}/{}", part.identity.shard.index, part.identity.shard.count));
  return fmt::format("{} of {} replications are missing: {}{}; there are shards {}", count, jobs.size(),
                     fmt::join(missing, ", "), count > listed ? ", …" : "", fmt::join(given, ", "));
}

// Puts all replications into one store. Returns what went wrong.
std::optional<std::string> gather(const ReadyStudy& study, const std::vector<StoredPart>& parts,
                                  const std::string& directory) {
  ReplicationStore whole;
  if (const auto problem = whole.open(store_path(directory), study.identity().text(), true)) return problem;
  for (const StoredPart& part : parts)
    for (const Job& job : part.store->jobs()) {
      const std::vector<std::byte> report = part.store->bytes(job);
      if (!whole.has(job))
        whole.add(job, report);
      else if (whole.bytes(job) != report)
        return fmt::format("replication {} of {} differs from another part's", job.replication,
                           part.path.string());
    }
  return std::nullopt;
}

}  // namespace

int merge_command(const MergeOptions& options) {
  const auto parts = open_parts(options);
  if (!parts) return kExitInvalid;
  const auto study = read_study(parts->front().identity);
  if (!study) return kExitInvalid;
  const RunConfig& run = study->scenarios.front().document.run;
  const std::vector<Job> jobs = jobs_of(study->points.size(), 0, replication_range(run).first);
  const std::string missing = missing_text(*study, *parts, jobs);
  if (!missing.empty()) return complain(kExitInvalid, missing);
  const std::string& directory = *options.run.directory;
  if (const auto problem = make_writable_directory(directory)) return complain(kExitInvalid, *problem);
  if (const auto problem = gather(*study, *parts, directory)) return complain(kExitInvalid, *problem);
  RunOptions quiet = options.run;
  quiet.quiet = true;
  return run_and_show(*study, quiet);
}

}  // namespace nephoscope
