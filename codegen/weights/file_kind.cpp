#include "codegen/weights/file_kind.h"

#include <algorithm>

#include <array>
#include "dsl/text.h"

namespace deeper {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view by_pytorch =
    "in PyTorch: `safetensors.torch.save_file(model.state_dict(), 'net.safetensors')`; dsl/PORTING.md has the lines";
constexpr std::string_view by_keras =
    "write its arrays with `safetensors.numpy.save_file`: dsl/PORTING.md has the lines for Keras";
constexpr std::string_view by_tensorflow =
    "write its variables with `safetensors.numpy.save_file`: dsl/PORTING.md has the lines for TensorFlow";
constexpr std::string_view by_numpy =
    "in Python: `safetensors.numpy.save_file(dict(numpy.load('net.npz')), 'net.safetensors')`";
constexpr std::string_view by_onnx =
    "write its initializers with `safetensors.numpy.save_file`: dsl/PORTING.md has the lines for ONNX";
constexpr std::string_view by_caffe =
    "write its blobs with `safetensors.numpy.save_file`: dsl/PORTING.md has the lines for Caffe";
constexpr std::string_view unpack = "unpack it first";
constexpr std::string_view download =
    "the download did not give the file itself: fetch it again from its direct address";

struct Magic {
  size_t at;
  std::string_view bytes;
  FileKind kind;
};

constexpr Magic magics[] = {
    {0, "\x89HDF\r\n\x1a\n"sv, {"an HDF5 file (Keras .h5)", by_keras}},
    {0, "\x93NUMPY"sv, {"one numpy array (.npy)", "a weights file holds all tensors under their names"}},
    {4, "TFL3"sv, {"a TensorFlow Lite model", by_tensorflow}},
    {0,
     "version https://git-lfs"sv,
     {"a Git LFS pointer, not the file that it stands for", "`git lfs pull` fetches it"}},
    {0, "GGUF"sv, {"a GGUF file", "its tensors must be written as floats into a safetensors file"}},
    {0,
     "DEEPERW\n"sv,
     {"packed weights of a program made by deeper", "`--weights` takes the file they were built from"}},
    {0, "deeper: 1"sv, {"a network's YAML", "`--weights` takes the tensors of that network"}},
    {0, "\x1f\x8b"sv, {"a gzip file", unpack}},
    {0, "BZh"sv, {"a bzip2 file", unpack}},
    {0,
     "\xfd"
     "7zXZ"sv,
     {"an xz file", unpack}},
    {0, "\x28\xb5\x2f\xfd"sv, {"a Zstandard file", unpack}},
    {0, "7z\xbc\xaf"sv, {"a 7z archive", unpack}},
    {257, "ustar"sv, {"a tar archive", unpack}},
    {0, "\x89PNG"sv, {"a PNG picture", "the arguments may be exchanged"}},
    {0, "\xff\xd8\xff"sv, {"a JPEG picture", "the arguments may be exchanged"}},
    {0,
     "\x7f"
     "ELF"sv,
     {"a program or library", "`--weights` takes a safetensors file"}},
};

bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

/// Names of members stand in clear text in front of them and at the end.
FileKind zip_kind(std::string_view bytes) {
  constexpr size_t looked_at = 65536;
  const std::string_view head = bytes.substr(0, looked_at);
  const std::string_view tail = bytes.substr(bytes.size() - std::min(bytes.size(), looked_at));
  const auto holds = [&](std::string_view name) { return has(head, name) || has(tail, name); };
  if (holds("data.pkl")) return {"a PyTorch file (.pt or .pth, a zip archive)", by_pytorch};
  if (holds("model.weights.h5")) return {"a Keras model (.keras, a zip archive)", by_keras};
  if (holds(".npy")) return {"a numpy archive (.npz)", by_numpy};
  return {"a zip archive", unpack};
}

std::string_view without_blanks(std::string_view text) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  text.remove_prefix(std::min(text.size(), text.find_first_not_of(" \t\r\n")));
  return text;
}

bool starts_with_any_case(std::string_view text, std::string_view small) {
  const auto same = [](char a, char b) { return (a >= 'A' && a <= 'Z' ? static_cast<char>(a + 32) : a) == b; };
  return text.size() >= small.size() && std::equal(small.begin(), small.end(), text.begin(),
                                                   [&](char wanted, char seen) { return same(seen, wanted); });
}

