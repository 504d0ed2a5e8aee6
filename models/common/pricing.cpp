#include "models/common/pricing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "engine/base/check.hpp"

namespace nephoscope {

// Generated from models/pricing/*.yaml (tools/embed.cmake): name and text of each book.
extern const std::pair<std::string_view, std::string_view> price_books[];
extern const std::size_t price_books_count;

namespace {

using Wide = __int128;

constexpr std::int64_t kPicoPerNano = 1000;
constexpr std::size_t kPicoDigits = 12;

Parsed<PicoUsd> no_price(Code code, std::string_view text, std::string_view what, std::string hint = "") {
  return {std::nullopt, {code, fmt::format("'{}' {}", text, what), std::move(hint)}};
}

// "0.0104" or "$0.0104", exactly, with at most 12 decimals.
Parsed<PicoUsd> parse_price(std::string_view text) {
  constexpr std::int64_t most = 900'000'000'000'000'000;  // $900,000, which leaves room for one more digit
  const auto malformed = [&] {
    return no_price(Code::bad_number, text, "is not a price", "dollars, such as 0.0104");
  };
  std::string_view rest = text.substr(text.starts_with('$') ? 1 : 0);
  if (rest.starts_with('-')) return no_price(Code::out_of_range, text, "is negative");
  const auto point = std::min(rest.find('.'), rest.size());
  const std::string_view whole = rest.substr(0, point);
  const std::string_view part = rest.substr(std::min(point + 1, rest.size()));
  const auto digits = [](std::string_view each) {
    return !each.empty() && each.find_first_not_of("0123456789") == std::string_view::npos;
  };
  const bool padded = whole.size() > 1 && whole.front() == '0';
  if (!digits(whole) || padded || (point < rest.size() && !digits(part))) return malformed();
  if (part.size() > kPicoDigits) return no_price(Code::too_precise, text, "has more than 12 decimals");
  std::int64_t value = 0;
  const std::string pico =
      std::string(whole) + std::string(part) + std::string(kPicoDigits - part.size(), '0');
  for (const char c : pico) {
    if (value > most) return no_price(Code::too_large, text, "is too large");
    value = value * 10 + (c - '0');
  }
  return {PicoUsd{value}, {}};
}

Usd round_half_up(Wide pico_times_base_units, std::int64_t block) {
  const Wide divisor = Wide{block} * kPicoPerNano;
  const Wide nanos = (pico_times_base_units + divisor / 2) / divisor;
  check(nanos <= INT64_MAX, "pricing", "a line of the bill exceeds 9 billion dollars");
  return Usd(static_cast<std::int64_t>(nanos));
}

// The base units of `quantity` that fall into [from, up_to) units of the price.
Wide share_of_tier(Wide quantity, Wide from, std::optional<std::int64_t> up_to, std::int64_t block) {
  const Wide begin = from * block;
  const Wide end = up_to ? Wide{*up_to} * block : quantity;
  return std::clamp<Wide>(std::min(quantity, end) - begin, 0, quantity);
}

// Every unit must fall into one tier: ends rise, and only the last tier has none.
void check_tiers(const Price& price, const Node& node, Context& context) {
  const Node* tiers = node.find("tiers");
  for (std::size_t i = 0; i < price.tiers.size(); ++i) {
    const auto& end = price.tiers[i].up_to;
    const bool last = i + 1 == price.tiers.size();
    if (last && end)
      context.report_key(Code::inconsistent, *(*tiers)[i].find("up_to"), "the last tier has no end",
                         "what would further units cost?");
    else if (!last && !end)
      context.report(Code::missing_key, (*tiers)[i], "only the last tier has no end", "add 'up_to'");
    else if (i > 0 && end && price.tiers[i - 1].up_to && *end <= *price.tiers[i - 1].up_to)
      context.report(
          Code::not_increasing, *(*tiers)[i].find("up_to"),
          fmt::format("this tier ends at {}, the one before at {}", *end, *price.tiers[i - 1].up_to));
  }
}

}  // namespace

std::optional<PicoUsd> FieldType<PicoUsd>::read(const Node& node, Context& context, const FieldRules&) {
  if (!node.is_scalar()) return context.wrong_type(node, "a price in dollars", "0.0104"), std::nullopt;
  auto price = parse_price(node.text());
  if (!price) context.report(node, std::move(price.problem));
  return price.value;
}

std::string FieldType<PicoUsd>::show(PicoUsd price) {
  std::string text =
      fmt::format("{}.{:012}", price.value / 1'000'000'000'000, price.value % 1'000'000'000'000);
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return "$" + text;
}

void FieldType<PicoUsd>::schema(Json& out, SchemaBook&, const FieldRules&) {
  schema::pattern(out, R"(^\$?(0|[1-9][0-9]*)(\.[0-9]{1,12})?$)", "$0.0000002", true);
}

const FieldTable<PriceTier>& PriceTier::fields() {
  static const auto table =
      FieldTable<PriceTier>("price tier", "A price for a range of quantities.")
          .field("up_to", &PriceTier::up_to, {.doc = "end of the tier, in whole units", .min = 1})
          .required("usd", &PriceTier::usd, {.doc = "dollars per unit"});
  return table;
}

const FieldTable<Price>& Price::fields() {
  static const auto table =
      FieldTable<Price>("price", "What one unit of a usage type costs.")
          .required("unit", &Price::unit, {.doc = "the unit that the bill names"})
          .field("block", &Price::block,
                 {.doc = "metered base units (bytes, seconds, requests) in one unit", .min = 1})
          .field("usd", &Price::usd, {.doc = "dollars per unit"})
          .field("tiers", &Price::tiers, {.doc = "dollars per unit by monthly quantity", .min_items = 1})
          .field("source", &Price::source, {.doc = "where the price was read"})
          .exactly_one_of({"usd", "tiers"})
          .validate(check_tiers);
  return table;
}

const FieldTable<PriceBook>& PriceBook::fields() {
  static const auto table = FieldTable<PriceBook>("price book", "List prices of one Region.")
                                .required("price_book", &PriceBook::name, {.doc = "the Region"})
                                .required("date", &PriceBook::date, {.doc = "of the prices"})
                                .required("prices", &PriceBook::prices, {.doc = "prices by usage type"});
  return table;
}

const Price* PriceBook::find(std::string_view usage_type) const {
  const auto place = std::find_if(prices.begin(), prices.end(),
                                  [&](const Named<Price>& entry) { return entry.id == usage_type; });
  return place == prices.end() ? nullptr : &place->value;
}

std::vector<std::string> price_book_names() {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < price_books_count; ++i) names.emplace_back(price_books[i].first);
  return names;
}

