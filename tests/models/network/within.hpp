// Comparison by relative error: doctest::Approx alone allows an absolute one of the same size.
#pragma once

#include <doctest/doctest.h>

namespace nephoscope {

inline doctest::Approx within(double relative_error, double value) {
  return doctest::Approx(value).epsilon(relative_error).scale(0);
}

}  // namespace nephoscope
