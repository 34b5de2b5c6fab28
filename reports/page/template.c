/* The page's template as bytes in the program. As a C string it would be longer than compilers must support. */
__asm__(".section .rodata\n"
        ".global page_template, page_template_end\n"
        "page_template:\n"
        ".incbin \"" PAGE_TEMPLATE "\"\n"
        "page_template_end:\n"
        ".byte 0\n"
        ".previous\n");