PriceBook load_price_book(std::string_view name) {
  for (std::size_t i = 0; i < price_books_count; ++i) {
    if (price_books[i].first != name) continue;
    SourceSet sources;
    Diagnostics diagnostics;
    const Tree tree = parse_text(sources, std::string(name), std::string(price_books[i].second), diagnostics);
    Context context(diagnostics);
    auto book = PriceBook::fields().read(tree.root(), context);
    check(book.has_value(), "pricing", "the price book {} is broken:\n{}", name, diagnostics.render(sources));
    return std::move(*book);
  }
  fail_check("pricing", fmt::format("there is no price book {}", name));
}

Usd cost_of(const Price& price, std::int64_t quantity) {
  check(quantity >= 0, "pricing", "a quantity of {} is negative", quantity);
  if (price.usd) return round_half_up(Wide{price.usd->value} * quantity, price.block);
  Wide total = 0;
  std::int64_t from = 0;
  for (const PriceTier& tier : price.tiers) {
    total += Wide{tier.usd.value} * share_of_tier(quantity, from, tier.up_to, price.block);
    if (!tier.up_to) break;
    from = *tier.up_to;
  }
  return round_half_up(total, price.block);
}

std::vector<BillLine> make_bill(const PriceBook& book, const UsageMeter& usage, Probability discount) {
  std::vector<BillLine> bill;
  for (const auto& [key, quantity] : usage.quantities()) {
    const auto own = usage.own_prices().find(key);
    const Price* price = book.find(key.usage_type);
    Price stated;
    if (own != usage.own_prices().end()) {
      stated = {.unit = own->second.unit,
                .block = own->second.block,
                .usd = PicoUsd{own->second.pico_usd},
                .tiers = {},
                .source = "scenario"};
      price = &stated;
    }
    check(price != nullptr, "pricing", "price book {} has no price for {}", book.name, key.usage_type);
    const double paid_share = 1 - discount.value;
    const Usd list = cost_of(*price, quantity);
    const Usd cost = discount.value == 0
                         ? list
                         : Usd(static_cast<std::int64_t>(static_cast<double>(list.nanos) * paid_share + 0.5));
    const double units = static_cast<double>(quantity) / static_cast<double>(price->block);
    bill.push_back({key.resource, key.usage_type, units, price->unit, cost});
  }
  return bill;
}

}  // namespace nephoscope
