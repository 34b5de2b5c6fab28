# page.html, the template that is put into the program: the bundle that npm makes, with charts. Where there is no npm, or
# nothing to install from, the same page without them, so that the build goes on. Out of source: what npm installs stays
# in the build folder.
set(page_modules dom format peaks data table charts look figure summary heatmap pareto sparsity roofline history networks
                 series record main) # each after those it imports: the page without npm is made of them in this order
list(TRANSFORM page_modules PREPEND src/ OUTPUT_VARIABLE page_files)
list(TRANSFORM page_files APPEND .js)
list(APPEND page_files src/charts-none.js src/index.html src/style.css build.mjs package.json package-lock.json .npmrc)
list(TRANSFORM page_files PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/page/)

option(ASSAY_PAGE_CHARTS "Charts in the report page, by npm; without them it has tables alone" ON)
find_program(ASSAY_NPM npm)
set(page_npm "")
if(ASSAY_PAGE_CHARTS AND ASSAY_NPM)
  set(page_npm ${ASSAY_NPM})
else()
  message(STATUS "Report page: without charts (Debian: npm)")
endif()

# One page: `name`, with charts if `npm` is a program.
function(assay_page_template name npm)
  add_custom_command(OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/page/${name}
    COMMAND ${CMAKE_COMMAND} -D "SOURCE=${CMAKE_CURRENT_SOURCE_DIR}/page" -D "BUILD=${CMAKE_CURRENT_BINARY_DIR}/page"
            -D "OUTPUT=${CMAKE_CURRENT_BINARY_DIR}/page/${name}" -D "NPM=${npm}" -D "MODULES=${page_modules}"
            -P ${CMAKE_CURRENT_SOURCE_DIR}/page/make_template.cmake
    DEPENDS ${page_files} page/make_template.cmake
    COMMENT "Making the report page's template ${name}" VERBATIM)
endfunction()
assay_page_template(page.html "${page_npm}")

target_sources(reports PRIVATE page/columns.c page/comparison.c page/history.c page/json.c page/page.c page/template.c
               page/verdicts.c)
set_source_files_properties(page/template.c PROPERTIES
  OBJECT_DEPENDS ${CMAKE_CURRENT_BINARY_DIR}/page/page.html
  COMPILE_DEFINITIONS "PAGE_TEMPLATE=\"${CMAKE_CURRENT_BINARY_DIR}/page/page.html\"")

# The page without charts is tested beside the other.
assay_page_template(plain.html "")
add_custom_target(report-page-plain ALL DEPENDS ${CMAKE_CURRENT_BINARY_DIR}/page/plain.html)
add_test(NAME reports.page
  COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/page/tests/page.sh $<TARGET_FILE:assay> ${CMAKE_CURRENT_BINARY_DIR}/page/npm
          ${CMAKE_CURRENT_BINARY_DIR}/page/plain.html ${CMAKE_CURRENT_BINARY_DIR}/page/tests)
set_tests_properties(reports.page PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 600)

add_executable(test_page tests/test_page.c)
target_compile_options(test_page PRIVATE ${ASSAY_WARNINGS})
target_compile_definitions(test_page PRIVATE _GNU_SOURCE)
target_link_libraries(test_page PRIVATE history_records)
add_test(NAME reports.page_data COMMAND test_page)
