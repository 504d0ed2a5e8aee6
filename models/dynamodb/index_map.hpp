// A hash table of items, for state that stays small beside the table itself: open addressing, no allocation a
// look-up.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "models/common/request.hpp"

namespace nephoscope::dynamodb {

struct ItemId {
  std::uint64_t key = 0;
  std::uint64_t sort = 0;
  constexpr bool operator==(const ItemId&) const = default;
};

// One well-mixed number for an item.
constexpr std::uint64_t number_of(const ItemId& item) {
  return mix64(item.key ^ (mix64(item.sort + 1) * (item.sort != 0 ? 1U : 0U)));
}

// Values by item. Pointers and references hold until the next insertion or removal.
template <typename Value>
class ItemMap final {
 public:
  Value* find(const ItemId& item) {
    const std::size_t place = place_of(item);
    return place == kNone ? nullptr : &slots_[place].value;
  }
  const Value* find(const ItemId& item) const {
    const std::size_t place = place_of(item);
    return place == kNone ? nullptr : &slots_[place].value;
  }
  // The item's value, a default one if there was none.
  Value& operator[](const ItemId& item) {
    if (Value* const found = find(item)) return *found;
    if ((size_ + 1) * 4 > slots_.size() * 3) grow();
    ++size_;
    return insert({item, Value{}, true}).value;
  }
  // Whether there was one.
  bool erase(const ItemId& item) {
    std::size_t hole = place_of(item);
    if (hole == kNone) return false;
    --size_;
    // What follows in the same run moves up if that brings it nearer to its home (no tombstones).
    for (std::size_t next = follow(hole); slots_[next].used; next = follow(next)) {
      const std::size_t home = home_of(slots_[next].item);
      const bool stays = hole < next ? (hole < home && home <= next) : (hole < home || home <= next);
      if (stays) continue;
      slots_[hole] = std::move(slots_[next]);
      hole = next;
    }
    slots_[hole] = Slot{};
    return true;
  }
  // Takes out all items of which `gone(item, value)` is true.
  template <typename Gone>
  void erase_if(Gone gone) {
    std::vector<Slot> old = std::exchange(slots_, std::vector<Slot>(slots_.size()));
    size_ = 0;
    for (Slot& slot : old) {
      if (!slot.used || gone(slot.item, slot.value)) continue;
      insert(std::move(slot));
      ++size_;
    }
  }
  std::size_t size() const { return size_; }
  template <typename Visit>
  void each(Visit visit) const {
    for (const Slot& slot : slots_)
      if (slot.used) visit(slot.item, slot.value);
  }

 private:
  static constexpr std::size_t kNone = ~std::size_t{0};
  struct Slot {
    ItemId item;
    Value value{};
    bool used = false;
  };
  std::size_t home_of(const ItemId& item) const { return number_of(item) & (slots_.size() - 1); }
  std::size_t follow(std::size_t place) const { return (place + 1) & (slots_.size() - 1); }
  std::size_t place_of(const ItemId& item) const {
    if (slots_.empty()) return kNone;
    for (std::size_t place = home_of(item); slots_[place].used; place = follow(place))
      if (slots_[place].item == item) return place;
    return kNone;
  }
  Slot& insert(Slot slot) {
    std::size_t place = home_of(slot.item);
    while (slots_[place].used) place = follow(place);
    slots_[place] = std::move(slot);
    return slots_[place];
  }
  void grow() {
    std::vector<Slot> old = std::exchange(slots_, std::vector<Slot>(slots_.empty() ? 16 : slots_.size() * 2));
    for (Slot& slot : old)
      if (slot.used) insert(std::move(slot));
  }
  std::vector<Slot> slots_;
  std::size_t size_ = 0;
};

}  // namespace nephoscope::dynamodb
