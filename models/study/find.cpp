#include "models/study/find.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/base/check.hpp"

namespace nephoscope {

const FieldTable<FindConfig>& FindConfig::fields() {
  using F = FindConfig;
  static const auto table =
      FieldTable<F>("find", "What `nephoscope find` looks for; other commands ignore it.")
          .required("path", &F::path, {.doc = "dotted path of the value, such as resources.web.min_size"})
          .required("from", &F::from, {.doc = "smallest value"})
          .required("to", &F::to, {.doc = "largest value"})
          .field("step", &F::step, {.doc = "distance of neighbours; whole numbers have 1"})
          .field("max_replications", &F::max_replications,
                 {.doc = "a value that is still inconclusive with so many is given up (none: 8 times "
                         "run.replications)",
                  .min = 2,
                  .max = 100'000})
          .validate([](const F& find, const Node& node, Context& context) {
            const auto values = find.values();
            if (!values) context.report(*node.find("from"), values.problem);
          });
  return table;
}

namespace {

class Search final {
 public:
  Search(const FindOptions& options, const FindEvaluator& evaluate)
      : options_(options), evaluate_(evaluate) {}

  FindOutcome run() {
    const std::size_t last = options_.values - 1;
    if (verdict(0) == Verdict::kPass) return verified(0);
    if (last == 0 || verdict(last) == Verdict::kFail)
      return ended(last > 0 || verdict(0) == Verdict::kFail ? FindEnd::none : FindEnd::inconclusive);
    // The first value that does not fail, and the first that is sure to pass (one past the end if none is).
    const std::size_t unsure = first_where(0, last, [](Verdict each) { return each != Verdict::kFail; });
    if (verdict(unsure) == Verdict::kPass) return verified(unsure);
    const std::size_t sure = first_where(unsure, last, [](Verdict each) { return each == Verdict::kPass; });
    FindOutcome outcome = ended(FindEnd::inconclusive);
    outcome.low = unsure;
    outcome.high = sure;
    outcome.high_passes = !stopped_ && verdict(sure) == Verdict::kPass;
    return outcome;
  }

 private:
  // The first index in [low, high] where `holds`, `high` if it holds nowhere before.
  template <class Predicate>
  std::size_t first_where(std::size_t low, std::size_t high, Predicate holds) {
    while (low < high && !stopped_) {
      const std::size_t middle = low + (high - low) / 2;
      if (holds(verdict(middle)))
        high = middle;
      else
        low = middle + 1;
    }
    return high;
  }

  // No data is no pass, and more replications seldom bring any.
  Verdict verdict(std::size_t index) {
    if (const auto known = verdicts_.find(index); known != verdicts_.end()) return known->second;
    Verdict result = Verdict::kInconclusive;
    for (std::uint32_t replications = options_.replications; !stopped_; replications *= 2) {
      replications = std::min(replications, options_.max_replications);
      const auto found = evaluate_(index, replications);
      if (!found) {
        stopped_ = true;
        break;
      }
      result = *found == Verdict::kNoData ? Verdict::kFail : *found;
      trials_.push_back({index, replications, *found});
      if (result != Verdict::kInconclusive || replications == options_.max_replications) break;
    }
    if (!stopped_) verdicts_[index] = result;
    return result;
  }

  FindOutcome verified(std::size_t index) {
    if (index + 1 < options_.values) verdict(index + 1);
    verdict(options_.values - 1);
    FindOutcome outcome = ended(FindEnd::found);
    outcome.index = index;
    for (const auto& [other, each] : verdicts_)
      if (other > index && each == Verdict::kFail) outcome.fails_above = other;
    return outcome;
  }

  FindOutcome ended(FindEnd end) {
    FindOutcome outcome;
    outcome.end = stopped_ ? FindEnd::stopped : end;
    outcome.trials = trials_;
    return outcome;
  }

  const FindOptions& options_;
  const FindEvaluator& evaluate_;
  std::map<std::size_t, Verdict> verdicts_;
  std::vector<FindTrial> trials_;
  bool stopped_ = false;
};

}  // namespace

FindOutcome find_smallest(const FindOptions& options, const FindEvaluator& evaluate) {
  check(options.values >= 1, "find", "there is no value");
  check(options.replications >= 1 && options.replications <= options.max_replications, "find",
        "{} replications at first, at most {}", options.replications, options.max_replications);
  return Search(options, evaluate).run();
}

}  // namespace nephoscope
