deeper_unit_test(draw draw_svg.cpp)
target_link_libraries(unit_draw PRIVATE deeper_codegen)
