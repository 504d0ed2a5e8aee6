// How much of a run's start to discard as warm-up.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

namespace nephoscope {

// MSER (White, Simulation 69(6), 1997): the number d of leading values to discard that minimises the squared
// standard error of the rest, sum of (x_i - mean of the rest)^2 / (n - d)^2. The smallest such d.
//
// None when the run is too short to tell: fewer than 10 values, or the minimum lies beyond the first half
// (then the transient may not be over).
//
// MSER-5 (White, Cobb and Spratt, WSC 2000) applies this to averages of 5 consecutive observations each; give
// those averages, or any equal batches, and multiply the result by the batch's length.
std::optional<std::size_t> mser_truncation(std::span<const double> batch_averages);

// MSER-5 on raw observations: how many observations to discard, a multiple of 5. A last batch of fewer than 5
// is ignored.
std::optional<std::size_t> mser5_truncation(std::span<const double> observations);

}  // namespace nephoscope
