// yaml-cpp's events -> our tree, with all limits.
#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <sstream>
#include <unordered_map>
#include <utility>

#include "engine/config/tree_editor.hpp"

namespace nephoscope {
namespace {

// Ends the reading after a diagnostic that leaves nothing to go on with. Never leaves this file.
struct StopReading {};

class TreeBuilder final : public YAML::EventHandler {
 public:
  TreeBuilder(const std::string& text, int file, int column_offset, Diagnostics& diagnostics,
              const Limits& limits)
      : text_(text), file_(file), column_offset_(column_offset), diagnostics_(diagnostics), limits_(limits) {}

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ > 1)
      stop(Code::several_documents, place_at(mark), "a second YAML document starts here",
           "remove '---', or indent this line like those above");
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override;
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override;
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override;
  void OnMapEnd() override { close(); }

  Place place_at(const YAML::Mark& mark, std::size_t length = 1) const;
  // The last null was written out (`null`, `~`) and not left empty.
  bool written_null() const { return written_null_; }
  std::unique_ptr<Node> take_root() { return std::move(root_); }
  std::size_t node_count() const { return nodes_; }

 private:
  // A map or list that is being read.
  struct Open {
    Node* node;
    YAML::anchor_t anchor;
    bool is_key = false;   // stands where a key should be; an error, but syntax errors inside it say more
    bool has_key = false;  // of a map: the next event is the value of `key`
    std::string key = {};  // "" after a key that is no text: its value is read and dropped
    Place key_place = {};
  };
  struct Anchor {
    const Node* node;
    bool complete;
  };

  [[noreturn]] void stop(Code code, Place place, std::string message, std::string hint = "") {
    diagnostics_.add({code, place, path(), std::move(message), std::move(hint), ""});
    throw StopReading{};
  }
  std::string path() const;
  bool key_is_due() const { return !open_.empty() && open_.back().node->is_map() && !open_.back().has_key; }
  void take_key(const std::string& key, Place place);
  void reject_key(Place place);
  void check_tag(const std::string& tag, Place place);
  void count_nodes(std::size_t more, Place place);
  void open_collection(Node::Kind kind, const YAML::Mark& mark, const std::string& tag,
                       YAML::anchor_t anchor);
  Node& attach(std::unique_ptr<Node> node, YAML::anchor_t anchor, bool complete);
  void close();
  std::size_t offset_of(const YAML::Mark& mark) const {
    return std::min(text_.size(), std::size_t(std::max(mark.pos, 0)));
  }
  std::size_t skip_properties(std::size_t at) const;
  std::size_t quote_end(std::size_t at) const;
  Place scalar_place(const YAML::Mark& mark, const std::string& value);

