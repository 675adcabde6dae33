# Pictures from strangers. JPEG and PNG are decoded by the distribution's libraries, which are not instrumented: coverage
# guides through our side of the border.
find_package(JPEG REQUIRED)
find_package(PNG REQUIRED)
set(sources exif.cpp image.cpp image_bmp.cpp image_jpeg.cpp image_png.cpp image_pnm.cpp preprocess.cpp
  resize.cpp resize_area.cpp resize_float.cpp resize_opencv.cpp resize_pillow.cpp resize_pillow_axis.cpp resize_samples.cpp top.cpp)
list(TRANSFORM sources PREPEND runtime/)
fuzz_target(image fuzz_image.cpp ${sources})
target_link_libraries(fuzz_image PRIVATE deeper_runtime JPEG::JPEG PNG::PNG m)
