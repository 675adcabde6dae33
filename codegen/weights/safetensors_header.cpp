#include "codegen/weights/safetensors_header.h"

#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "codegen/weights/store.h"
#include "dsl/text.h"

namespace deeper {
namespace {

using HeaderJson = nlohmann::json;

/// {"name": {"dtype": "F32", "shape": [..], "data_offsets": [begin, end]}, ..., "__metadata__": {"key": "text"}}
class HeaderReader : public nlohmann::json_sax<HeaderJson> {
 public:
  SafetensorsHeader header;

  bool null() override { return unexpected("null"); }
  bool boolean(bool) override { return unexpected("true or false"); }
  bool number_float(number_float_t, const string_t&) override { return unexpected("a fraction"); }
  bool binary(binary_t&) override { return unexpected("binary data"); }
  bool number_integer(number_integer_t) override { return unexpected("a negative number"); }

  bool number_unsigned(number_unsigned_t value) override {
    if (place_ != Place::list || value > static_cast<uint64_t>(INT64_MAX))
      return unexpected(fmt::format("the number {}", value));
    const auto number = static_cast<int64_t>(value);
    TensorEntry& entry = header.tensors.back();
    if (key_ == "shape") {
      constexpr size_t most_dims = 16;
      if (entry.shape.size() == most_dims)
        return fail(fmt::format("{} has more than {} dims", ticked(entry.name), most_dims));
      entry.shape.push_back(number);
      return true;
    }
    if (++offsets_ > 2) return fail(fmt::format("{} has more than two data_offsets", ticked(entry.name)));
    (offsets_ == 1 ? entry.begin : entry.end) = number;
    return true;
  }

  bool string(string_t& value) override {
    if (place_ == Place::metadata) return true;
    if (place_ != Place::tensor || key_ != "dtype") return unexpected("the text " + ticked(value));
    header.tensors.back().dtype = value;
    return true;
  }

  bool start_object(std::size_t) override {
    if (place_ == Place::outside) return enter(Place::top);
    if (place_ != Place::top) return unexpected("a mapping");
    if (key_ == "__metadata__") return enter(Place::metadata);
    if (header.tensors.size() == most_tensors) return fail(fmt::format("it has more than {} tensors", most_tensors));
    if (!names_.insert(key_).second) return fail(fmt::format("{} is there twice", ticked(key_)));
    header.tensors.push_back({key_, "", {}, -1, -1});
    seen_.clear();
    return enter(Place::tensor);
  }

  bool key(string_t& key) override {
    key_ = key;
    if (place_ != Place::tensor) return true;
    const bool known = key == "dtype" || key == "shape" || key == "data_offsets";
    if (known && seen_.insert(key).second) return true;
    return fail(fmt::format("{} has {} key {}", ticked(header.tensors.back().name), known ? "twice the" : "an unknown",
                            ticked(key)));
  }

  bool end_object() override {
    if (place_ == Place::tensor) {
      const TensorEntry& entry = header.tensors.back();
      if (seen_.size() < 3 || entry.end < 0)
        return fail(fmt::format("{} lacks dtype, shape or data_offsets", ticked(entry.name)));
    }
    return enter(place_ == Place::top ? Place::done : Place::top);
  }

  bool start_array(std::size_t) override {
    if (place_ != Place::tensor || key_ == "dtype") return unexpected("a list");
    offsets_ = 0;
    return enter(Place::list);
  }

  bool end_array() override { return enter(Place::tensor); }

  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) override {
    return fail(fmt::format("it is no JSON from byte {} on", position));
  }

 private:
  enum class Place { outside, top, metadata, tensor, list, done };

  bool enter(Place place) {
    place_ = place;
    return true;
  }
  bool fail(std::string what) {
    if (header.error.empty()) header.error = std::move(what);
    return false;
  }
  bool unexpected(const std::string& what) {
    return fail(key_.empty() ? fmt::format("{} where tensors should be", what)
                             : fmt::format("{} at {}", what, ticked(key_)));
  }

  Place place_ = Place::outside;
  std::string key_;
  std::set<std::string> names_;
  std::set<std::string> seen_;  ///< keys of the current tensor
  int offsets_ = 0;
};

}  // namespace

SafetensorsHeader parse_safetensors_header(std::string_view json) {
  HeaderReader reader;
  const bool whole = HeaderJson::sax_parse(json.begin(), json.end(), &reader);
  if (!whole && reader.header.error.empty()) reader.header.error = "it is no JSON";
  return std::move(reader.header);
}

}  // namespace deeper
