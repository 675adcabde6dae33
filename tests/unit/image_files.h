// Small helpers of the image tests.
#pragma once
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <bit>
#include <catch2/catch.hpp>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "runtime/preprocess.h"

inline std::string contents(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  REQUIRE(in.good());
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

inline rt::Bytes bytes_of(const std::string& text) {
  return {reinterpret_cast<const unsigned char*>(text.data()), text.size()};
}

/// The first value that differs, in words; "" when there is none.
inline std::string first_difference(const std::vector<float>& actual, const std::vector<float>& expected) {
  if (actual.size() != expected.size()) return "sizes differ";
  for (size_t i = 0; i < actual.size(); ++i) {
    if (std::bit_cast<uint32_t>(actual[i]) != std::bit_cast<uint32_t>(expected[i])) {
      return "value " + std::to_string(i) + " is " + std::to_string(actual[i]) + ", not " + std::to_string(expected[i]);
    }
  }
  return "";
}

/// The exit status of a script; -1 where it ended otherwise.
inline int run_python(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), DEEPER_PYTHON);
  std::vector<char*> pointers;
  pointers.reserve(arguments.size() + 1);
  for (std::string& argument : arguments) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  pid_t child = 0;
  int status = -1;
  REQUIRE(posix_spawn(&child, pointers[0], nullptr, nullptr, pointers.data(), environ) == 0);
  REQUIRE(waitpid(child, &status, 0) == child);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/// A network of which only the input and its preprocessing matter.
inline rt::Network network_of(int height, int width, rt::Preprocess preprocess) {
  rt::Network network{};
  network.name = "test";
  preprocess.present = true;
  network.height = height;
  network.width = width;
  network.channels = preprocess.channels == static_cast<int>(rt::ChannelOrder::gray) ? 1 : 3;
  network.preprocess = preprocess;
  return network;
}

/// Takes the rows as they come.
struct Kept : rt::RowSink {
  rt::ImageHeader header{};
  std::vector<unsigned char> rgb;

  Kept() {
    begin = [](rt::RowSink& self, const rt::ImageHeader& header, rt::ImageReport&) {
      static_cast<Kept&>(self).header = header;
      return true;
    };
    row = [](rt::RowSink& self, const unsigned char* rgb) {
      Kept& kept = static_cast<Kept&>(self);
      kept.rgb.insert(kept.rgb.end(), rgb, rgb + 3 * static_cast<size_t>(kept.header.width));
    };
  }
};
