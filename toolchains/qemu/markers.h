/*
 * Markers of a measured region, for programs whose instructions are counted under QEMU by the plugin assay_count.
 *
 *     assay_region_begin(3);
 *     kernel(...);
 *     assay_region_end(3);
 *
 * A marker is one instruction that does nothing on any CPU. What is executed after the begin marker and before the end
 * marker is counted; the markers are not.
 *
 * The program does not see its counts. The plugin numbers the regions 0, 1, 2, … in the order in which their begin
 * markers are executed, and writes one line of JSON for each to the file it was given, in that order. So the program
 * counts its own calls of assay_region_begin() in the same way, puts the number into its record ("region": n), and the
 * host tool joins record and line. A process that forks has both sides in the same file: join by "pid" (what getpid()
 * says in the program) and number; a child goes on from its parent's number.
 *
 * `id` is 0 to 15 and only a label, for the reader of the line. It must be a constant when the call is compiled, since
 * it is part of the instruction. A region is executed by one thread: begin and end on the same one.
 *
 * A begin marker while a region is open (after a fault that the program recovered from, say) ends that region without
 * counts: its line says "complete": false. So does an end marker of another id, and the end of the process.
 *
 * The compiler keeps memory accesses and calls on their side of a marker, but may move arithmetic on registers over it:
 * a few instructions around a call belong to the region or do not, always the same in one executable.
 */
#ifndef ASSAY_MARKERS_H
#define ASSAY_MARKERS_H

#define ASSAY_REGION_IDS 16

/* The same numbers, for assay_count.c and for code in assembly. */
#define ASSAY_AARCH64_BEGIN 96 /* hint #96 + id: unallocated hints, executed as nop */
#define ASSAY_AARCH64_END 112  /* hint #112 + id */
#define ASSAY_RISCV_BEGIN \
    0x5a0                     /* slti x0, x0, 0x5a0 + id: writes to x0 do nothing; this form is reserved for such use */
#define ASSAY_RISCV_END 0x5b0 /* slti x0, x0, 0x5b0 + id */

#ifndef __ASSEMBLER__

/*
 * Always inlined, also without optimization: `id` reaches the instruction as a constant. The "memory" clobber keeps the
 * compiler from moving the measured call's loads and stores over the marker.
 */
#if defined(__aarch64__)
#define ASSAY_MARKER(base, id) __asm__ volatile("hint #(%c0 + %c1)" : : "i"(base), "i"(id) : "memory")
#define ASSAY_MARKER_BEGIN(id) ASSAY_MARKER(ASSAY_AARCH64_BEGIN, id)
#define ASSAY_MARKER_END(id) ASSAY_MARKER(ASSAY_AARCH64_END, id)
#elif defined(__riscv)
#define ASSAY_MARKER(base, id) __asm__ volatile("slti x0, x0, %0" : : "i"((base) + (id)) : "memory")
#define ASSAY_MARKER_BEGIN(id) ASSAY_MARKER(ASSAY_RISCV_BEGIN, id)
#define ASSAY_MARKER_END(id) ASSAY_MARKER(ASSAY_RISCV_END, id)
#else
/* Not emulated, so nobody looks for a marker. */
#define ASSAY_MARKER_BEGIN(id) __asm__ volatile("" : : : "memory")
#define ASSAY_MARKER_END(id) __asm__ volatile("" : : : "memory")
#endif

/*
 * An instruction's immediate must be known even where an argument of an inline function is not (at -O0), hence the
 * switch. With optimization nothing of it is left; without, the jump out of it is counted with the region.
 */
#define ASSAY_MARKER_CASES(MARK) \
    switch (id & 15) {           \
    case 0:                      \
        MARK(0);                 \
        break;                   \
    case 1:                      \
        MARK(1);                 \
        break;                   \
    case 2:                      \
        MARK(2);                 \
        break;                   \
    case 3:                      \
        MARK(3);                 \
        break;                   \
    case 4:                      \
        MARK(4);                 \
        break;                   \
    case 5:                      \
        MARK(5);                 \
        break;                   \
    case 6:                      \
        MARK(6);                 \
        break;                   \
    case 7:                      \
        MARK(7);                 \
        break;                   \
    case 8:                      \
        MARK(8);                 \
        break;                   \
    case 9:                      \
        MARK(9);                 \
        break;                   \
    case 10:                     \
        MARK(10);                \
        break;                   \
    case 11:                     \
        MARK(11);                \
        break;                   \
    case 12:                     \
        MARK(12);                \
        break;                   \
    case 13:                     \
        MARK(13);                \
        break;                   \
    case 14:                     \
        MARK(14);                \
        break;                   \
    default:                     \
        MARK(15);                \
        break;                   \
    }

static inline __attribute__((always_inline)) void assay_region_begin(unsigned id)
{
    ASSAY_MARKER_CASES(ASSAY_MARKER_BEGIN)
}

static inline __attribute__((always_inline)) void assay_region_end(unsigned id)
{
    ASSAY_MARKER_CASES(ASSAY_MARKER_END)
}

#endif /* __ASSEMBLER__ */
#endif
