// Text for terminals: colour, and tables whose columns line up.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace nephoscope {

enum class ColourChoice { automatic, always, never };

// Whether to write colour to a file. Automatic means: it is a terminal, NO_COLOR is unset or empty, TERM is
// not dumb.
bool wants_colour(ColourChoice choice, int file);

// Wraps text in escape sequences, or leaves it alone.
class Paint final {
 public:
  explicit Paint(bool on) : on_(on) {}
  bool on() const { return on_; }
  std::string bold(std::string_view text) const { return wrap("1", text); }
  std::string dim(std::string_view text) const { return wrap("2", text); }
  std::string red(std::string_view text) const { return wrap("31", text); }
  std::string green(std::string_view text) const { return wrap("32", text); }
  std::string yellow(std::string_view text) const { return wrap("33", text); }

 private:
  std::string wrap(std::string_view code, std::string_view text) const;
  bool on_;
};

// Columns that UTF-8 text takes on a terminal, escape sequences not counted; every character counts as one.
std::size_t display_width(std::string_view text);
// At most `width` columns, with an ellipsis where something was cut. REQUIRES: no escape sequences; width
// >= 1.
std::string clipped(std::string_view text, std::size_t width);
// User text as one line without control characters.
std::string printable(std::string_view text);

// Rows of cells; each column as wide as its widest cell, two blanks between columns.
class Table final {
 public:
  // 'l' or 'r' for each column; the last may be left out: 'l'.
  explicit Table(std::string_view alignment) : alignment_(alignment) {}
  void row(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  std::size_t size() const { return rows_.size(); }
  // One line a row, `indent` blanks before each, no blanks at line ends.
  std::vector<std::string> lines(std::size_t indent = 0) const;

 private:
  std::string alignment_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace nephoscope