  const std::string& text_;
  int file_;
  int column_offset_;
  Diagnostics& diagnostics_;
  const Limits& limits_;
  int documents_ = 0;
  bool written_null_ = false;
  std::size_t nodes_ = 0;
  std::size_t alias_nodes_ = 0;
  std::unique_ptr<Node> root_;
  std::vector<Open> open_;
  std::vector<std::unique_ptr<Node>>
      detached_;  // subtrees under x- keys and duplicate keys: only anchors matter
  std::unordered_map<YAML::anchor_t, Anchor> anchors_;
};

Place TreeBuilder::place_at(const YAML::Mark& mark, std::size_t length) const {
  if (mark.is_null()) return {file_, 0, 0, 0};
  const int column = mark.column + 1 + (mark.line == 0 ? column_offset_ : 0);
  return {file_, mark.line + 1, column, static_cast<int>(std::min<std::size_t>(length, 1U << 20U))};
}

std::string TreeBuilder::path() const {
  std::string result;
  if (open_.empty()) return result;
  result = open_.back().node->path();
  return result;
}

// Where the value itself begins: behind `&anchor` and `!tag`, if these stand on the same line.
std::size_t TreeBuilder::skip_properties(std::size_t at) const {
  std::size_t i = at;
  while (i < text_.size() && (text_[i] == '&' || text_[i] == '!')) {
    const std::size_t end = text_.find_first_of(" \t\n", i);
    if (end == std::string::npos || text_[end] == '\n') return at;
    i = std::min(text_.find_first_not_of(" \t", end), text_.size());
  }
  return i;
}

// The offset behind the quote that closes the one at `at`; npos if it is never closed.
std::size_t TreeBuilder::quote_end(std::size_t at) const {
  const char quote = text_[at];
  for (std::size_t i = at + 1; i < text_.size(); ++i) {
    if (quote == '"' && text_[i] == '\\') {
      ++i;
    } else if (text_[i] == quote) {
      if (quote == '"' || i + 1 >= text_.size() || text_[i + 1] != quote) return i + 1;
      ++i;  // '' stands for one quote
    }
  }
  return std::string::npos;
}

// The place of a scalar: its part on its first line. Stops at a quote that is never closed, which yaml-cpp
// accepts.
Place TreeBuilder::scalar_place(const YAML::Mark& mark, const std::string& value) {
  const std::size_t start = offset_of(mark);
  const std::size_t at = skip_properties(start);
  Place place = place_at(mark);
  place.column += static_cast<int>(at - start);
  if (at >= text_.size()) return place;
  std::size_t end = at + 1;
  if (text_[at] == '"' || text_[at] == '\'') {
    end = quote_end(at);
    if (end == std::string::npos) stop(Code::syntax, place, "not valid YAML: this quote is never closed");
  } else if (text_.compare(at, value.size(), value) == 0) {
    end = at + value.size();
  }
  end = std::min({end, text_.find('\n', at), text_.size()});
  place.length = std::max(1, static_cast<int>(end - at));
  return place;
}

void TreeBuilder::check_tag(const std::string& tag, Place place) {
  if (tag.empty() || tag == "?" || tag == "!") return;
  diagnostics_.add({Code::unsupported_tag, place, path(), "explicit YAML tags are not supported",
                    "remove the tag; put a text in quotes", ""});
}

void TreeBuilder::count_nodes(std::size_t more, Place place) {
  nodes_ += more;
  if (nodes_ > limits_.nodes)
    stop(Code::too_many_nodes, place, fmt::format("the file holds more than {} values", limits_.nodes));
}

void TreeBuilder::take_key(const std::string& key, Place place) {
  if (key.size() > limits_.key_bytes)
    stop(Code::scalar_too_long, place, fmt::format("the key is longer than {} bytes", limits_.key_bytes));
  if (key.empty()) return reject_key(place);
  open_.back().has_key = true;
  open_.back().key = key;
  open_.back().key_place = place;
}

// Reports a key that is no text; its value will be dropped.
void TreeBuilder::reject_key(Place place) {
  diagnostics_.add({Code::bad_key, place, path(), "a key must be a text", "", ""});
  open_.back().has_key = true;
  open_.back().key.clear();
}

// Hangs `node` under the innermost open collection and remembers its anchor.
Node& TreeBuilder::attach(std::unique_ptr<Node> node, YAML::anchor_t anchor, bool complete) {
  Node& added = *node;
  if (anchor != 0) anchors_[anchor] = {&added, complete};
  count_nodes(1, added.place());
  if (open_.empty()) {
    root_ = std::move(node);
    return added;
  }
  Open& parent = open_.back();
  if (!parent.node->is_map()) return TreeEditor::append(*parent.node, std::move(node));
  parent.has_key = false;
  TreeEditor::set_key(added, parent.key, parent.key_place);
  if (added.is_null() && added.place().line != parent.key_place.line)
    TreeEditor::set_place(added, parent.key_place);
  if (parent.key == "<<") {
    diagnostics_.add({Code::merge_key, parent.key_place, path(), "merge keys '<<' are not supported",
                      "write the keys out, or use an alias for a whole value", ""});
  } else if (const Node* first = parent.node->find(parent.key)) {
    diagnostics_.add(
        {Code::duplicate_key, parent.key_place, path(), fmt::format("duplicate key '{}'", parent.key),
         fmt::format("first given in line {}, column {}", first->key_place().line, first->key_place().column),
         ""});
  } else if (!parent.key.empty() && !parent.key.starts_with("x-")) {
    return TreeEditor::append(*parent.node, std::move(node));
  }
  detached_.push_back(std::move(node));
  return added;
}

void TreeBuilder::OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) {
  const std::size_t at = offset_of(mark);
  const bool word = at < text_.size() && (text_[at] == 'n' || text_[at] == 'N');
  written_null_ = word || (at < text_.size() && text_[at] == '~');
  const Place place = place_at(mark, word ? 4 : 1);
  if (key_is_due()) return reject_key(place);
  attach(TreeEditor::make(Node::Kind::null, place), anchor, true);
}

void TreeBuilder::OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                           const std::string& value) {
  const Place place = scalar_place(mark, value);
  if (value.size() > limits_.scalar_bytes)
    stop(Code::scalar_too_long, place, fmt::format("the text is longer than {} bytes", limits_.scalar_bytes));
  check_tag(tag, place_at(mark));
  if (key_is_due()) return take_key(value, place);
  attach(TreeEditor::make_scalar(value, tag == "!", place), anchor, true);
}

void TreeBuilder::OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) {
  const Place place = place_at(mark);
  if (key_is_due()) return reject_key(place);
  const auto found = anchors_.find(anchor);
  if (found == anchors_.end()) stop(Code::syntax, place, "the alias names no anchor");
  if (!found->second.complete) stop(Code::cyclic_alias, place, "the alias stands inside its own anchor");
  const Node& source = *found->second.node;
  const std::size_t more = TreeEditor::count(source);
  alias_nodes_ += more;
  if (alias_nodes_ > limits_.alias_nodes)
    stop(Code::too_many_aliases, place,
         fmt::format("aliases repeat more than {} values", limits_.alias_nodes));
  if (open_.size() + TreeEditor::depth(source) > limits_.depth)
    stop(Code::too_deep, place, fmt::format("nested deeper than {} levels", limits_.depth));
  count_nodes(more - 1, place);
  attach(TreeEditor::copy(source), 0, true);
}

