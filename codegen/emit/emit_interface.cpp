#include "codegen/emit/emission.h"

namespace deeper {

namespace {

/// A function of the C interface: "TYPE NAME_WHAT(PARAMETERS) {".
[[nodiscard]] CppWriter::Block function(Emission& e, const std::string& head,
                                        const std::vector<std::string>& parameters) {
  e.out.blank();
  e.out.list(head + "(", parameters, ") {");
  return e.out.rest_of_block();
}

void emit_model_functions(Emission& e, const std::string& n) {
  {
    const auto f = function(e, n + "_status " + n + "_open", {"const char* weights_path", n + "_model** out"});
    e.out.line("return rt::open_model(network, weights_path, reinterpret_cast<rt::Model**>(out));");
  }
  {
    const auto f = function(e, n + "_status " + n + "_open_copy", {"const char* weights_path", n + "_model** out"});
    e.out.line("return rt::open_copy(network, weights_path, reinterpret_cast<rt::Model**>(out));");
  }
  {
    const auto f =
        function(e, n + "_status " + n + "_open_memory", {"const void* bytes", "size_t size", n + "_model** out"});
    e.out.line("return rt::open_memory(network, bytes, size, reinterpret_cast<rt::Model**>(out));");
  }
  const auto f = function(e, "void " + n + "_close", {n + "_model* model"});
  e.out.line("rt::close_model(reinterpret_cast<rt::Model*>(model));");
}

void emit_context_functions(Emission& e, const std::string& n) {
  {
    const auto f = function(e, n + "_status " + n + "_create",
                            {"const " + n + "_model* model", "const " + n + "_options* options", n + "_context** out"});
    e.out.line("rt::ContextOptions chosen;");
    {
      const auto given = e.out.block("if (options)");
      e.out.line("if (options->threads != 0) chosen.threads = options->threads;");
      e.out.line("chosen.arena = options->arena;");
      e.out.line("chosen.parallel = options->parallel;");
      e.out.line("chosen.user = options->user;");
    }
    e.out.line(
        "return rt::create_context(reinterpret_cast<const rt::Model*>(model), &chosen, "
        "reinterpret_cast<rt::Context**>(out));");
  }
  {
    const auto f = function(e, "void " + n + "_destroy", {n + "_context* context"});
    e.out.line("rt::destroy_context(reinterpret_cast<rt::Context*>(context));");
  }
  {
    const auto f = function(e, "void " + n + "_run", {n + "_context* context", "const float* input"});
    e.out.line("rt::run(*reinterpret_cast<rt::Context*>(context), input);");
  }
  const auto f = function(e, "const float* " + n + "_output", {"const " + n + "_context* context", "int head"});
  e.out.line("return rt::output(*reinterpret_cast<const rt::Context*>(context), head);");
}

void emit_texts(Emission& e, const std::string& n) {
  {
    const auto f =
        function(e, "const char* " + n + "_label", {"const " + n + "_model* model", "int head", "int index"});
    e.out.line("return rt::label(*reinterpret_cast<const rt::Model*>(model), head, index);");
  }
  {
    const auto f = function(e, "const char* " + n + "_message", {n + "_status status"});
    e.out.line("return rt::message(status);");
  }
  const auto f = function(e, "const char* " + n + "_version", {"void"});
  e.out.line("return network.tool_version;");
}

}  // namespace

void emit_interface(Emission& e) {
  const std::string& n = e.schedule.network;
  e.out.blank();
  e.out.comment(fmt::format("The C interface; {}.h says what each function does.", n));
  e.out.line("extern \"C\" {{");
  e.out.blank();
  e.out.line("const void* {0}_network(void);  // for the program and the image library", n);
  e.out.line("const void* {0}_network(void) {{ return &network; }}", n);
  emit_model_functions(e, n);
  emit_context_functions(e, n);
  emit_texts(e, n);
  e.out.blank();
  e.out.line("}}  // extern \"C\"");
}

}  // namespace deeper
