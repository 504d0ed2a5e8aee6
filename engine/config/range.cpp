#include "engine/config/range.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nephoscope {

bool is_range(const Node& node) {
  return node.is_map() && (node.find("low") != nullptr || node.find("high") != nullptr) &&
         node.find("dist") == nullptr;
}

std::string show_range(const Node& node) {
  return fmt::format("{{low: {}, high: {}}}", node.find("low")->text(), node.find("high")->text());
}

namespace range_detail {

std::optional<Ends> ends(const Node& node, Context& context) {
  const Ends ends{node.find("low"), node.find("high")};
  if (ends.low != nullptr && ends.high != nullptr && node.size() == 2) return ends;
  context.report(Code::wrong_type, node, "expected one value or a range", "for example: {low: 1s, high: 5s}");
  return std::nullopt;
}

void report_reversed(const Node& node, Context& context) {
  context.report(Code::not_increasing, node, "'low' is above 'high'");
}

void record(const Node& node, double low, double high, Context& context) {
  context.ranges().push_back({node.path(), node.find("low")->text(), node.find("high")->text(), low, high});
}

double between(double low, double high, double at) { return low + (high - low) * at; }

std::int64_t between_whole(std::int64_t low, std::int64_t high, double at) {
  const double width = static_cast<double>(high) - static_cast<double>(low) + 1;
  return std::min(high, low + static_cast<std::int64_t>(width * at));
}

}  // namespace range_detail
}  // namespace nephoscope
