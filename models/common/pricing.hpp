// The price book and the bill: metered usage times list prices, exact, rounded once per line.
//
// A price is a decimal in pico-dollars (10^-12 $) per block of base units ("$0.096 per 3,600 seconds"),
// possibly in monthly tiers. Products are computed in 128 bits and rounded half up to nano-dollars.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/diagnostics.hpp"
#include "engine/base/units.hpp"
#include "engine/config/field_table.hpp"
#include "models/common/report.hpp"

namespace nephoscope {

// A price in dollars, exact to 10^-12 $ (a request can cost $0.0000002).
struct PicoUsd {
  std::int64_t value = 0;
  constexpr auto operator<=>(const PicoUsd&) const = default;
};

struct PriceTier {
  std::optional<std::int64_t> up_to;  // in whole units of the price, counted from 0; none for the last tier
  PicoUsd usd;                        // per unit
  static const FieldTable<PriceTier>& fields();
};

struct Price {
  std::string unit;              // what bills name: "GB", "Hrs", "Requests"
  std::int64_t block = 1;        // base units (bytes, seconds, requests) in one unit of the price
  std::optional<PicoUsd> usd;    // one price for all quantities, or
  std::vector<PriceTier> tiers;  // falling prices for growing quantities
  std::string source;
  static const FieldTable<Price>& fields();
};

struct PriceBook {
  std::string name;                  // "us-east-1"
  std::string date;                  // of the prices, "2026-07-20"
  std::vector<Named<Price>> prices;  // by usage type
  static const FieldTable<PriceBook>& fields();
  // Null if the book does not price that usage type.
  const Price* find(std::string_view usage_type) const;
};

// The names of the price books that the program carries (models/pricing/*.yaml).
std::vector<std::string> price_book_names();
// A price book that the program carries. REQUIRES: one of price_book_names().
PriceBook load_price_book(std::string_view name);

struct BillLine {
  std::string resource;
  std::string usage_type;
  double quantity = 0;  // in `unit`
  std::string unit;
  Usd cost;
};

// The cost of `quantity` base units at `price`: each tier's share, summed exactly, rounded half up once.
Usd cost_of(const Price& price, std::int64_t quantity);

// The bill for `usage`, one line a resource and usage type, in the usage's order; `discount` is taken off
// each line. Throws CheckFailure for a usage type that neither the book nor the meter prices.
std::vector<BillLine> make_bill(const PriceBook& book, const UsageMeter& usage, Probability discount);

template <>
struct FieldType<PicoUsd> {
  static std::optional<PicoUsd> read(const Node& node, Context& context, const FieldRules& rules);
  static std::string show(PicoUsd price);
  static std::string type_name() { return "dollars"; }
  static void schema(Json& out, SchemaBook& book, const FieldRules& rules);
};

}  // namespace nephoscope
