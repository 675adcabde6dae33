#include "codegen/weights/pair.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <set>

#include "codegen/weights/file_layout.h"
#include "codegen/weights/misfits.h"
#include "codegen/weights/units.h"

namespace deeper {
namespace {

using Ancestors = std::vector<std::string_view>;

/// "a.b.c" -> "a.b.c", "a.b", "a".
Ancestors ancestors(std::string_view name) {
  Ancestors out{name};
  for (size_t cut = name.find_last_of("/."); cut != std::string_view::npos && cut > 0;
       cut = name.find_last_of("/.", cut - 1))
    out.push_back(name.substr(0, cut));
  return out;
}

/// Letters and digits, small.
std::string letters(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (c >= 'A' && c <= 'Z') out += static_cast<char>(c - 'A' + 'a');
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) out += c;
  }
  return out;
}

/// How many of the last two words are the same on both sides; numbers alone mean nothing.
int64_t same_words(std::string_view a, std::string_view b) {
  int64_t count = 0;
  for (int i = 0; i < 2 && !a.empty() && !b.empty(); ++i) {
    const auto take = [](std::string_view& name) {
      const size_t cut = name.find_last_of("/.");
      const std::string_view word = cut == std::string_view::npos ? name : name.substr(cut + 1);
      name = cut == std::string_view::npos ? std::string_view() : name.substr(0, cut);
      return letters(word);
    };
    const std::string x = take(a), y = take(b);
    count += x == y && x.find_first_not_of("0123456789") != std::string::npos;
  }
  return count;
}

/// The units of one shape, on both sides.
struct Class {
  std::vector<const Unit*> file, wanted;
};

class Pairer {
 public:
  Pairer(const std::vector<Unit>& file, const std::vector<Unit>& wanted) : file_(file), wanted_(wanted) {}

  /// Pairs of indices; what was paired before is told by `pair`.
  void run(bool whole_signature) {
    sort_in(whole_signature);
    while (only_ones() || same_letters() || same_place() || follows_from_guesses() || in_order()) {
    }
  }

  void pair(const Unit* file, const Unit* wanted, PairedBy by) {
    found.push_back({file, wanted, by});
    done_.insert(file);
    done_.insert(wanted);
    for (const std::string_view a : ancestors(file->name))
      for (const std::string_view b : ancestors(wanted->name)) ++(by == PairedBy::order ? guesses_ : votes_)[{a, b}];
  }

  struct Found {
    const Unit* file;
    const Unit* wanted;
    PairedBy by;
  };
  std::vector<Found> found;

 private:
  void sort_in(bool whole) {
    classes_.clear();
    for (const Unit& unit : file_)
      if (!done_.count(&unit)) classes_[signature(unit, whole)].file.push_back(&unit);
    for (const Unit& unit : wanted_)
      if (!done_.count(&unit)) classes_[signature(unit, whole)].wanted.push_back(&unit);
    std::erase_if(classes_, [](const auto& each) { return each.second.file.empty() || each.second.wanted.empty(); });
  }

  void drop_done() {
    const auto done = [&](const Unit* unit) { return done_.count(unit) > 0; };
    for (auto& [key, each] : classes_) {
      std::erase_if(each.file, done);
      std::erase_if(each.wanted, done);
    }
    std::erase_if(classes_, [](const auto& each) { return each.second.file.empty() || each.second.wanted.empty(); });
  }

  bool only_ones() {
    const size_t before = found.size();
    for (const auto& [key, each] : classes_)
      if (each.file.size() == 1 && each.wanted.size() == 1)
        pair(each.file[0], each.wanted[0], guessed_.count(key) > 0 ? PairedBy::order : PairedBy::shape);
    drop_done();
    return found.size() > before;
  }

  bool same_letters() {
    const size_t before = found.size();
    for (const auto& [key, each] : classes_)
      take_best(each, PairedBy::words, [](const Unit& file, const Unit& wanted) {
        return int64_t{letters(file.name) == letters(wanted.name)};
      });
    drop_done();
    return found.size() > before;
  }

  bool same_place() {
    return by_place(PairedBy::place, [&](const Unit& file, const Unit& wanted) { return score(votes_, file, wanted); });
  }

