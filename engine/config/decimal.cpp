#include "engine/config/decimal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>

#include "engine/base/check.hpp"

namespace nephoscope {
namespace {

__extension__ using Wide = unsigned __int128;

constexpr int kMaxExponent = 9999;  // beyond any double and any integer

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string_view take_digits(std::string_view& text) {
  std::size_t count = 0;
  while (count < text.size() && is_digit(text[count])) ++count;
  const std::string_view digits = text.substr(0, count);
  text.remove_prefix(count);
  return digits;
}

// An exponent is 'e' or 'E', an optional sign, and a digit: so that the E of "1EiB" is none.
bool take_exponent(std::string_view& text, int& exponent) {
  if (text.size() < 2 || (text[0] != 'e' && text[0] != 'E')) return true;
  const bool sign = text[1] == '-' || text[1] == '+';
  if (!is_digit(text[1]) && !(sign && text.size() > 2 && is_digit(text[2]))) return true;
  const bool negative = text[1] == '-';
  text.remove_prefix(sign ? 2 : 1);
  const std::string_view digits = take_digits(text);
  int value = 0;
  const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (result.ec != std::errc() || value > kMaxExponent) return false;
  exponent = negative ? -value : value;
  return true;
}

// Drops leading and trailing zeros of `digits`.
void normalise(Decimal& number) {
  number.digits.erase(0, std::min(number.digits.find_first_not_of('0'), number.digits.size()));
  while (!number.digits.empty() && number.digits.back() == '0') number.digits.pop_back(), ++number.exponent;
  if (number.digits.empty()) number.exponent = 0;
}

Problem not_a_number(std::string_view shown, std::string hint = "") {
  return {Code::bad_number, fmt::format("'{}' is not a number", shown), std::move(hint)};
}

std::string without_underscores(std::string_view text) {
  std::string result(text);
  std::erase(result, '_');
  return result;
}

// What is wrong with the text after `whole` digits, if it is one of the usual slips.
std::optional<Problem> usual_slip(std::string_view whole, std::string_view rest, std::string_view shown) {
  if (whole == "0" && (rest.starts_with('x') || rest.starts_with('o') || rest.starts_with('b')))
    return not_a_number(shown, "write a decimal number");
  if (whole.size() > 1 && whole[0] == '0') return not_a_number(shown, "remove the leading zeros");
  if (rest.starts_with('_')) return not_a_number(shown, fmt::format("write {}", without_underscores(shown)));
  if (rest.starts_with('.') && (rest.size() < 2 || !is_digit(rest[1])))
    return not_a_number(shown, "a digit must follow the point");
  return std::nullopt;
}

std::optional<Problem> not_finite(std::string_view text, std::string_view shown) {
  for (const std::string_view word :
       {"inf", "Inf", "INF", ".inf", ".Inf", ".INF", "nan", "NaN", ".nan", ".NaN", ".NAN"})
    if (text == word) return Problem{Code::not_finite, fmt::format("'{}' is not a finite number", shown), ""};
  return std::nullopt;
}

}  // namespace

Parsed<NumberPrefix> parse_prefix(std::string_view text, std::string_view shown) {
  Decimal number;
  number.negative = text.starts_with('-');
  if (number.negative || text.starts_with('+')) text.remove_prefix(1);
  if (auto problem = not_finite(text, shown)) return {std::nullopt, std::move(*problem)};
  const std::string_view whole = take_digits(text);
  if (whole.empty()) {
    const bool bare_point = text.size() > 1 && text[0] == '.' && is_digit(text[1]);
    return {std::nullopt, not_a_number(shown, bare_point ? "write a digit before the point" : "")};
  }
  if (auto problem = usual_slip(whole, text, shown)) return {std::nullopt, std::move(*problem)};
  number.digits = whole;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    const std::string_view fraction = take_digits(text);
    number.digits += fraction;
    number.exponent = -static_cast<int>(fraction.size());
  }
  int exponent = 0;
  if (!take_exponent(text, exponent))
    return {std::nullopt, {Code::too_large, fmt::format("the exponent of '{}' is too large", shown), ""}};
  number.exponent += exponent;
  normalise(number);
  return {NumberPrefix{std::move(number), text}, {}};
}

Scaled scale(const Decimal& number, std::int64_t unit, std::int64_t limit) {
  constexpr std::size_t most_digits = 19;
  if (number.is_zero()) return {};
  const auto digits = static_cast<int>(number.digits.size());
  if (digits + number.exponent > static_cast<int>(most_digits)) return {0, ScaleError::too_large};
  if (number.digits.size() > most_digits) return {0, ScaleError::too_precise};
  Wide value = 0;
  for (const char c : number.digits) value = value * 10 + static_cast<unsigned>(c - '0');
  value *= static_cast<Wide>(unit);
  for (int e = number.exponent; e < 0; ++e) {
    if (value % 10 != 0) return {0, ScaleError::too_precise};
    value /= 10;
  }
  for (int e = 0; e < number.exponent; ++e) {
    if (value > static_cast<Wide>(limit)) return {0, ScaleError::too_large};
    value *= 10;
  }
  if (value > static_cast<Wide>(limit)) return {0, ScaleError::too_large};
  const auto magnitude = static_cast<std::int64_t>(value);
  return {number.negative ? -magnitude : magnitude, ScaleError::none};
}

std::optional<double> to_double(const Decimal& number, int shift) {
  if (number.is_zero()) return 0.0;
  const std::string text =
      fmt::format("{}{}e{}", number.negative ? "-" : "", number.digits, number.exponent + shift);
  double value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  if (result.ec == std::errc()) return value;
  // Out of range: too small becomes zero, too large has no value.
  const bool tiny = static_cast<int>(number.digits.size()) + number.exponent + shift < 0;
  return tiny ? std::optional(0.0) : std::nullopt;
}

std::string to_text(const Decimal& number) {
  if (number.is_zero()) return "0";
  const std::string sign = number.negative ? "-" : "";
  if (number.exponent >= 0)
    return sign + number.digits + std::string(static_cast<std::size_t>(number.exponent), '0');
  const auto fraction = static_cast<std::size_t>(-number.exponent);
  std::string digits = number.digits;
  if (digits.size() <= fraction) digits.insert(0, fraction + 1 - digits.size(), '0');
  const std::size_t point = digits.size() - fraction;
  return fmt::format("{}{}.{}", sign, digits.substr(0, point), digits.substr(point));
}

Decimal shortest_decimal(double value) {
  const std::string text = fmt::format("{}", value);
  auto parsed = parse_prefix(text, text);
  check(parsed && parsed.value->rest.empty(), "config", "{} has no decimal form", value);
  return parsed.value->number;
}

}  // namespace nephoscope
