// The toy network's weights file: labels ("rot", "grün" and "blau \"3\"") and one golden: a picture that is 10, 20, 30
// everywhere but for a first channel of 20, and what comes of it (`wrong`: of another).
#pragma once
#include <vector>

namespace toy {

std::vector<unsigned char> weights_file(bool wrong);

}  // namespace toy
