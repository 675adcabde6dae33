#include "codegen/compile/artifact.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <map>

#include "codegen/compile/blob.h"
#include "codegen/compile/golden_section.h"
#include "codegen/compile/hash.h"
#include "codegen/compile/interrupt.h"
#include "codegen/compile/labels.h"
#include "codegen/compile/manifest.h"
#include "codegen/compile/output_folder.h"
#include "codegen/compile/runtime_files.h"
#include "codegen/compile/tree.h"

namespace deeper {
namespace {

// Writes below the temporary folder; the first failure is told once, with the name that the user knows.
bool put(OutputFolder& output, const std::string& shown, const std::string& name, std::string_view bytes,
         Diagnostics& diagnostics) {
  if (pending_interrupt() != 0) {
    diagnostics.error("interrupted", {}, "interrupted");
    return false;
  }
  const std::string reason = output.write(name, bytes);
  if (!reason.empty())
    diagnostics.error("output-folder", {}, fmt::format("cannot write {}/{}: {}", shown, name, reason)).help =
        "nothing was changed there";
  return reason.empty();
}

// Of each file written, `hashes` gets what its text hashes to.
bool put_sources(const Lowered& lowered, OutputFolder& output, const std::string& shown,
                 std::map<std::string, std::string>& hashes, Diagnostics& diagnostics) {
  const auto put_source = [&](const std::string& name, std::string_view text) {
    hashes[name] = hex_sha256(text);
    return put(output, shown, name, text, diagnostics);
  };
  if (mkdir((output.path() + "/runtime").c_str(), 0777) != 0) {
    diagnostics.error("output-folder", {}, fmt::format("cannot create {}/runtime: {}", shown, strerror(errno)));
    return false;
  }
  for (const SourceText& source : emit(lowered.schedule))
    if (!put_source(source.name, source.text)) return false;
  for (const std::string& name : runtime_files(lowered.schedule)) {
    const std::string_view text = runtime_file(name);
    if (text.empty()) {
      diagnostics.error("internal-runtime", {}, fmt::format("the runtime file {} is not part of this deeper", name));
      return false;
    }
    if (!put_source("runtime/" + name, text)) return false;
  }
  return true;
}

// For pkg-config, which takes a path: what who links the libraries of the folder needs. Archives by their paths and the
// header for quotes only, since the network may be called like something of the system (m, math).
std::string package_text(const std::string& name, bool with_images) {
  return fmt::format(
      "Name: {0}\nDescription: a classifier made by deeper\nVersion: 1\nCflags: -iquote${{pcfiledir}}\n"
      "Libs: ${{pcfiledir}}/lib{0}_image.a ${{pcfiledir}}/lib{0}.a{1} -lm -lpthread\n",
      name, with_images ? " -ljpeg -lpng -lz" : "");
}

std::string own_weights_file(const Lowered& lowered, const ArtifactOptions& options, Diagnostics& diagnostics) {
  const LabelLists labels = read_labels(lowered.graph, options.labels, lowered.checked.spec.file, diagnostics);
  if (options.shows_classes && !diagnostics.has_errors()) note_missing_labels(lowered.graph, labels, diagnostics);
  const std::string goldens = golden_section(lowered, diagnostics);
  return diagnostics.has_errors() ? "" : weights_file(lowered, labels, goldens);
}

}  // namespace

std::string weights_file(const Lowered& lowered, const LabelLists& labels, const std::string& goldens) {
  const auto pack = [&](std::span<float> blob) { pack_weights(lowered.schedule, lowered.graph, blob); };
  return make_blob({lowered.schedule.spec_hash,
                    lowered.schedule.target,
                    lowered.weights_hash,
                    {},
                    labels,
                    goldens,
                    pack,
                    size_t(lowered.schedule.weights_floats)});
}

void write_artifact(const Lowered& lowered, const ArtifactOptions& options, const std::string& folder,
                    Diagnostics& diagnostics) {
  const std::string& name = lowered.schedule.network;
  const Toolchain tools = options.compile ? find_toolchain(diagnostics) : Toolchain{};
  if (diagnostics.has_errors()) return;
  const auto progress = [&](std::string_view stage, double part) {
    if (options.progress) options.progress(stage, part);
  };

  const InterruptGuard guard;  // ends last: a signal is delivered when the temporary folder is gone
  OutputFolder output(folder, diagnostics);
  if (!output.ready()) return;
  std::string blob = lowered.weights_hash.empty() ? "" : own_weights_file(lowered, options, diagnostics);
  if (diagnostics.has_errors()) return;
  progress("writing", 0);
  std::map<std::string, std::string> hashes;
  if (!put_sources(lowered, output, folder, hashes, diagnostics)) return;
  if (!blob.empty() && !put(output, folder, name + ".weights", blob, diagnostics)) return;
  blob = std::string();  // the compiler needs the memory

  ManifestFacts facts{&lowered.schedule, lowered.weights_hash, tools.version, {}, {}, hashes};
  if (options.compile) {
    CompileJob job;
    job.name = name;
    job.folder = output.path();
    job.target = options.target;
    job.cache = options.cache;
    job.classify = lowered.schedule.has_preprocess;
    job.announce = [&](const std::string& file) { output.announce(file); };
    job.progress = [&](size_t done, size_t of) { progress("compiling", double(done) / double(of)); };
    facts.report = compile(job, tools, diagnostics);
    facts.libraries = image_library_versions(*options.target);
    if (diagnostics.has_errors()) return;
    if (!put(output, folder, name + ".pc", package_text(name, !facts.libraries.empty()), diagnostics)) return;
  }
  std::string reason;
  facts.files = files_below(output.path(), reason);
  if (!put(output, folder, "manifest.json", manifest(facts), diagnostics)) return;
  if (output.commit(diagnostics)) progress("done", 1);
}

}  // namespace deeper
