#include "tools/report/html.hpp"

#include <doctest/doctest.h>

#include "engine/base/check.hpp"
#include "tests/tools/well_formed.hpp"

using namespace nephoscope;

TEST_CASE("html: text and attribute values are escaped, control characters are blanks") {
  Html html;
  html.element("p", "a < b & \"c\"\n'd'>", {{"title", "\"><script>"}});
  CHECK(std::move(html).take() ==
        "<p title=\"&quot;&gt;&lt;script&gt;\">a &lt; b &amp; &quot;c&quot; &#39;d&#39;&gt;</p>\n");
}

TEST_CASE("html: what is open can be closed once, and must be") {
  Html html;
  html.open("p");
  CHECK_THROWS_AS(Html(html).take(), CheckFailure);
  html.close();
  CHECK_THROWS_AS(html.close(), CheckFailure);
}

TEST_CASE("html: the reader of these tests finds what is not well-formed") {
  CHECK(read_markup("<p><b>x</b><br/></p>").problem.empty());
  CHECK(read_markup("<p><b>x</p></b>").problem == "closes p");
  CHECK(read_markup("<p>").problem == "leaves open p");
  CHECK(read_markup("<p a=\"<\"></p>").problem == "attributes of p");
}