void TreeBuilder::open_collection(Node::Kind kind, const YAML::Mark& mark, const std::string& tag,
                                  YAML::anchor_t anchor) {
  const Place place = place_at(mark);
  if (open_.size() >= limits_.depth)
    stop(Code::too_deep, place, fmt::format("nested deeper than {} levels", limits_.depth));
  check_tag(tag, place);
  if (key_is_due()) {
    detached_.push_back(TreeEditor::make(kind, place));
    open_.push_back({detached_.back().get(), anchor, true});
    return;
  }
  Node& node = attach(TreeEditor::make(kind, place), anchor, false);
  open_.push_back({&node, anchor});
}

void TreeBuilder::OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                                  YAML::EmitterStyle::value) {
  open_collection(Node::Kind::sequence, mark, tag, anchor);
}

void TreeBuilder::OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                             YAML::EmitterStyle::value) {
  open_collection(Node::Kind::map, mark, tag, anchor);
}

void TreeBuilder::close() {
  const Open closed = std::move(open_.back());
  open_.pop_back();
  if (closed.is_key) return reject_key(closed.node->place());
  if (closed.anchor != 0) anchors_[closed.anchor].complete = true;
}

// yaml-cpp keeps the tokens of a flow collection in memory until it ends, so their number is bounded
// beforehand.
bool check_marks(const std::string& text, int file, Diagnostics& diagnostics, const Limits& limits) {
  constexpr std::string_view marks = "[]{},?:&*!\"'-|>%@`";
  std::size_t count = 0;
  for (const char c : text) count += marks.find(c) != std::string_view::npos ? 1 : 0;
  if (count <= limits.marks) return true;
  diagnostics.add(
      {Code::too_many_nodes,
       {file, 0, 0, 0},
       "",
       fmt::format("the file holds {} punctuation marks; at most {} are read", count, limits.marks),
       "",
       "keep large data in CSV files beside the scenario"});
  return false;
}

// The usual culprit, if it stands in the line of an error or in the one before.
std::string tab_hint(const std::string& text, std::size_t at) {
  std::size_t start = text.rfind('\n', std::min(at, text.size()));
  if (start != std::string::npos && start > 0) start = text.rfind('\n', start - 1);
  for (std::size_t line = start == std::string::npos ? 0 : start + 1; line <= at && line < text.size();) {
    const std::size_t first = std::min(text.find_first_not_of(" \t", line), text.size());
    if (text.substr(line, first - line).find('\t') != std::string::npos)
      return "indent with blanks, not with tabs";
    const std::size_t end = text.find('\n', line);
    line = end == std::string::npos ? text.size() : end + 1;
  }
  return "";
}

// yaml-cpp's message for the user, in our lower-case style.
std::string translated(const std::string& message) {
  if (message.empty() || message == "bad file") return "not valid YAML";
  std::string result = message;
  if (result[0] >= 'A' && result[0] <= 'Z') result[0] = static_cast<char>(result[0] - 'A' + 'a');
  return "not valid YAML: " + result;
}

// Runs yaml-cpp over the text; true if it was read to its end.
bool run_parser(const std::string& text, TreeBuilder& builder, Diagnostics& diagnostics) {
  try {
    std::istringstream stream(text);
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
    return true;
  } catch (const StopReading&) {
  } catch (const YAML::Exception& problem) {
    const auto at = static_cast<std::size_t>(std::max(problem.mark.pos, 0));
    diagnostics.add(
        {Code::syntax, builder.place_at(problem.mark), "", translated(problem.msg), tab_hint(text, at), ""});
  } catch (const std::exception& problem) {
    diagnostics.add(
        {Code::syntax, builder.place_at(YAML::Mark::null_mark()), "", translated(problem.what()), "", ""});
  }
  return false;
}

}  // namespace

Tree read_yaml(const std::string& text, int file, int column_offset, Diagnostics& diagnostics,
               const Limits& limits) {
  Tree tree;
  if (!check_characters(text, file, column_offset, diagnostics) ||
      !check_marks(text, file, diagnostics, limits))
    return tree;
  TreeBuilder builder(text, file, column_offset, diagnostics, limits);
  if (!run_parser(text, builder, diagnostics)) return tree;
  auto root = builder.take_root();
  if (!root || (root->is_null() && !builder.written_null())) {
    diagnostics.add({Code::empty_document, {file, 0, 0, 0}, "", "the document is empty", "", ""});
    return tree;
  }
  TreeEditor::set_root(tree, std::move(root));
  TreeEditor::set_count(tree, builder.node_count());
  return tree;
}

}  // namespace nephoscope
