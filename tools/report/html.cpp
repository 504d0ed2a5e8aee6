#include "tools/report/html.hpp"

#include <utility>

#include "engine/base/check.hpp"
#include "tools/nephoscope/terminal.hpp"

namespace nephoscope {

std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : printable(text)) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      case '\'':
        result += "&#39;";
        break;
      default:
        result += c;
    }
  }
  return result;
}

void Html::begin(std::string_view tag, Attributes attributes) {
  out_.append("<").append(tag);
  for (const Attribute& each : attributes)
    out_.append(" ").append(each.name).append("=\"").append(escaped(each.value)).append("\"");
}

Html& Html::open(std::string_view tag, Attributes attributes) {
  begin(tag, attributes);
  out_ += ">";
  open_.emplace_back(tag);
  return *this;
}

Html& Html::close() {
  check(!open_.empty(), "report", "an element is closed that was not opened");
  out_.append("</").append(open_.back()).append(">\n");
  open_.pop_back();
  return *this;
}

Html& Html::text(std::string_view text) {
  out_ += escaped(text);
  return *this;
}

Html& Html::element(std::string_view tag, std::string_view text, Attributes attributes) {
  return open(tag, attributes).text(text).close();
}

Html& Html::leaf(std::string_view tag, Attributes attributes) {
  begin(tag, attributes);
  out_ += "/>\n";
  return *this;
}

Html& Html::verbatim(std::string_view markup) {
  out_ += markup;
  return *this;
}

std::string Html::take() && {
  check(open_.empty(), "report", "{} elements are left open", open_.size());
  return std::move(out_);
}

}  // namespace nephoscope