  /// Beside what was guessed: a guess too.
  bool follows_from_guesses() {
    return !guesses_.empty() && by_place(PairedBy::order, [&](const Unit& file, const Unit& wanted) {
      return score(votes_, file, wanted) + score(guesses_, file, wanted);
    });
  }

  template <class Score>
  bool by_place(PairedBy by, Score score_of) {
    const size_t before = found.size();
    for (const auto& [key, each] : classes_) {
      const size_t so_far = found.size();
      take_best(each, by, score_of);
      if (by == PairedBy::order && found.size() > so_far) guessed_.insert(key);
    }
    drop_done();
    return found.size() > before;
  }

  using Votes = std::map<std::pair<std::string_view, std::string_view>, int64_t>;

  /// How much of what is paired stands in the same modules, the nearer ones counting more; then equal words.
  static int64_t score(const Votes& votes, const Unit& file, const Unit& wanted) {
    constexpr int64_t words = 4;
    int64_t sum = 0;
    for (const std::string_view a : ancestors(file.name))
      for (const std::string_view b : ancestors(wanted.name)) {
        const auto at = votes.find({a, b});
        if (at != votes.end()) sum += at->second * static_cast<int64_t>(a.size() * b.size());
      }
    return sum * words + same_words(file.name, wanted.name);
  }

  /// Pairs that are better for both than any other.
  template <class Score>
  void take_best(const Class& each, PairedBy by, Score score_of) {
    constexpr size_t most = 400;  // of one shape; all pairs of more would take long
    if (each.file.size() > most || each.wanted.size() > most) return;
    const size_t columns = each.wanted.size();
    std::vector<int64_t> scores(each.file.size() * columns);
    for (size_t i = 0; i < scores.size(); ++i) scores[i] = score_of(*each.file[i / columns], *each.wanted[i % columns]);
    const auto best = [&](size_t begin, size_t step, size_t count) -> size_t {  // count: none stands out
      size_t at = count;
      int64_t largest = 0;
      bool twice = false;
      for (size_t k = 0; k < count; ++k) {
        const int64_t value = scores[begin + k * step];
        if (value == largest) twice = true;
        if (value > largest) at = k, largest = value, twice = false;
      }
      return twice && largest > 0 ? count : at;
    };
    for (size_t row = 0; row < each.file.size(); ++row) {
      const size_t column = best(row * columns, 1, columns);
      if (column < columns && best(column, columns, each.file.size()) == row)
        pair(each.file[row], each.wanted[column], by);
    }
  }

  /// The smallest set of equal numbers, in order: a guess, from which others may follow.
  bool in_order() {
    std::optional<Class> smallest;
    std::string chosen;
    for (const auto& [key, each] : classes_) {
      Class trimmed = each;
      trim(trimmed.file, each.wanted, [&](const Unit& a, const Unit& b) { return score(votes_, a, b); });
      trim(trimmed.wanted, each.file, [&](const Unit& a, const Unit& b) { return score(votes_, b, a); });
      const bool equal = trimmed.file.size() == trimmed.wanted.size();
      if (equal && (!smallest || trimmed.file.size() < smallest->file.size())) {
        smallest = std::move(trimmed);
        chosen = key;
      }
    }
    if (!smallest) return false;
    guessed_.insert(chosen);
    for (size_t i = 0; i < smallest->file.size(); ++i) pair(smallest->file[i], smallest->wanted[i], PairedBy::order);
    drop_done();
    return true;
  }

  /// Of more units than there are others, those that stand in modules which the others are known to be; all, where
  /// that does not tell them apart.
  template <class Score>
  static void trim(std::vector<const Unit*>& units, const std::vector<const Unit*>& others, Score score_of) {
    constexpr size_t most = 400;
    if (units.size() <= others.size() || units.size() > most) return;
    std::vector<int64_t> best;
    best.reserve(units.size());
    for (const Unit* unit : units) {
      int64_t largest = 0;
      for (const Unit* other : others) largest = std::max(largest, score_of(*unit, *other));
      best.push_back(largest);
    }
    std::vector<int64_t> sorted = best;
    std::sort(sorted.begin(), sorted.end(), std::greater<>());
    const int64_t last = sorted[others.size() - 1];
    if (last == sorted[others.size()]) return;
    size_t at = 0;
    std::erase_if(units, [&](const Unit*) { return best[at++] < last; });
  }

