// What becomes of the program's files and of its answer when a signal ends it.
#pragma once
#include "runtime/program_session.h"

namespace rt::inline RT_ABI {

/// From here on: a signal that ends the program removes the files that are not complete; a file size limit shows as an
/// error of `write`; and a weights file that shrinks while it is mapped is told, with exit status 1, instead of SIGBUS.
/// `session` must outlive the program's work.
void take_signals(Session& session);

/// Opens a closed standard stream in the wrong direction: what is read or written there fails, and no file of ours gets
/// its number.
void occupy_standard_streams();

}  // namespace rt::inline RT_ABI
