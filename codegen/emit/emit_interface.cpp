#include "codegen/emit/emission.h"

namespace deeper {

namespace {

/// A function of the C interface.
template <class... Args>
[[nodiscard]] CppWriter::Block function(Emission& e, fmt::format_string<Args...> head, Args&&... args) {
  e.out.blank();
  return e.out.block("{}", fmt::format(head, std::forward<Args>(args)...));
}

void emit_model_functions(Emission& e, const std::string& n) {
  {
    const auto f = function(e, "{0}_status {0}_open(const char* weights_path, {0}_model** out)", n);
    e.out.line("return rt::open_model(network, weights_path, reinterpret_cast<rt::Model**>(out));");
  }
  {
    const auto f = function(e, "{0}_status {0}_open_memory(const void* bytes, size_t size, {0}_model** out)", n);
    e.out.line("return rt::open_memory(network, bytes, size, reinterpret_cast<rt::Model**>(out));");
  }
  const auto f = function(e, "void {0}_close({0}_model* model)", n);
  e.out.line("rt::close_model(reinterpret_cast<rt::Model*>(model));");
}

void emit_context_functions(Emission& e, const std::string& n) {
  {
    const auto f =
        function(e, "{0}_status {0}_create(const {0}_model* model, const {0}_options* options, {0}_context** out)", n);
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
    const auto f = function(e, "void {0}_destroy({0}_context* context)", n);
    e.out.line("rt::destroy_context(reinterpret_cast<rt::Context*>(context));");
  }
  {
    const auto f = function(e, "void {0}_run({0}_context* context, const float* input)", n);
    e.out.line("rt::run(*reinterpret_cast<rt::Context*>(context), input);");
  }
  const auto f = function(e, "const float* {0}_output(const {0}_context* context, int head)", n);
  e.out.line("return rt::output(*reinterpret_cast<const rt::Context*>(context), head);");
}

void emit_texts(Emission& e, const std::string& n) {
  {
    const auto f = function(e, "const char* {0}_label(const {0}_model* model, int head, int index)", n);
    e.out.line("return rt::label(*reinterpret_cast<const rt::Model*>(model), head, index);");
  }
  {
    const auto f = function(e, "const char* {0}_message({0}_status status)", n);
    e.out.line("return rt::message(status);");
  }
  const auto f = function(e, "const char* {0}_version(void)", n);
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
