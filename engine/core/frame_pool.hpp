// Memory for coroutine frames: freed frames are kept by size and handed out again, so that a steady stream
// of processes allocates nothing. One pool a thread. Under AddressSanitizer every frame comes from the heap,
// because a pool would hide uses after free from it.
#pragma once

#include <cstddef>

namespace nephoscope::frame_pool {

// Memory for `size` bytes, aligned for any fundamental type.
void* allocate(std::size_t size);

// REQUIRES: `frame` came from allocate(size) on this thread.
void release(void* frame, std::size_t size) noexcept;

// Base of promise types whose frames come from the pool.
struct Pooled {
  static void* operator new(std::size_t size) { return allocate(size); }
  static void operator delete(void* frame, std::size_t size) noexcept { release(frame, size); }
};

}  // namespace nephoscope::frame_pool
