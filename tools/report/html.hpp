// Writes HTML and inline SVG: every text is escaped, every element is closed.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace nephoscope {

// Text for elements and attribute values: markup escaped, control characters as blanks.
std::string escaped(std::string_view text);

struct Attribute {
  std::string_view name;
  std::string value;
};
using Attributes = std::initializer_list<Attribute>;

// The output is well-formed XML apart from the document type. Names of elements and attributes are the
// program's own and are not escaped.
class Html final {
 public:
  Html& open(std::string_view tag, Attributes attributes = {});
  // Closes what was opened last. REQUIRES: something is open.
  Html& close();
  Html& text(std::string_view text);
  // An element of text.
  Html& element(std::string_view tag, std::string_view text, Attributes attributes = {});
  // An element without content: <meta/>, <path/>.
  Html& leaf(std::string_view tag, Attributes attributes = {});
  // Markup of the program's own, such as a style sheet.
  Html& verbatim(std::string_view markup);

  // REQUIRES: nothing is open.
  std::string take() &&;

 private:
  void begin(std::string_view tag, Attributes attributes);

  std::string out_;
  std::vector<std::string> open_;
};

}  // namespace nephoscope
