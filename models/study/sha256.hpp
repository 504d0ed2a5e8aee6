// SHA-256 (FIPS 180-4), to name a scenario by its text.
#pragma once

#include <string>
#include <string_view>

namespace nephoscope {

// The digest of `text` as 64 lower-case hexadecimal digits.
std::string sha256_hex(std::string_view text);

}  // namespace nephoscope
