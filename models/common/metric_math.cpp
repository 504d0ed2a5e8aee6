#include "models/common/metric_math.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/base/check.hpp"
#include "engine/config/units.hpp"

namespace nephoscope {

// Recursive descent; `problem_` holds the first problem, after which everything returns at once.
class MetricMathParser final {
 public:
  MetricMathParser(std::string_view text, std::span<const std::string> ids) : text_(text), ids_(ids) {}

  MetricMath::Parsed parse() {
    result_.root_ = either();
    skip_blanks();
    if (problem_.empty() && at_ < text_.size())
      fail(fmt::format("an operator is missing before '{}'", text_.substr(at_)));
    if (problem_.empty() && !uses_input_) fail(fmt::format("'{}' names no metric", text_));
    if (!problem_.empty()) return {std::nullopt, problem_};
    return {std::move(result_), ""};
  }

 private:
  using Op = MetricMath::Op;
  using Ref = std::uint32_t;
  struct Word {
    std::string_view text;
    Op op;
  };
  static constexpr int kDeepest = 50;

  Ref either() { return chain({{"OR", Op::either}, {"||", Op::either}}, &MetricMathParser::both); }
  Ref both() { return chain({{"AND", Op::both}, {"&&", Op::both}}, &MetricMathParser::comparison); }
  Ref comparison() {
    return chain({{"<=", Op::less_equal},
                  {">=", Op::greater_equal},
                  {"==", Op::equal},
                  {"!=", Op::unequal},
                  {"<", Op::less},
                  {">", Op::greater}},
                 &MetricMathParser::sum);
  }
  Ref sum() { return chain({{"+", Op::add}, {"-", Op::subtract}}, &MetricMathParser::term); }
  Ref term() { return chain({{"*", Op::multiply}, {"/", Op::divide}}, &MetricMathParser::factor); }

  // Operands with left-associative operators of one precedence between them.
  Ref chain(std::initializer_list<Word> words, Ref (MetricMathParser::*operand)()) {
    Ref left = (this->*operand)();
    for (;;) {
      const Word* const found =
          std::find_if(words.begin(), words.end(), [&](const Word& word) { return take(word.text); });
      if (found == words.end()) return left;
      const Ref right = (this->*operand)();
      left = add({.op = found->op, .args = {left, right}});
    }
  }

  Ref factor() {
    if (++depth_ > kDeepest) fail("the expression is nested too deeply");
    const Ref result = !problem_.empty() ? 0
                       : take("-")       ? add({.op = Op::negate, .args = {factor()}})
                                         : primary();
    --depth_;
    return result;
  }

  Ref primary() {
    if (take("(")) return closed(either());
    const std::string_view word = take_word();
    if (word.empty())
      return fail(at_ < text_.size() ? fmt::format("a metric or number is missing at '{}'", text_.substr(at_))
                                     : "a metric or number is missing at the end");
    if (word.front() >= '0' && word.front() <= '9') return number(word);
    if (word.front() >= 'A' && word.front() <= 'Z') return function(word);
    const auto place = std::find(ids_.begin(), ids_.end(), word);
    if (place == ids_.end()) return fail(fmt::format("there is no metric '{}' before it", word));
    uses_input_ = true;
    return add({.op = Op::input, .input = static_cast<Ref>(place - ids_.begin())});
  }

  Ref number(std::string_view word) {
    const auto parsed = parse_number(word);
    if (!parsed) return fail(parsed.problem.message);
    return add({.op = Op::number, .number = *parsed.value});
  }

  Ref function(std::string_view name) {
    struct Form {
      std::string_view name;
      Op op;
      std::size_t least, most;
      bool list;
    };
    static constexpr Form forms[] = {
        {"ABS", Op::absolute, 1, 1, false}, {"FILL", Op::fill, 2, 2, false},
        {"IF", Op::choose, 2, 3, false},    {"SUM", Op::sum, 1, 100, true},
        {"AVG", Op::average, 1, 100, true}, {"MIN", Op::minimum, 1, 100, true},
        {"MAX", Op::maximum, 1, 100, true},
    };
    const auto form =
        std::find_if(std::begin(forms), std::end(forms), [&](const Form& f) { return f.name == name; });
    if (form == std::end(forms)) return fail(fmt::format("there is no function '{}'", name));
    const bool opened = take("(") && (!form->list || take("["));
    if (!opened)
      return fail(fmt::format("{} takes {}", name, form->list ? "a list: ([m1, m2])" : "arguments in ()"));
    MetricMath::Node node{.op = form->op};
    do node.args.push_back(either());
    while (problem_.empty() && take(","));
    if (form->list && !take("]")) return fail("']' is missing");
    if (node.args.size() < form->least || node.args.size() > form->most)
      return fail(fmt::format("{} does not take {} arguments", name, node.args.size()));
    return closed(add(std::move(node)));
  }

