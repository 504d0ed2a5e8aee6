#include "engine/core/frame_pool.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <new>
#include <vector>

namespace nephoscope::frame_pool {

#if defined(__SANITIZE_ADDRESS__)
void* allocate(std::size_t size) { return ::operator new(size); }
void release(void* frame, std::size_t) noexcept { ::operator delete(frame); }
#else
namespace {

constexpr std::size_t kStep = 64;       // sizes are rounded up to cache lines
constexpr std::size_t kLargest = 4096;  // larger frames are rare and come from the heap
constexpr std::size_t kSlab = 64 * 1024;

class Pool {
 public:
  void* allocate(std::size_t size) {
    Free*& head = free_[(size - 1) / kStep];
    if (head == nullptr) head = carve((size + kStep - 1) / kStep * kStep);
    Free* const frame = head;
    head = frame->next;
    return frame;
  }
  void release(void* frame, std::size_t size) noexcept {
    Free*& head = free_[(size - 1) / kStep];
    head = ::new (frame) Free{head};
  }

 private:
  struct Free {
    Free* next;
  };
  // Cuts a slab into frames of `step` bytes and chains them.
  Free* carve(std::size_t step) {
    slabs_.push_back(std::make_unique<std::byte[]>(kSlab));
    Free* chain = nullptr;
    for (std::size_t at = kSlab / step; at-- > 0;)
      chain = ::new (slabs_.back().get() + at * step) Free{chain};
    return chain;
  }
  std::array<Free*, kLargest / kStep> free_{};
  std::vector<std::unique_ptr<std::byte[]>> slabs_;
};

thread_local Pool pool;

}  // namespace

void* allocate(std::size_t size) { return size <= kLargest ? pool.allocate(size) : ::operator new(size); }

void release(void* frame, std::size_t size) noexcept {
  if (size <= kLargest)
    pool.release(frame, size);
  else
    ::operator delete(frame);
}
#endif

}  // namespace nephoscope::frame_pool
