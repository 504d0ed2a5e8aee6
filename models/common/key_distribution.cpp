#include "models/common/key_distribution.hpp"

namespace nephoscope {
namespace {

void check_exponent(const KeyDistribution& keys, const Node& node, Context& context) {
  const Node* exponent = node.find("exponent");
  if (keys.dist == KeyLaw::uniform && exponent != nullptr)
    context.report_key(Code::inconsistent, *exponent, "'exponent' has no meaning for uniform keys",
                       "write 'dist: zipf'");
}

}  // namespace

const FieldTable<KeyDistribution>& KeyDistribution::fields() {
  static const auto table =
      FieldTable<KeyDistribution>("distribution of keys",
                                  "Which of many items a request is about: 1 is the hottest.")
          .field("dist", &KeyDistribution::dist, {.doc = "all keys alike, or a few hot ones"})
          .field("exponent", &KeyDistribution::exponent,
                 {.doc = "of zipf: key k has a share proportional to 1 / k^exponent",
                  .min = 0,
                  .max = ZipfKeys::kMaxExponent})
          .required(
              "count", &KeyDistribution::count,
              {.doc = "number of keys", .min = 1, .max = static_cast<std::int64_t>(ZipfKeys::kMaxCount)})
          .validate(check_exponent);
  return table;
}

}  // namespace nephoscope
