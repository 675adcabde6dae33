// Files that are no safetensors files are called by what they are.
#include <catch2/catch.hpp>

#include "codegen/weights/store.h"

using namespace deeper;
using namespace std::string_literals;

namespace {

/// What is said about a file with these bytes, with the help in brackets.
std::string said(const std::string& bytes) {
  Diagnostics diagnostics;
  CHECK(parse_safetensors(bytes, "w", diagnostics).tensors.empty());
  REQUIRE(diagnostics.all().size() == 1);
  CHECK(diagnostics.all()[0].id == "weights-malformed");
  return diagnostics.all()[0].message + " (" + diagnostics.all()[0].help + ")";
}

std::string zip(const std::string& name) {
  return "PK\x03\x04" + std::string(26, '\0') + name + std::string(100'000, '\1') + "PK\x05\x06" +
         std::string(18, '\0');
}

bool says(const std::string& bytes, const std::string& what, const std::string& cure) {
  const std::string text = said(bytes);
  INFO(text);
  CHECK(text.find("w: is " + what) == 0);
  CHECK(text.find(cure) != std::string::npos);
  return true;
}

}  // namespace

TEST_CASE("frameworks' own files are named, with what to do") {
  says(zip("archive/data.pkl"), "a PyTorch file (.pt or .pth, a zip archive), no safetensors file", "save_file");
  says(zip("net/data.pkl"), "a PyTorch file", "PORTING.md");
  says(zip("conv1.npy"), "a numpy archive (.npz)", "numpy.load");
  says(zip("config.json") + "model.weights.h5", "a Keras model (.keras", "Keras");
  says(zip("readme.txt"), "a zip archive", "unpack");
  says("\x80\x02\x8a\nl\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19."s, "a PyTorch file of the old kind", "save_file");
  says("\x80\x04\x95\x10\0\0\0\0\0\0\0}"s, "a Python pickle", "save_file");
  says("\x89HDF\r\n\x1a\n" + std::string(40, '\0'), "an HDF5 file (Keras .h5)", "Keras");
  says("\x93NUMPY\1\0v\0{'descr': '<f4'"s, "one numpy array (.npy)", "under their names");
  says(
      "\x08\x07\x12\x07pytorch\x1a\x05"
      "1.13.:\x80\x01"s,
      "an ONNX model", "initializers");
  says("\x1c\0\0\0TFL3\x14\0"s, "a TensorFlow Lite model", "TensorFlow");
  says("\n\x09GoogLeNet\xa2\x06\x10\n\4data"s.replace(1, 1, "\x09"), "a Caffe model", "blobs");
  says(
      "\n\x05"
      "Alex0\x12\x10\n\4data....."s,
      "a Caffe model", "blobs");
  says("name: \"AlexNet\"\nlayer {\n  name: \"data\"\n}\n", "a Caffe network (.prototxt)", "Caffe");
  says("\n\x20\n\x05input\x12\x0bPlaceholder" + std::string(60, ' '), "a TensorFlow graph (.pb)", "TensorFlow");
  says(R"({"format": "layers-model", "modelTopology": {"a": 1}})", "a TensorFlow.js model (JSON)", "TensorFlow");
  says(R"({"metadata": {}, "weight_map": {"a": "1.safetensors"}})", "the index of a model in several files",
       "one file");
  says(R"([1, 2, 3])", "a JSON file", "safetensors");
}

TEST_CASE("so are downloads that went wrong, packed files, and arguments in the wrong place") {
  says("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12\n", "a Git LFS pointer", "git lfs pull");
  says("<!DOCTYPE html>\n<html><body>Not found", "a web page (HTML)", "fetch it again");
  says("\n  <HTML><head>", "a web page (HTML)", "fetch it again");
  says("<?xml version='1.0'?><Error>AccessDenied</Error>", "a web page (HTML)", "fetch it again");
  says("\x1f\x8b\x08\0abcdefgh"s, "a gzip file", "unpack");
  says("BZh91AY&SY", "a bzip2 file", "unpack");
  says(
      "\xfd"
      "7zXZ\0\0\4"s,
      "an xz file", "unpack");
  says("\x28\xb5\x2f\xfd\4\0\0\0\0"s, "a Zstandard file", "unpack");
  says(std::string(257, 'a') + "ustar\0"s + std::string(300, '\0'), "a tar archive", "unpack");
  says("DEEPERW\n\1\0\0\0"s, "packed weights of a program made by deeper", "built from");
  says("deeper: 1\nname: net\n", "a network's YAML", "tensors");
  says("\x89PNG\r\n\x1a\n....", "a PNG picture", "exchanged");
  says("Hello, world, this is text", "a text file", "safetensors");
  says("", "empty", "again");
  says(std::string(4, '\0'), "no safetensors file: its 4 bytes are too few", "");
  says(std::string(64, '\xff'), "no safetensors file: those begin with", "PORTING.md");
}
