// What the tests of codegen/compile share.
#pragma once
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "dsl/diagnostics.h"

/// An empty folder, gone at its end.
class TestFolder {
 public:
  TestFolder();
  ~TestFolder();
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;

  std::string path(const std::string& name = "") const { return name.empty() ? path_ : path_ + "/" + name; }
  void write(const std::string& name, const std::string& text) const;
  std::string read(const std::string& name) const;
  /// All files and folders below, sorted, relative.
  std::vector<std::string> names() const;

 private:
  std::string path_;
};

/// The messages of all that was collected, one a line.
std::string messages(const deeper::Diagnostics& diagnostics);

/// The value; the test fails where there is none.
template <class T>
const T& given(const std::optional<T>& value) {
  if (!value) throw std::logic_error("nothing is given");
  return *value;
}
