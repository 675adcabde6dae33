// Small helpers of the image tests.
#pragma once
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
