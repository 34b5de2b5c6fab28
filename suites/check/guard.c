#include "suites/check/guard.h"

#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { MARGIN = 256, FIRST_PAGES = 16 };

static size_t page_bytes(void)
{
    static size_t page;
    if (page == 0)
        page = (size_t)sysconf(_SC_PAGESIZE);
    return page;
}

void guard_release(struct guard *guard)
{
    if (guard->base)
        munmap(guard->base - page_bytes(), guard->size + 2 * page_bytes());
    memset(guard, 0, sizeof(*guard));
}

static bool grow(struct guard *guard, size_t bytes)
{
    const size_t page = page_bytes(), wanted = (bytes + 2 * MARGIN + page - 1) / page + 1;
    const size_t size = (wanted < FIRST_PAGES ? FIRST_PAGES : wanted) * page;
    guard_release(guard);
    char *map = mmap(NULL, size + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (map == MAP_FAILED)
        return false;
    guard->base = map + page;
    guard->size = size;
    return true;
}

/* The part of the margins that lies within the region. */
static char *margin_low(const struct guard *guard)
{
    return guard->data - guard->base < MARGIN ? guard->base : guard->data - MARGIN;
}

static char *margin_high(const struct guard *guard)
{
    char *end = guard->base + guard->size, *after = guard->data + guard->bytes;
    return end - after < MARGIN ? end : after + MARGIN;
}

bool guard_place(struct guard *guard, size_t bytes, size_t alignment, enum guard_place place, unsigned char poison)
{
    if (guard->size < bytes + 2 * MARGIN && !grow(guard, bytes))
        return false;
    guard_protect(guard, GUARD_WRITE);
    char *end = guard->base + guard->size - bytes;
    if (place == GUARD_END)
        guard->data = end - (uintptr_t)end % alignment;
    else
        guard->data = guard->base + (place == GUARD_ODD ? 128 + alignment : 0);
    guard->bytes = bytes;
    guard->poison = poison;
    char *low = margin_low(guard);
    memset(low, poison, (size_t)(margin_high(guard) - low));
    return true;
}

void guard_protect(const struct guard *guard, enum guard_access access)
{
    static const int protection[] = {PROT_NONE, PROT_READ, PROT_READ | PROT_WRITE};
    if (guard->base && mprotect(guard->base, guard->size, protection[access]) != 0)
        __builtin_trap(); /* of a mapping of our own: it can't be refused */
}

static bool is_filled(const char *from, const char *to, unsigned char value)
{
    for (; from < to; from++)
        if ((unsigned char)*from != value)
            return false;
    return true;
}

bool guard_intact(const struct guard *guard)
{
    return is_filled(margin_low(guard), guard->data, guard->poison) &&
           is_filled(guard->data + guard->bytes, margin_high(guard), guard->poison);
}
