#include "models/cloudwatch/alarm_rule.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nephoscope::cloudwatch {

// Recursive descent over NOT, then AND, then OR; `problem_` holds the first problem.
class AlarmRuleParser final {
 public:
  explicit AlarmRuleParser(std::string_view text) : text_(text) {}

  AlarmRule::Parsed parse() {
    rule_.root_ = either();
    skip_blanks();
    if (at_ < text_.size()) fail(fmt::format("AND or OR is missing before '{}'", text_.substr(at_)));
    if (rule_.alarms_.empty()) fail("the rule names no alarm");
    if (!problem_.empty()) return {std::nullopt, problem_};
    return {std::move(rule_), ""};
  }

 private:
  using Op = AlarmRule::Op;
  using Ref = std::uint32_t;
  static constexpr int kDeepest = 50;

  Ref either() {
    Ref left = both();
    while (take("OR")) left = add({.op = Op::either, .left = left, .right = both()});
    return left;
  }
  Ref both() {
    Ref left = factor();
    while (take("AND")) left = add({.op = Op::both, .left = left, .right = factor()});
    return left;
  }
  Ref factor() {
    if (++depth_ > kDeepest) fail("the rule is nested too deeply");
    const Ref result = problem_.empty() ? unguarded_factor() : 0;
    --depth_;
    return result;
  }
  Ref unguarded_factor() {
    if (take("NOT")) return add({.op = Op::negate, .left = factor()});
    if (take("TRUE")) return add({.constant = true});
    if (take("FALSE")) return add({.constant = false});
    if (take("ALARM")) return state_is(AlarmState::alarm);
    if (take("OK")) return state_is(AlarmState::ok);
    if (take("INSUFFICIENT_DATA")) return state_is(AlarmState::insufficient_data);
    if (!take("(")) return fail("ALARM(id), OK(id) or INSUFFICIENT_DATA(id) is missing" + where());
    const Ref inside = either();
    return take(")") ? inside : fail("')' is missing" + where());
  }
  Ref state_is(AlarmState state) {
    if (!take("(")) return fail("'(' is missing" + where());
    const bool quoted = take("\"");
    const std::string name(take_name(quoted));
    const bool closed = (!quoted || take("\"")) && take(")");
    if (name.empty() || !closed) return fail("an alarm's id in parentheses is missing" + where());
    auto& names = rule_.alarms_;
    auto place = std::find(names.begin(), names.end(), name);
    if (place == names.end()) place = names.insert(names.end(), name);
    return add({.op = Op::state_is, .state = state, .alarm = static_cast<Ref>(place - names.begin())});
  }

  std::string where() {
    skip_blanks();
    return at_ < text_.size() ? fmt::format(" at '{}'", text_.substr(at_)) : " at the end";
  }
  Ref add(AlarmRule::Node node) {
    rule_.nodes_.push_back(node);
    return static_cast<Ref>(rule_.nodes_.size() - 1);
  }
  Ref fail(std::string problem) {
    if (problem_.empty()) problem_ = std::move(problem);
    return 0;
  }
  void skip_blanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n')) ++at_;
  }
  static bool letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  }
  bool take(std::string_view word) {
    skip_blanks();
    if (!problem_.empty() || !text_.substr(at_).starts_with(word)) return false;
    const std::size_t end = at_ + word.size();
    if (letter(word.back()) && end < text_.size() && letter(text_[end])) return false;
    at_ = end;
    return true;
  }
  std::string_view take_name(bool quoted) {
    if (!quoted) skip_blanks();
    const std::size_t begin = at_;
    const auto inside = [&](char c) { return quoted ? c != '"' : c != ')' && c != '(' && c != ' '; };
    while (at_ < text_.size() && inside(text_[at_])) ++at_;
    return text_.substr(begin, at_ - begin);
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int depth_ = 0;
  std::string problem_;
  AlarmRule rule_;
};

AlarmRule::Parsed AlarmRule::parse(std::string_view text) { return AlarmRuleParser(text).parse(); }

bool AlarmRule::holds(std::uint32_t index, const std::vector<AlarmState>& states) const {
  const Node& node = nodes_[index];
  switch (node.op) {
    case Op::state_is:
      return states[node.alarm] == node.state;
    case Op::both:
      return holds(node.left, states) && holds(node.right, states);
    case Op::either:
      return holds(node.left, states) || holds(node.right, states);
    case Op::negate:
      return !holds(node.left, states);
    case Op::constant:
      return node.constant;
  }
  return false;
}

}  // namespace nephoscope::cloudwatch
