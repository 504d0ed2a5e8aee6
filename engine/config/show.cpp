// The shortest text of quantities, and UTC times both ways.
#include <fmt/format.h>

#include <cctype>
#include <chrono>
#include <span>

#include "engine/config/decimal.hpp"
#include "engine/config/unit_names.hpp"
#include "engine/config/units.hpp"

namespace nephoscope {
namespace {

// `amount` / 10^`places` in plain digits.
std::string fixed_point(std::int64_t amount, int places) {
  Decimal number{false, std::to_string(amount), -places};
  while (!number.digits.empty() && number.digits.back() == '0') number.digits.pop_back(), ++number.exponent;
  return to_text(number);
}

// Below a minute: one number in the largest unit that keeps it >= 1.
std::string show_under_a_minute(std::int64_t nanos) {
  if (nanos >= 1'000'000'000) return fixed_point(nanos, 9) + "s";
  if (nanos >= 1'000'000) return fixed_point(nanos, 6) + "ms";
  if (nanos >= 1'000) return fixed_point(nanos, 3) + "us";
  return fmt::format("{}ns", nanos);
}

void keep_shorter(std::string& best, std::string candidate) {
  if (best.empty() || candidate.size() < best.size()) best = std::move(candidate);
}

std::string plain(double value) { return fmt::format("{}", value); }

template <class T, class Parse>
void keep_if_same(std::string& best, std::string candidate, T value, Parse parse) {
  const auto back = parse(candidate);
  if (back && *back.value == value) keep_shorter(best, std::move(candidate));
}

bool two_digits(std::string_view text, std::size_t at, unsigned& value) {
  if (at + 2 > text.size() || !std::isdigit(static_cast<unsigned char>(text[at])) ||
      !std::isdigit(static_cast<unsigned char>(text[at + 1])))
    return false;
  value = static_cast<unsigned>((text[at] - '0') * 10 + (text[at + 1] - '0'));
  return true;
}

struct UtcFields {
  unsigned century = 0, year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
};

bool read_fields(std::string_view text, UtcFields& f) {
  const bool seconds = text.size() == 20;
  if (text.size() != 17 && !seconds) return false;
  const bool marks =
      text[4] == '-' && text[7] == '-' && text[10] == 'T' && text[13] == ':' && text.back() == 'Z';
  return marks && two_digits(text, 0, f.century) && two_digits(text, 2, f.year) &&
         two_digits(text, 5, f.month) && two_digits(text, 8, f.day) && two_digits(text, 11, f.hour) &&
         two_digits(text, 14, f.minute) && (!seconds || (text[16] == ':' && two_digits(text, 17, f.second)));
}

}  // namespace

std::string show(Duration span) {
  std::int64_t left = span.count();
  if (left == 0) return "0s";
  if (left < 0) return fmt::format("-{}", show(-span));
  std::string text;
  const auto take = [&](std::int64_t unit, char letter) {
    if (left >= unit) text += fmt::format("{}{}", left / unit, letter);
    left %= unit;
  };
  take(86'400 * kNanosPerSecond, 'd');
  take(3'600 * kNanosPerSecond, 'h');
  take(60 * kNanosPerSecond, 'm');
  return left == 0 ? text : text + show_under_a_minute(left);
}

std::string show(Bytes size) {
  if (size.count == 0) return "0B";
  std::string best;
  for (const UnitName& unit : kByteUnits)
    if (unit.listed && size.count % unit.factor == 0)
      keep_shorter(best, fmt::format("{}{}", size.count / unit.factor, unit.name));
  return best;
}

std::string show(BytesPerSecond flow) {
  std::string best;
  for (std::size_t i = kByteUnits.size();
       i-- > 0;) {  // from large to small: of equal lengths the larger unit
    const UnitName& unit = kByteUnits[i];
    const double amount = flow.value / static_cast<double>(unit.factor);
    if (unit.listed)
      keep_if_same(best, fmt::format("{}{}/s", plain(amount), unit.name), flow, parse_bytes_per_second);
  }
  return best;
}

std::string show(Rate rate) {
  std::string best;
  for (const UnitName& unit : kPerUnits)
    if (unit.listed)
      keep_if_same(best,
                   fmt::format("{}/{}", plain(rate.per_second * static_cast<double>(unit.factor)), unit.name),
                   rate, parse_rate);
  return best;
}

std::string show(Probability share) {
  constexpr int smallest_percent = -12;  // below, plain digits would be mostly zeros
  Decimal number = shortest_decimal(share.value);
  if (number.exponent < smallest_percent && share.value < 1e-9) return plain(share.value);
  if (!number.is_zero()) number.exponent += 2;
  return to_text(number) + "%";
}

std::string show(Usd amount) {
  const bool negative = amount.nanos < 0;
  return fmt::format("{}${}", negative ? "-" : "", fixed_point(negative ? -amount.nanos : amount.nanos, 9));
}

std::string show(std::int64_t number) { return std::to_string(number); }

std::string show(double number) { return plain(number); }

std::string show(UtcTime instant) {
  const std::chrono::sys_seconds when{std::chrono::seconds(instant.seconds)};
  const auto date = std::chrono::floor<std::chrono::days>(when);
  const std::chrono::year_month_day ymd(date);
  const std::chrono::hh_mm_ss clock(when - date);
  std::string text = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}", static_cast<int>(ymd.year()),
                                 static_cast<unsigned>(ymd.month()), static_cast<unsigned>(ymd.day()),
                                 clock.hours().count(), clock.minutes().count());
  if (clock.seconds().count() != 0) text += fmt::format(":{:02}", clock.seconds().count());
  return text + "Z";
}

Parsed<UtcTime> parse_utc(std::string_view text) {
  UtcFields f;
  const auto date = [&] {
    return std::chrono::year_month_day(std::chrono::year(static_cast<int>(f.century * 100 + f.year)),
                                       std::chrono::month(f.month), std::chrono::day(f.day));
  };
  if (!read_fields(text, f))
    return {std::nullopt,
            {Code::bad_instant, fmt::format("'{}' is not a UTC time", text), "write 2026-03-02T17:00Z"}};
  if (!date().ok() || f.hour > 23 || f.minute > 59 || f.second > 59)
    return {std::nullopt, {Code::bad_instant, fmt::format("'{}' is not in the calendar", text), ""}};
  const auto day = std::chrono::sys_days(date()).time_since_epoch().count();
  return {UtcTime{std::int64_t{day} * 86'400 + f.hour * 3'600 + f.minute * 60 + f.second}, {}};
}

}  // namespace nephoscope
