// Rejects bytes that are not UTF-8 text before yaml-cpp sees them (it would replace or stop at them
// silently).
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

#include "engine/config/tree_editor.hpp"

namespace nephoscope {
namespace {

bool continues(const std::string& text, std::size_t at) {
  return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0U) == 0x80U;
}

// Bytes of the well-formed UTF-8 sequence at `at` (Unicode 15, table 3-7); 0 if there is none.
std::size_t well_formed(const std::string& text, std::size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  if (lead < 0x80) return 1;
  const std::size_t length = lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
  for (std::size_t i = 1; i < length; ++i)
    if (!continues(text, at + i)) return 0;
  if (length < 3) return length;
  const auto second = static_cast<unsigned char>(text[at + 1]);
  const bool overlong = (lead == 0xe0 && second < 0xa0) || (lead == 0xf0 && second < 0x90);
  const bool surrogate = lead == 0xed && second >= 0xa0;
  const bool beyond = lead == 0xf4 && second >= 0x90;
  return overlong || surrogate || beyond ? 0 : length;
}

bool is_control(const std::string& text, std::size_t at) {
  const auto c = static_cast<unsigned char>(text[at]);
  if (c == '\r') return at + 1 >= text.size() || text[at + 1] != '\n';
  return (c < 0x20 && c != '\t' && c != '\n') || c == 0x7f ||
         (c == 0xc2 && static_cast<unsigned char>(text[at + 1]) < 0xa0);  // U+0080 to U+009F
}

Place place_of(const std::string& text, std::size_t at, int file, int column_offset) {
  const auto end = text.begin() + static_cast<std::ptrdiff_t>(at);
  const auto line = static_cast<int>(std::count(text.begin(), end, '\n')) + 1;
  const auto start = at == 0 ? std::string::npos : text.rfind('\n', at - 1);
  const std::size_t column = start == std::string::npos ? at : at - start - 1;
  return {file, line, static_cast<int>(column) + 1 + (line == 1 ? column_offset : 0), 1};
}

}  // namespace

bool check_characters(const std::string& text, int file, int column_offset, Diagnostics& diagnostics) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = well_formed(text, at);
    const auto byte = static_cast<unsigned char>(text[at]);
    if (length == 0) {
      diagnostics.add({Code::invalid_utf8, place_of(text, at, file, column_offset), "",
                       fmt::format("byte 0x{:02X} is not valid UTF-8", byte), "", "save the file as UTF-8"});
      return false;
    }
    if (is_control(text, at)) {
      const auto shown = length == 1 ? byte : static_cast<unsigned char>(text[at + 1]);
      diagnostics.add({Code::control_character, place_of(text, at, file, column_offset), "",
                       fmt::format("control character U+{:04X} is not allowed", shown), "", ""});
      return false;
    }
    at += length;
  }
  return true;
}

}  // namespace nephoscope
