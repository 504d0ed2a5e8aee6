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
constexpr int kPicoDigits = 12;

// Parses "0.0104" or "$0.0104" exactly; nothing for other text or more than 12 decimals.
std::optional<PicoUsd> parse_pico(std::string_view text) {
  if (!text.empty() && text.front() == '$') text.remove_prefix(1);
  std::int64_t value = 0;
  int decimals = -1;
  for (const char c : text) {
    if (c == '.' && decimals < 0) {
      decimals = 0;
      continue;
    }
    if (c < '0' || c > '9' || decimals >= kPicoDigits || value > 900'000'000'000'000'000) return std::nullopt;
    value = value * 10 + (c - '0');
    if (decimals >= 0) ++decimals;
  }
  if (text.empty() || decimals == 0) return std::nullopt;
  for (int i = std::max(decimals, 0); i < kPicoDigits; ++i) {
    if (value > 900'000'000'000'000'000) return std::nullopt;
    value *= 10;
  }
  return PicoUsd{value};
}

Usd round_half_up(Wide pico_times_base_units, std::int64_t block) {
  const Wide divisor = Wide{block} * kPicoPerNano;
  return Usd(static_cast<std::int64_t>((pico_times_base_units + divisor / 2) / divisor));
}

// The base units of `quantity` that fall into [from, up_to) units of the price.
Wide share_of_tier(Wide quantity, Wide from, std::optional<std::int64_t> up_to, std::int64_t block) {
  const Wide begin = from * block;
  const Wide end = up_to ? Wide{*up_to} * block : quantity;
  return std::clamp<Wide>(std::min(quantity, end) - begin, 0, quantity);
}

}  // namespace

std::optional<PicoUsd> FieldType<PicoUsd>::read(const Node& node, Context& context, const FieldRules&) {
  if (!node.is_scalar()) return context.wrong_type(node, "a price in dollars", "0.0104"), std::nullopt;
  const auto price = parse_pico(node.text());
  if (!price)
    context.report(Code::bad_number, node, fmt::format("'{}' is not a price", node.text()),
                   "dollars, such as 0.0104");
  return price;
}

std::string FieldType<PicoUsd>::show(PicoUsd price) {
  std::string text =
      fmt::format("{}.{:012}", price.value / 1'000'000'000'000, price.value % 1'000'000'000'000);
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return "$" + text;
}

void FieldType<PicoUsd>::schema(Json& out, SchemaBook&, const FieldRules&) {
  schema::pattern(out, R"(^\$?[0-9]+(\.[0-9]{1,12})?$)", "$0.0104", true);
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
          .field("tiers", &Price::tiers, {.doc = "dollars per unit by monthly quantity"})
          .field("source", &Price::source, {.doc = "where the price was read"})
          .exactly_one_of({"usd", "tiers"});
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
