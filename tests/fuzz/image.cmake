# Pictures from strangers. JPEG and PNG are decoded by the distribution's libraries, which are not instrumented: coverage
# guides through our side of the border.
fuzz_target(image fuzz_image.cpp)
target_link_libraries(fuzz_image PRIVATE deeper_test_image)
fuzz_target(resize fuzz_resize.cpp)
target_link_libraries(fuzz_resize PRIVATE deeper_test_image)
