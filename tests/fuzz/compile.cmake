# What the compiler reads besides specs and weights: arrays that programs wrote, goldens, labels.
fuzz_target(arrays fuzz_arrays.cpp codegen/compile/arrays.cpp)
fuzz_target(goldens fuzz_goldens.cpp codegen/compile/files.cpp codegen/compile/golden_file.cpp codegen/compile/tree.cpp)
target_link_libraries(fuzz_goldens PRIVATE deeper_dsl fmt::fmt)
fuzz_target(labels fuzz_labels.cpp codegen/compile/files.cpp codegen/compile/labels.cpp codegen/compile/tree.cpp)
target_link_libraries(fuzz_labels PRIVATE deeper_dsl fmt::fmt)
