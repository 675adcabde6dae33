#include "dsl/network_name.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "dsl/text.h"

namespace deeper {
namespace {

// What C libraries (glibc, musl, BSD's) and those that read pictures define, of names that end as those of an interface
// do. Two functions of one name would be one function: whoever calls pthread_create would open a network.
constexpr std::string_view taken[] = {"argp_err_exit_status",
                                      "argp_program_version",
                                      "argz_create",
                                      "authdes_create",
                                      "authdes_pk_create",
                                      "authnone_create",
                                      "authunix_create",
                                      "clnt_create",
                                      "clntraw_create",
                                      "clnttcp_create",
                                      "clntudp_create",
                                      "clntunix_create",
                                      "cnd_destroy",
                                      "dbm_close",
                                      "dbm_open",
                                      "epoll_create",
                                      "fts64_close",
                                      "fts64_open",
                                      "fts_close",
                                      "fts_open",
                                      "gnu_get_libc_version",
                                      "iconv_close",
                                      "iconv_open",
                                      "inet_network",
                                      "jpeg_destroy",
                                      "jpeg_finish_output",
                                      "jpeg_start_output",
                                      "mcheck_status",
                                      "memfd_create",
                                      "mq_close",
                                      "mq_open",
                                      "mtx_destroy",
                                      "pidfd_open",
                                      "png_get_header_version",
                                      "png_get_rgb_to_gray_status",
                                      "posix_spawn_file_actions_destroy",
                                      "posix_spawnattr_destroy",
                                      "pthread_attr_destroy",
                                      "pthread_barrier_destroy",
                                      "pthread_barrierattr_destroy",
                                      "pthread_cond_destroy",
                                      "pthread_condattr_destroy",
                                      "pthread_create",
                                      "pthread_key_create",
                                      "pthread_mutex_destroy",
                                      "pthread_mutexattr_destroy",
                                      "pthread_rwlock_destroy",
                                      "pthread_rwlockattr_destroy",
                                      "pthread_spin_destroy",
                                      "re_syntax_options",
                                      "res_close",
                                      "sem_close",
                                      "sem_destroy",
                                      "sem_open",
                                      "shm_open",
                                      "svc_create",
                                      "svc_destroy",
                                      "svc_run",
                                      "svcfd_create",
                                      "svcraw_create",
                                      "svctcp_create",
                                      "svcudp_create",
                                      "svcunix_create",
                                      "svcunixfd_create",
                                      "thrd_create",
                                      "timer_create",
                                      "timerfd_create",
                                      "tss_create",
                                      "xdr_destroy",
                                      "xdrmem_create",
                                      "xdrrec_create",
                                      "xdrstdio_create",
                                      "zlib_version"};
static_assert(std::is_sorted(std::begin(taken), std::end(taken)));

// The header's NAME_OK where the system has another of that name.
constexpr std::string_view taken_macros[] = {"R_OK", "W_OK", "X_OK"};

std::string capitals(std::string_view name) {
  std::string text(name);
  for (char& c : text) c = c >= 'a' && c <= 'z' ? char(c - 'a' + 'A') : c;
  return text;
}

bool has_form(std::string_view name) {
  return is_identifier(name) && name[0] >= 'a' && name[0] <= 'z' &&
         name.find_first_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == std::string_view::npos;
}

}  // namespace

std::optional<NameProblem> network_name_problem(std::string_view name) {
  if (!has_form(name))
    return NameProblem{
        fmt::format("{} is no name for a network", ticked(name)),
        "a small letter, then small letters, digits and `_`, at most 64: it becomes a file, a program and a C prefix"};
  if (name == "runtime")  // the folder beside the program
    return NameProblem{"a network cannot be called `runtime`: the folder of the files that it needs is",
                       "`runtime_net`"};
  const auto another = [&](std::string_view what) {
    return NameProblem{
        fmt::format("a network cannot be called {}: the system has another {}", ticked(name), ticked(what)),
        fmt::format("`{}_net`", name)};
  };
  const std::string macro = capitals(name) + "_OK";
  if (std::find(std::begin(taken_macros), std::end(taken_macros), macro) != std::end(taken_macros))
    return another(macro);
  for (const std::string_view word : interface_words)
    if (const std::string function = fmt::format("{}_{}", name, word);
        std::binary_search(std::begin(taken), std::end(taken), std::string_view(function)))
      return another(function);
  return std::nullopt;
}

}  // namespace deeper
