#include "engine/stats/binomial.hpp"

#include <limits>

#include "engine/base/check.hpp"
#include "engine/stats/special.hpp"

namespace nephoscope {
namespace {

void require_valid(BinomialCounts counts, double confidence) {
  check(counts.successes >= 0 && counts.successes <= counts.trials, "stats", "{} successes in {} trials",
        counts.successes, counts.trials);
  check(confidence > 0 && confidence < 1, "stats", "an interval of confidence {}", confidence);
}

// The p at which P(X >= successes) = I_p(successes, failures + 1) is `tail`.
double lower_limit(BinomialCounts counts, double tail) {
  if (counts.successes == 0) return 0;
  const auto successes = static_cast<double>(counts.successes);
  const auto failures = static_cast<double>(counts.trials - counts.successes);
  return special::first_where(
      0, 1, [&](double p) { return special::incomplete_beta(successes, failures + 1, p, 1 - p) >= tail; });
}

// The p at which P(X <= successes) = I_{1-p}(failures, successes + 1) is `tail`.
double upper_limit(BinomialCounts counts, double tail) {
  if (counts.successes == counts.trials) return 1;
  const auto successes = static_cast<double>(counts.successes);
  const auto failures = static_cast<double>(counts.trials - counts.successes);
  return special::first_where(
      0, 1, [&](double p) { return special::incomplete_beta(failures, successes + 1, 1 - p, p) <= tail; });
}

}  // namespace

Interval clopper_pearson(BinomialCounts counts, double confidence) {
  require_valid(counts, confidence);
  const double tail = (1 - confidence) / 2;
  const double mean = counts.trials > 0
                          ? static_cast<double>(counts.successes) / static_cast<double>(counts.trials)
                          : std::numeric_limits<double>::quiet_NaN();
  return {mean, lower_limit(counts, tail), upper_limit(counts, tail)};
}

double binomial_lower_bound(BinomialCounts counts, double confidence) {
  require_valid(counts, confidence);
  return lower_limit(counts, 1 - confidence);
}

double binomial_upper_bound(BinomialCounts counts, double confidence) {
  require_valid(counts, confidence);
  return upper_limit(counts, 1 - confidence);
}

}  // namespace nephoscope
