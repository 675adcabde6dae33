deeper_unit_test(runtime runtime_context.cpp runtime_model.cpp runtime_rounding.cpp runtime_sha256.cpp runtime_tasks.cpp)
set_tests_properties(unit_runtime PROPERTIES LABELS "unit;threads")
target_link_libraries(unit_runtime PRIVATE deeper_runtime Threads::Threads)
target_link_options(unit_runtime PRIVATE LINKER:--wrap=malloc,--wrap=calloc,--wrap=aligned_alloc,--wrap=mmap)
target_compile_options(unit_runtime PRIVATE -Wno-missing-field-initializers)

# The kernels, as generated code compiles them, for several instruction sets; see runtime_kernels.h.
set(runtime_kernel_sources
  runtime_kernels_channels.cpp
  runtime_kernels_conv.cpp
  runtime_kernels_epilogues.cpp
  runtime_kernels_main.cpp
  runtime_kernels_math.cpp
  runtime_kernels_modes.cpp
  runtime_kernels_pool.cpp)
set(runtime_kernel_flags -O3 -ffp-contract=off -fno-math-errno -fno-exceptions -fno-rtti)

add_executable(runtime_level_run runtime_level_run.cpp)
target_link_libraries(runtime_level_run PRIVATE deeper_options deeper_runtime deeper_codegen)

set(runtime_levels "")
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  set(runtime_levels x86-64 x86-64-v3 x86-64-v4)
endif()
if(DEEPER_SANITIZE)  # one level says it all; the levels are compared as they are shipped
  list(FILTER runtime_levels INCLUDE REGEX "^x86-64-v3$")
endif()
set(runtime_bits_commands "")
foreach(level ${runtime_levels})
  add_executable(unit_kernels_${level} ${runtime_kernel_sources})
  target_link_libraries(unit_kernels_${level} PRIVATE deeper_options deeper_runtime m)
  target_compile_options(unit_kernels_${level} PRIVATE ${runtime_kernel_flags} -march=${level})
  string(REPLACE "-" "_" feature ${level})  # of codegen/schedule/cpu_features.h; the baseline is none and runs everywhere
  add_test(NAME unit_kernels_${level} COMMAND runtime_level_run ${feature} $<TARGET_FILE:unit_kernels_${level}>)
  set_tests_properties(unit_kernels_${level} PROPERTIES LABELS kernels SKIP_RETURN_CODE 77)
  list(APPEND runtime_bits_commands "${level}=$<TARGET_FILE:runtime_level_run> ${feature} $<TARGET_FILE:unit_kernels_${level}>")
endforeach()

# The same program for a foreign CPU, where Debian's cross libc and qemu-user are: emulated_kernels(FAMILY FLAGS EMULATOR...).
function(emulated_kernels family flags emulator)
  find_program(DEEPER_${emulator} ${emulator})
  set(root /usr/${family}-linux-gnu)
  if(DEEPER_${emulator} AND NOT DEEPER_SANITIZE AND EXISTS ${root}/lib/libc.so.6 AND CMAKE_CXX_COMPILER_ID STREQUAL Clang)
    set(program ${CMAKE_CURRENT_BINARY_DIR}/unit_kernels_${family})
    list(TRANSFORM runtime_kernel_sources PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/ OUTPUT_VARIABLE sources)
    file(GLOB headers CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/runtime/*.h)
    add_custom_command(
      OUTPUT ${program}
      COMMAND ${CMAKE_CXX_COMPILER} --target=${family}-linux-gnu ${flags} -fuse-ld=lld -std=c++20 ${runtime_kernel_flags}
              -I ${PROJECT_SOURCE_DIR} ${sources} -o ${program} -lm
      DEPENDS ${sources} ${headers} runtime_kernels.h
      VERBATIM)
    add_custom_target(kernels_${family} ALL DEPENDS ${program})
    set(emulated ${DEEPER_${emulator}} ${ARGN} -L ${root} ${program})
    add_test(NAME unit_kernels_${family} COMMAND ${emulated})
    list(JOIN emulated " " command)
    set(runtime_bits_commands ${runtime_bits_commands} "${family}=${command}" PARENT_SCOPE)
  else()
    add_test(NAME unit_kernels_${family}
      COMMAND sh -c "echo SKIPPED: needs clang, ${emulator}, the cross libc of ${family} and no sanitizer; exit 77")
  endif()
  set_tests_properties(unit_kernels_${family} PROPERTIES LABELS kernels SKIP_RETURN_CODE 77)
endfunction()
emulated_kernels(aarch64 -march=armv8-a qemu-aarch64)
emulated_kernels(riscv64 -march=rv64gcv qemu-riscv64 -cpu rv64,v=true,vlen=128)

add_test(NAME unit_kernels_bits
  COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/runtime_bits.sh ${CMAKE_CURRENT_BINARY_DIR}/runtime_bits ${runtime_bits_commands})
set_tests_properties(unit_kernels_bits PROPERTIES LABELS kernels SKIP_RETURN_CODE 77)

# runtime_instructions.cpp, disassembled.
get_filename_component(compiler_folder ${CMAKE_CXX_COMPILER} REALPATH)
get_filename_component(compiler_folder ${compiler_folder} DIRECTORY)
find_program(DEEPER_OBJDUMP NAMES llvm-objdump HINTS ${compiler_folder} NO_DEFAULT_PATH)
find_program(DEEPER_NM NAMES llvm-nm HINTS ${compiler_folder} NO_DEFAULT_PATH)
if(DEEPER_SANITIZE OR CMAKE_CXX_COMPILER_VERSION VERSION_LESS 22)
  # clang 19 spills one register in the loop of the x86-64-v3 dense tile: the same bits, a little slower.
  add_test(NAME unit_kernels_instructions COMMAND sh -c "echo SKIPPED: wants clang 22 or newer, and no sanitizer; exit 77")
elseif(DEEPER_OBJDUMP AND DEEPER_NM AND CMAKE_CXX_COMPILER_ID STREQUAL Clang)
  set(instruction_targets x86-64-v4 x86-64-v3)
  if(EXISTS /usr/aarch64-linux-gnu/lib/libc.so.6)
    list(APPEND instruction_targets aarch64)
  endif()
  add_test(NAME unit_kernels_instructions
    COMMAND /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/runtime_instructions.py ${CMAKE_CXX_COMPILER} ${DEEPER_OBJDUMP}
            ${DEEPER_NM} ${PROJECT_SOURCE_DIR} ${instruction_targets})
else()
  add_test(NAME unit_kernels_instructions COMMAND sh -c "echo SKIPPED: needs clang with llvm-objdump beside it; exit 77")
endif()
set_tests_properties(unit_kernels_instructions PROPERTIES LABELS kernels SKIP_RETURN_CODE 77)

find_program(DEEPER_QEMU_X86_64 qemu-x86_64)
if(DEEPER_QEMU_X86_64 AND runtime_levels AND NOT DEEPER_SANITIZE)
  add_test(NAME unit_cpu
    COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/runtime_cpu.sh ${DEEPER_QEMU_X86_64} $<TARGET_FILE:runtime_level_run>)
else()
  add_test(NAME unit_cpu COMMAND sh -c "echo SKIPPED: needs qemu-x86_64 and no sanitizer; exit 77")
endif()
set_tests_properties(unit_cpu PROPERTIES LABELS kernels SKIP_RETURN_CODE 77)
