#include "tools/report/tables.hpp"

namespace nephoscope::report {

void open_table(Html& html, std::string_view caption, std::string_view style_class) {
  html.open("div", {{"class", "wide"}, {"tabindex", "0"}});
  html.open("table", {{"class", std::string(style_class)}});
  html.open("caption").element("span", caption).close();
}

void close_table(Html& html) { html.close().close(); }

void write_columns(Html& html, const std::vector<std::string>& names) {
  html.open("thead").open("tr");
  for (const std::string& name : names) {
    const bool numbers = name.starts_with('#');
    html.element("th", numbers ? name.substr(1) : name, {{"scope", "col"}, {"class", numbers ? "n" : ""}});
  }
  html.close().close();
}

}  // namespace nephoscope::report