  const std::vector<Unit>& file_;
  const std::vector<Unit>& wanted_;
  std::map<std::string, Class> classes_;
  std::set<const Unit*> done_;
  Votes votes_, guesses_;          ///< how often names of two sides were paired, surely and by guess
  std::set<std::string> guessed_;  ///< classes of which some were: what remains of them follows
};

/// How many of the network's weights have their shape in the file.
size_t fitting(const Graph& graph, const WeightStore& store, WeightLayout layout) {
  std::map<std::vector<int64_t>, size_t> held;
  for (const auto& [name, tensor] : store.tensors) ++held[tensor.dims];
  size_t count = 0;
  for (const WeightBinding& binding : graph.bindings) {
    const auto at = held.find(file_layout(binding, graph.constant(binding.constant).dims, layout).dims);
    if (at == held.end() || at->second == 0) continue;
    --at->second;
    ++count;
  }
  return count;
}

WeightLayout best_layout(const Graph& graph, const NetworkSpec& spec, const WeightStore& store) {
  WeightLayout best = spec.layout;
  size_t most = fitting(graph, store, best);
  for (const WeightLayout other : {WeightLayout::oihw, WeightLayout::hwio, WeightLayout::ohwi}) {
    const size_t count = fitting(graph, store, other);
    if (count > most) best = other, most = count;
  }
  return best;
}

std::map<const WeightBinding*, Pair> pairs_by_name(const Graph& graph, const FileNames& names, WeightLayout layout) {
  std::map<const WeightBinding*, Pair> pairs;
  for (const WeightBinding& binding : graph.bindings) {
    const auto at = names.tensors.find(binding.path);
    if (at == names.tensors.end() || !at->second.tensor->unread.empty()) continue;
    if (at->second.tensor->dims == file_layout(binding, graph.constant(binding.constant).dims, layout).dims)
      pairs[&binding] = {&binding, at->second.name, PairedBy::name};
  }
  return pairs;
}

void sort_leftovers(const FileAndNetwork& all, const std::set<std::string_view>& taken, Pairing& out) {
  for (const auto& [path, tensor] : all.names.tensors) {
    if (of_unbuilt_head(path, all.spec, all.graph)) {
      out.of_other_heads.emplace_back(tensor.name, path);
    } else if (taken.count(tensor.name) == 0 && tensor.tensor->unread.empty()) {
      out.left_over.push_back(tensor.name);
    }
  }
}

}  // namespace

Pairing pair_weights(const Graph& graph, const NetworkSpec& spec, const WeightStore& store, const FileNames& names) {
  Pairing out;
  out.layout = best_layout(graph, spec, store);
  std::map<const WeightBinding*, Pair> pairs = pairs_by_name(graph, names, out.layout);
  std::set<std::string_view> taken;
  for (const auto& [binding, pair] : pairs) taken.insert(pair.name);
  const std::vector<Unit> file = units_of_file(names, spec, graph, taken);
  const std::vector<Unit> wanted =
      units_of_network(graph, out.layout, [&](const WeightBinding& each) { return pairs.count(&each) > 0; });
  Pairer pairer(file, wanted);
  pairer.run(true);
  pairer.run(false);
  for (const auto& [from, to, by] : pairer.found)
    for (const auto& [role, part] : to->parts) {
      const auto at = from->parts.find(role);
      if (at == from->parts.end() || at->second.dims != part.dims) continue;
      pairs[part.binding] = {part.binding, at->second.name, by};
      taken.insert(at->second.name);
    }
  for (const WeightBinding& binding : graph.bindings) {
    const auto at = pairs.find(&binding);
    if (at != pairs.end()) {
      out.pairs.push_back(at->second);
    } else {
      out.missing.push_back(&binding);
    }
  }
  sort_leftovers({graph, spec, store, names}, taken, out);
  return out;
}

std::string_view word_of(PairedBy by) {
  switch (by) {
    case PairedBy::name:
      return "name";
    case PairedBy::shape:
      return "shape";
    case PairedBy::words:
      return "words";
    case PairedBy::place:
      return "place";
    case PairedBy::order:
      return "order";
  }
  return "";
}

}  // namespace deeper
