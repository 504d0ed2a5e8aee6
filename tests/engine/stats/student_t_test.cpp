#include "engine/stats/student_t.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <initializer_list>

#include "engine/stats/binomial.hpp"
#include "tests/engine/stats/test_random.hpp"

using namespace nephoscope;

TEST_CASE("stats: Student-t quantiles equal the published table") {
  // Abramowitz and Stegun (1964), table 26.10, and NIST/SEMATECH e-Handbook 1.3.6.7.2 (three decimals).
  struct Row {
    double p, dof, t;
  };
  for (const Row row :
       {Row{0.975, 1, 12.706}, Row{0.975, 2, 4.303}, Row{0.975, 4, 2.776}, Row{0.975, 9, 2.262},
        Row{0.975, 19, 2.093}, Row{0.975, 30, 2.042}, Row{0.975, 100, 1.984}, Row{0.95, 5, 2.015},
        Row{0.995, 10, 3.169}, Row{0.999, 3, 10.215}}) {
    CAPTURE(row.dof);
    CHECK(std::fabs(student_t_quantile(row.p, row.dof) - row.t) < 0.0006);
  }
}

TEST_CASE("stats: with one and two degrees of freedom Student-t quantiles equal their closed forms") {
  // dof 1 is Cauchy: t = tan(pi (p - 1/2)); dof 2: t = (2p - 1) sqrt(2 / (4p (1 - p)))
  for (const double p : {0.001, 0.2, 0.6, 0.9, 0.9999}) {
    CHECK(student_t_quantile(p, 1) ==
          doctest::Approx(std::tan(3.14159265358979323846 * (p - 0.5))).epsilon(1e-10));
    CHECK(student_t_quantile(p, 2) ==
          doctest::Approx((2 * p - 1) * std::sqrt(0.5 / (p * (1 - p)))).epsilon(1e-10));
  }
}

TEST_CASE("stats: Student-t probabilities invert its quantiles") {
  for (const double dof : {1.0, 3.0, 29.0, 1e4, 1e7})
    for (const double p : {1e-6, 0.025, 0.3, 0.5, 0.7, 0.999})
      CHECK(test::relative_error(student_t_cdf(student_t_quantile(p, dof), dof), p) < 1e-11);
}

TEST_CASE("stats: Student-t with many degrees of freedom becomes normal") {
  // t = z + (z^3 + z)/(4 dof) + ... (Abramowitz and Stegun 26.7.5); 1.959964: 2.3722 / dof
  CHECK(std::fabs(student_t_quantile(0.975, 1e6) - normal_quantile(0.975) - 2.3722e-6) < 1e-9);
}

TEST_CASE("stats: normal quantiles equal published values") {
  // Wichura, algorithm AS 241 (Applied Statistics 37(3), 1988), check values.
  CHECK(normal_quantile(0.25) == doctest::Approx(-0.6744897501960817).epsilon(1e-13));
  CHECK(normal_quantile(0.001) == doctest::Approx(-3.090232306167814).epsilon(1e-13));
  CHECK(normal_quantile(1e-20) == doctest::Approx(-9.262340089798408).epsilon(1e-13));
  CHECK(normal_quantile(0.975) == doctest::Approx(1.959963984540054).epsilon(1e-13));
  CHECK(normal_quantile(0.5) == 0);
}

TEST_CASE("stats: far tails of Student-t are 0 and 1") {
  CHECK(student_t_cdf(-INFINITY, 5) < 1e-300);
  CHECK(student_t_cdf(INFINITY, 5) == 1);
}

TEST_CASE("stats: intervals have the same bits on every machine and in every build") {
  // Pinned from a run; the values themselves are tested above. t(9, 0.975) = 2.262157, z(0.975) = 1.959964,
  // and the lower Clopper-Pearson limit of 999 in 1000, 0.994441.
  CHECK(student_t_quantile(0.975, 9) == 0x1.218e5dac50b23p+1);
  CHECK(normal_quantile(0.975) == 0x1.f5c0331eeff76p+0);
  CHECK(clopper_pearson({999, 1000}).low == 0x1.fd27617408cfp-1);
}
