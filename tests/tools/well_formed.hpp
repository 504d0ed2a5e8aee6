// Whether HTML that a program wrote could be read as XML, and what its attributes hold.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace nephoscope {

struct Markup {
  std::string problem;  // what is wrong first; empty if nothing is
  std::vector<std::string> elements;
  std::vector<std::pair<std::string, std::string>> attributes;
};

// Reads the attributes of one tag from `at`, behind the element's name, up to '>' or '/'.
inline bool read_attributes(const std::string& text, std::size_t& at, Markup& markup) {
  for (;;) {
    at = text.find_first_not_of(" \n", at);
    if (at == std::string::npos) return false;
    if (text[at] == '>' || text[at] == '/') return true;
    const std::size_t equals = text.find("=\"", at);
    if (equals == std::string::npos) return false;
    const std::size_t end = text.find('"', equals + 2);
    if (end == std::string::npos) return false;
    const std::string value = text.substr(equals + 2, end - equals - 2);
    if (value.find_first_of("<>") != std::string::npos) return false;
    markup.attributes.emplace_back(text.substr(at, equals - at), value);
    at = end + 1;
  }
}

// `text`: behind the document type.
inline Markup read_markup(const std::string& text) {
  Markup markup;
  std::vector<std::string> open;
  for (std::size_t at = text.find('<'); at != std::string::npos; at = text.find('<', at)) {
    const bool closing = text[++at] == '/';
    if (closing) ++at;
    const std::size_t end = text.find_first_of(" />", at);
    const std::string name = text.substr(at, end - at);
    at = end;
    if (closing) {
      if (open.empty() || open.back() != name) return markup.problem = "closes " + name, markup;
      open.pop_back();
      continue;
    }
    if (!read_attributes(text, at, markup)) return markup.problem = "attributes of " + name, markup;
    markup.elements.push_back(name);
    if (text[at] == '>') open.push_back(name);
  }
  if (!open.empty()) markup.problem = "leaves open " + open.back();
  return markup;
}

}  // namespace nephoscope
