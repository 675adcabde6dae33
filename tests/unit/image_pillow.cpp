// Decoding and preprocessing against Pillow, bit for bit: tests/differential/pillow_oracle.py makes pictures and
// tensors.
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <sstream>

#include "tests/unit/image_files.h"

namespace {

namespace fs = std::filesystem;

struct Case {
  std::string picture, expected;
  rt::Preprocess preprocess;
  std::array<float, 3> fill{};
  int height = 0, width = 0;
  bool as_is = false;
};

Case parse(const std::string& line) {
  Case c;
  std::istringstream in(line);
  std::getline(in, c.picture, '\t');
  rt::Preprocess& p = c.preprocess;
  in >> p.central_fraction >> p.resize_short >> p.resize_height >> p.resize_width >> p.letterbox;
  for (float& value : c.fill) in >> value;
  in >> p.crop_height >> p.crop_width >> p.filter >> p.channels >> p.alpha;
  in >> c.height >> c.width >> c.as_is >> std::ws;
  std::getline(in, c.expected);
  REQUIRE(!c.expected.empty());
  return c;
}

std::string photos() {
  const char* given = std::getenv("DEEPER_MODELS");
  const fs::path folder = fs::path(given != nullptr ? given : DEEPER_SOURCE "/../shared/models/googlenet") / "images";
  if (fs::is_directory(folder)) return folder.string();
  std::printf("SKIPPED real photos: no folder %s\n", folder.c_str());
  return "";
}

}  // namespace

TEST_CASE("pictures become the tensors that Pillow makes of them") {
  const fs::path folder = fs::temp_directory_path() / ("deeper-pillow-" + std::to_string(getpid()));
  std::vector<std::string> arguments = {DEEPER_SOURCE "/tests/differential/pillow_oracle.py", folder.string()};
  if (const std::string pictures = photos(); !pictures.empty()) arguments.push_back(pictures);
  const int status = run_python(arguments);
  if (status == 77) {
    WARN("SKIPPED: no Pillow to compare with (Debian: python3-pil)");
    return;
  }
  REQUIRE(status == 0);
  std::istringstream cases(contents((folder / "cases.tsv").string()));
  int count = 0;
  for (std::string line; std::getline(cases, line); ++count) {
    Case c = parse(line);
    c.preprocess.fill = c.fill.data();
    INFO(line);
    const rt::Network network = network_of(c.height, c.width, c.preprocess);
    const std::string picture = contents(c.picture), expected = contents(c.expected);
    std::vector<float> actual(static_cast<size_t>(network.height * network.width * network.channels));
    std::vector<float> wanted(expected.size() / sizeof(float));
    std::memcpy(wanted.data(), expected.data(), expected.size());
    rt::ImageReport report;
    const bool fine = rt::image_to_tensor(network, bytes_of(picture), c.as_is, actual.data(), report);
    const std::string difference = first_difference(actual, wanted);
    INFO(report.error << difference);
    CHECK(fine);
    CHECK(difference.empty());
  }
  CHECK(count > 500);
  fs::remove_all(folder);
}

TEST_CASE("the mean goes before the scale, each in the order of the network's channels") {
  static constexpr float mean[] = {1, 2, 3}, scale[] = {2, 4, 8};
  rt::Preprocess preprocess;
  preprocess.channels = static_cast<int>(rt::ChannelOrder::bgr);
  preprocess.mean = mean;
  preprocess.scale = scale;
  float tensor[3] = {};
  rt::ImageReport report;
  const std::string picture = "P6 1 1 255\n\x0a\x14\x1e";  // red 10, green 20, blue 30
  REQUIRE(rt::image_to_tensor(network_of(1, 1, preprocess), bytes_of(picture), false, tensor, report));
  CHECK(tensor[0] == (30 - 1) * 2);
  CHECK(tensor[1] == (20 - 2) * 4);
  CHECK(tensor[2] == (10 - 3) * 8);
}
