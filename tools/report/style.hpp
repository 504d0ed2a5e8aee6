// The style sheet of pages: light and dark, screen, phone and paper.
#pragma once

#include <string_view>

namespace nephoscope {

// Content of a <style> element. Colours of lines and verdicts follow Okabe and Ito (2008), "Color Universal
// Design": they differ for all common kinds of colour blindness, and never stand alone: marks, words and
// dashes say the same.
std::string_view page_style();

}  // namespace nephoscope
