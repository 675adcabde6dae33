// The language as a JSON Schema (draft-07), for editors: it walks the tables that the parser itself reads by.
#pragma once
#include <string>

namespace deeper {

/// Networks and included files. Weaker than `check` where a schema cannot know: keys that `defaults` may give are not
/// required, paths, ids and shapes are not followed, and any value may be a `$param` or an expression with one. What
/// `check` takes, this takes (tests/golden/schema.py, which also lists the mistakes that it lets pass).
std::string json_schema();

}  // namespace deeper