bool is_text(std::string_view bytes) {
  constexpr size_t longest_code_point = 4;  // the last one may be cut
  const auto invalid = find_invalid_utf8(bytes);
  if (invalid && *invalid + longest_code_point <= bytes.size()) return false;
  return std::all_of(bytes.begin(), bytes.end(), [](char c) {
    return static_cast<unsigned char>(c) >= ' ' || c == '\n' || c == '\r' || c == '\t';
  });
}

FileKind text_kind(std::string_view bytes) {
  constexpr size_t looked_at = 4096;
  const std::string_view text = without_blanks(bytes).substr(0, looked_at);
  for (const std::string_view tag : {"<!doctype html"sv, "<html"sv, "<head"sv, "<?xml"sv, "<!--"sv})
    if (starts_with_any_case(text, tag)) return {"a web page (HTML)", download};
  if (!is_text(text.substr(0, 512))) return {};
  if (text.starts_with('{') || text.starts_with('[')) {
    if (has(bytes, "\"weight_map\""))
      return {"the index of a model in several files (JSON)", "write the tensors of all of them into one file"};
    if (has(text, "modelTopology") || has(text, "weightsManifest") || has(text, "\"format\": \"layers-model\""))
      return {"a TensorFlow.js model (JSON); its weights lie in files beside it", by_tensorflow};
    return {"a JSON file", "`--weights` takes a safetensors file"};
  }
  for (const std::string_view word : {"layer {"sv, "layer{"sv, "layers {"sv, "layers{"sv, "input_dim:"sv})
    if (has(text, word)) return {"a Caffe network (.prototxt), which holds no weights", by_caffe};
  return text.empty() ? FileKind{} : FileKind{"a text file", "`--weights` takes a safetensors file"};
}

/// The size and value of a protobuf number at `at`; size 0 where there is none.
std::pair<size_t, uint64_t> varint(std::string_view bytes, size_t at) {
  uint64_t value = 0;
  for (size_t i = 0; i < 9 && at + i < bytes.size(); ++i) {
    const auto byte = static_cast<unsigned char>(bytes[at + i]);
    value |= uint64_t{byte & 0x7fU} << (7 * i);
    if (byte < 0x80) return {i + 1, value};
  }
  return {0, 0};
}

/// Protobuf has no magic; a model's first fields tell it: ONNX begins with its version (field 1, a number) and then
/// texts, Caffe's with the network's name (field 1, a text) and then layers (field 100, or 2), TensorFlow's with a node
/// (field 1) that begins with its name (field 1).
FileKind protobuf_kind(std::string_view bytes) {
  constexpr unsigned char number_1 = 0x08, text_1 = 0x0a, text_2 = 0x12;
  if (bytes.size() < 4) return {};
  const auto byte = [&](size_t i) { return i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0U; };
  const bool onnx_field = byte(2) == text_2 || byte(2) == 0x1a || byte(2) == 0x22 || byte(2) == 0x3a || byte(2) == 0x42;
  if (byte(0) == number_1 && byte(1) < 0x20 && onnx_field) return {"an ONNX model", by_onnx};
  if (byte(0) != text_1) return {};
  const auto [size, length] = varint(bytes, 1);
  const size_t text = 1 + size;
  if (size == 0 || length >= bytes.size()) return {};
  const size_t behind = text + length;
  if (byte(text) == text_1 && has(bytes.substr(0, 4096), "\x12")) return {"a TensorFlow graph (.pb)", by_tensorflow};
  const bool layers = (byte(behind) == 0xa2 && byte(behind + 1) == 0x06) || byte(behind) == text_2;
  return layers ? FileKind{"a Caffe model (.caffemodel)", by_caffe} : FileKind{};
}

}  // namespace

FileKind file_kind(std::string_view bytes) {
  if (bytes.starts_with("PK\x03\x04"sv) || bytes.starts_with("PK\x05\x06"sv)) return zip_kind(bytes);
  for (const Magic& magic : magics)
    if (bytes.size() > magic.at && bytes.substr(magic.at).starts_with(magic.bytes)) return magic.kind;
  if (bytes.size() > 2 && bytes[0] == '\x80' && bytes[1] >= 2 && bytes[1] <= 5) {
    const bool torch = has(bytes.substr(0, 64), "\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19"sv);
    return torch ? FileKind{"a PyTorch file of the old kind (a pickle)", by_pytorch}
                 : FileKind{"a Python pickle", by_pytorch};
  }
  const FileKind protobuf = protobuf_kind(bytes);
  return protobuf.what.empty() ? text_kind(bytes) : protobuf;
}

}  // namespace deeper