  Ref closed(Ref inside) { return take(")") ? inside : fail("')' is missing"); }

  Ref add(MetricMath::Node node) {
    result_.nodes_.push_back(std::move(node));
    return static_cast<Ref>(result_.nodes_.size() - 1);
  }
  Ref fail(std::string problem) {
    if (problem_.empty()) problem_ = std::move(problem);
    return 0;
  }

  void skip_blanks() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  }
  static bool letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
  }
  // Takes `word` if it comes next; a word of letters must end there.
  bool take(std::string_view word) {
    skip_blanks();
    if (!problem_.empty() || !text_.substr(at_).starts_with(word)) return false;
    const std::size_t end = at_ + word.size();
    if (letter(word.back()) && end < text_.size() && letter(text_[end])) return false;
    at_ = end;
    return true;
  }
  std::string_view take_word() {
    skip_blanks();
    const std::size_t begin = at_;
    while (at_ < text_.size() && letter(text_[at_])) ++at_;
    return text_.substr(begin, at_ - begin);
  }

  std::string_view text_;
  std::span<const std::string> ids_;
  std::size_t at_ = 0;
  int depth_ = 0;
  bool uses_input_ = false;
  std::string problem_;
  MetricMath result_;
};

MetricMath::Parsed MetricMath::parse(std::string_view text, std::span<const std::string> ids) {
  return MetricMathParser(text, ids).parse();
}

std::optional<double> MetricMath::value(std::span<const std::optional<double>> inputs) const {
  return value_of(root_, inputs).number;
}

std::optional<double> MetricMath::combine(Op op, double left, double right) {
  switch (op) {
    case Op::add:
      return left + right;
    case Op::subtract:
      return left - right;
    case Op::multiply:
      return left * right;
    case Op::divide:
      return right == 0 ? std::nullopt : std::optional(left / right);
    case Op::less:
      return left < right;
    case Op::less_equal:
      return left <= right;
    case Op::greater:
      return left > right;
    case Op::greater_equal:
      return left >= right;
    case Op::equal:
      return left == right;
    case Op::unequal:
      return left != right;
    case Op::both:
      return left != 0 && right != 0;
    case Op::either:
      return left != 0 || right != 0;
    default:
      fail_check("metric math", "no operator between two values");
  }
}

MetricMath::Value MetricMath::value_of(std::uint32_t index,
                                       std::span<const std::optional<double>> inputs) const {
  const Node& node = nodes_[index];
  if (node.op == Op::number) return {node.number, false};
  if (node.op == Op::input) return {inputs[node.input], true};
  if (node.op == Op::choose) return choose(node, inputs);
  if (node.op == Op::fill) return fill(node, inputs);
  if (node.op >= Op::sum) return over_list(node, inputs);
  const Value left = value_of(node.args[0], inputs);
  if (node.op == Op::negate || node.op == Op::absolute) {
    if (!left.number) return left;
    const bool turn = node.op == Op::negate || *left.number < 0;
    return {turn ? -*left.number : *left.number, left.series};
  }
  const Value right = value_of(node.args[1], inputs);
  const bool series = left.series || right.series;
  const bool lacks_left = !left.number && !(right.series && right.number);
  const bool lacks_right = !right.number && !(left.series && left.number);
  if (lacks_left || lacks_right) return {std::nullopt, series};
  return {combine(node.op, left.number.value_or(0), right.number.value_or(0)), series};
}

MetricMath::Value MetricMath::choose(const Node& node, std::span<const std::optional<double>> inputs) const {
  const Value condition = value_of(node.args[0], inputs);
  if (!condition.number) return {std::nullopt, true};
  if (*condition.number != 0) return value_of(node.args[1], inputs);
  return node.args.size() == 3 ? value_of(node.args[2], inputs) : Value{std::nullopt, true};
}

MetricMath::Value MetricMath::fill(const Node& node, std::span<const std::optional<double>> inputs) const {
  const Value value = value_of(node.args[0], inputs);
  return value.number ? value : Value{value_of(node.args[1], inputs).number, true};
}

// Missing values count as 0 in sums and averages, and not at all as extremes (the latter: model).
MetricMath::Value MetricMath::over_list(const Node& node,
                                        std::span<const std::optional<double>> inputs) const {
  std::vector<double> there;
  for (const std::uint32_t arg : node.args)
    if (const Value value = value_of(arg, inputs); value.number) there.push_back(*value.number);
  if (there.empty()) return {std::nullopt, true};
  if (node.op == Op::minimum) return {*std::min_element(there.begin(), there.end()), true};
  if (node.op == Op::maximum) return {*std::max_element(there.begin(), there.end()), true};
  double sum = 0;
  for (const double each : there) sum += each;
  return {node.op == Op::sum ? sum : sum / static_cast<double>(node.args.size()), true};
}

}  // namespace nephoscope
