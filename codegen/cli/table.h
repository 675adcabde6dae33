// Columns for people.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace deeper {

/// First row: headings. `right`: columns of numbers. No trailing blanks.
std::string format_table(const std::vector<std::vector<std::string>>& rows, const std::vector<bool>& right);

/// A page on standard output, as a terminal may be sent it: names of files and of classes are strangers' text.
void print_page(const std::string& text);

/// 1582671872 -> "1,582,671,872".
std::string grouped(int64_t number);
/// "27.3 MB", "640 bytes".
std::string size_text(int64_t bytes);

}  // namespace deeper
