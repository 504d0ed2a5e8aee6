#include "engine/core/frame_pool.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <cstring>
#include <set>
#include <vector>

using namespace nephoscope;

TEST_CASE("frame pool: frames of any size are aligned, distinct and writable to their end") {
  std::set<void*> seen;
  std::vector<std::pair<void*, std::size_t>> frames;
  for (const std::size_t size : {1U, 63U, 64U, 65U, 200U, 4095U, 4096U, 4097U, 100'000U}) {
    for (int i = 0; i < 50; ++i) {
      void* const frame = frame_pool::allocate(size);
      std::memset(frame, i, size);
      CHECK(reinterpret_cast<std::uintptr_t>(frame) % alignof(std::max_align_t) == 0);
      CHECK(seen.insert(frame).second);
      frames.emplace_back(frame, size);
    }
  }
  for (const auto& [frame, size] : frames) {
    CHECK(static_cast<unsigned char*>(frame)[0] == static_cast<unsigned char*>(frame)[size - 1]);
    frame_pool::release(frame, size);
  }
}

#if !defined(__SANITIZE_ADDRESS__)  // there, every frame comes from the heap
TEST_CASE("frame pool: a released frame is the next one handed out for its size class") {
  void* const first = frame_pool::allocate(200);
  frame_pool::release(first, 200);
  void* const other_class = frame_pool::allocate(500);
  CHECK(other_class != first);
  void* const second = frame_pool::allocate(220);  // both sizes are rounded up to 256
  CHECK(second == first);
  frame_pool::release(second, 220);
  frame_pool::release(other_class, 500);
}
#endif
