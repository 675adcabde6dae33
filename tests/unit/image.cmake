# Decoding, resizing and preprocessing, as generated programs compile them.
find_package(JPEG REQUIRED)
find_package(PNG REQUIRED)

set(DEEPER_IMAGE_SOURCES
  exif.cpp image.cpp image_bmp.cpp image_jpeg.cpp image_libraries.cpp image_png.cpp image_pnm.cpp preprocess.cpp
  resize.cpp resize_area.cpp resize_float.cpp resize_opencv.cpp resize_pillow.cpp resize_pillow_axis.cpp resize_samples.cpp top.cpp)
list(TRANSFORM DEEPER_IMAGE_SOURCES PREPEND ${PROJECT_SOURCE_DIR}/runtime/)
set(DEEPER_RUNTIME_FLAGS -O2 -fno-exceptions -fno-rtti -ffp-contract=off -fno-math-errno)

add_library(deeper_test_image STATIC EXCLUDE_FROM_ALL ${DEEPER_IMAGE_SOURCES})
target_compile_options(deeper_test_image PRIVATE ${DEEPER_RUNTIME_FLAGS})
target_link_libraries(deeper_test_image PRIVATE deeper_options PUBLIC deeper_runtime JPEG::JPEG PNG::PNG m)

deeper_unit_test(image image_cost.cpp image_pillow.cpp image_resize.cpp image_wrong.cpp)
target_link_libraries(unit_image PRIVATE deeper_test_image)
target_compile_definitions(unit_image PRIVATE DEEPER_SOURCE="${PROJECT_SOURCE_DIR}" DEEPER_PYTHON="/usr/bin/python3")
