/*
 * assay_count: a TCG plugin for QEMU's user emulation that counts what is executed between two markers (markers.h).
 *
 *     qemu-aarch64 -plugin libassay_count.so,out=FILE[,mem=on][,lmul=on][,blocks=on] PROGRAM
 *
 *     out=FILE   a line of JSON for each finished region is appended here, by one write, as soon as the region ends
 *     mem=on     count loads, stores and their bytes (a callback for each access: costs time, changes no other count)
 *     lmul=on    RISC-V: divide the vector instructions by the LMUL they were executed with
 *     blocks=on  for each block of code executed in the region: address, instructions, executions and the code itself
 *
 * README.md describes the line. Only user emulation of AArch64 and RISC-V 64.
 *
 * How it counts. The counters run all the time, by additions that QEMU compiles into the translated code; the markers'
 * callbacks read them, and a region is a difference. A translated block is cut into segments behind which nothing else
 * can be counted: after each marker, and after each change of the vector type. A segment is added as a whole before its
 * first instruction. Nothing but a fault leaves a segment in its middle, and a fault ends the region.
 */
#define _GNU_SOURCE
#include "markers.h"
#include "plugin_api.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* QEMU reads this after loading, and refuses a version that it does not have. Which one is right depends on the QEMU.
 */
QEMU_EXPORT int qemu_plugin_version = 1;

__attribute__((constructor)) static void choose_version(void)
{
    /* QEMU 9.0 replaced the counters shared by all vCPUs by scoreboards, and raised the version to 2. */
    if (qemu_plugin_scoreboard_new)
        qemu_plugin_version = 2;
}

/* --- counters ---------------------------------------------------------------------------------------------------- */

enum counter {
    INSTRUCTIONS,
    VECTOR,
    VECTOR_LOADS,
    VECTOR_STORES,
    VECTOR_CONFIG,
    SCALAR_FP,
    SVE_MEMORY, /* QEMU does not show these accesses to a plugin */
    COUNTERS
};

/* A number of u64 counters that translated code adds to. Exactly one of the two is in use, by QEMU's version. */
struct bank {
    uint64_t *shared;                     /* version 1: one for all vCPUs */
    struct qemu_plugin_scoreboard *board; /* from version 2 on: one for each */
};

static void out_of_memory(void)
{
    static const char text[] = "assay_count: out of memory\n";
    (void)!write(STDERR_FILENO, text, sizeof text - 1);
    _exit(2);
}

static void *allocate(size_t count, size_t size)
{
    void *memory = calloc(count, size);
    if (!memory)
        out_of_memory();
    return memory;
}

static struct bank bank_new(size_t counters)
{
    struct bank bank = {0};
    if (qemu_plugin_scoreboard_new)
        bank.board = qemu_plugin_scoreboard_new(counters * sizeof(uint64_t));
    else
        bank.shared = allocate(counters, sizeof(uint64_t));
    return bank;
}

static void bank_add(struct bank bank, size_t index, struct qemu_plugin_insn *before, uint64_t value)
{
    if (bank.board) {
        qemu_plugin_u64 entry = {bank.board, index * sizeof(uint64_t)};
        qemu_plugin_register_vcpu_insn_exec_inline_per_vcpu(before, QEMU_PLUGIN_INLINE_ADD_U64, entry, value);
    } else {
        qemu_plugin_register_vcpu_insn_exec_inline(before, QEMU_PLUGIN_INLINE_ADD_U64, &bank.shared[index], value);
    }
}

static uint64_t bank_get(struct bank bank, size_t index, unsigned vcpu)
{
    if (bank.board) {
        qemu_plugin_u64 entry = {bank.board, index * sizeof(uint64_t)};
        return qemu_plugin_u64_get(entry, vcpu);
    }
    /* Translated code writes to it behind the compiler's back. */
    return *(volatile uint64_t *)&bank.shared[index];
}

/* --- blocks ------------------------------------------------------------------------------------------------------ */

enum { BLOCKS_A_BANK = 4096, BLOCK_BUCKETS = 4096 };

struct block {
    struct block *next_in_bucket;
    size_t index;
    uint64_t address;
    uint64_t at_begin; /* its count when the open region began */
    unsigned instructions;
    unsigned size;
    unsigned char *code;
};

static struct {
    pthread_mutex_t lock;
    struct block **all; /* by index; the counter of block i is counter i % BLOCKS_A_BANK of bank i / BLOCKS_A_BANK */
    size_t count, capacity;
    struct bank *banks;
    struct block *buckets[BLOCK_BUCKETS];
} blocks = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* --- the state --------------------------------------------------------------------------------------------------- */

enum arch { AARCH64, RISCV64 };

enum { LMUL_UNKNOWN = 4, LMUL_KINDS = 8, VCPUS_TRACKED = 256 };
/* By the field vlmul of vtype; 4 is reserved, and means here that a program set vtype from a register. */
static const char *const lmul_names[LMUL_KINDS] = {"m1", "m2", "m4", "m8", "unknown", "mf8", "mf4", "mf2"};
static const unsigned lmul_registers[LMUL_KINDS] = {1, 2, 4, 8, 0, 1, 1, 1};

static struct {
    enum arch arch;
    int api; /* the running QEMU's interface version, which decides the signature of qemu_plugin_insn_data */
    int fd;
    char *path;
    bool mem, lmul, blocks;
    bool write_failed;
    struct bank counters;
    unsigned vcpus;
    unsigned char vlmul[VCPUS_TRACKED];
} plugin = {.fd = -1};

static struct {
    bool open;
    bool multithreaded;
    unsigned id, vcpu;
    uint64_t number; /* of the open region, or else of the next */
    uint64_t at_begin[COUNTERS];
    uint64_t loads, stores, load_bytes, store_bytes;
    uint64_t by_lmul[LMUL_KINDS];
} region;

/* --- the line ---------------------------------------------------------------------------------------------------- */

static void write_line(const char *line, size_t size)
{
    if (plugin.write_failed)
        return;
    while (size > 0) {
        ssize_t written = write(plugin.fd, line, size);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0) {
            /* Once: each later region would fail alike. The host tool misses the line and says so. */
            plugin.write_failed = true;
            dprintf(STDERR_FILENO, "assay_count: cannot write region %" PRIu64 " to '%s': %s\n", region.number,
                    plugin.path, strerror(errno));
            return;
        }
        line += written;
        size -= (size_t)written;
    }
}

static void print_blocks(FILE *out)
{
    const char *separator = "";
    fputs(",\"blocks\":[", out);
    pthread_mutex_lock(&blocks.lock);
    for (size_t i = 0; i < blocks.count; i++) {
        const struct block *block = blocks.all[i];
        uint64_t count = bank_get(blocks.banks[i / BLOCKS_A_BANK], i % BLOCKS_A_BANK, region.vcpu) - block->at_begin;
        if (count == 0)
            continue;
        fprintf(out, "%s{\"address\":\"0x%" PRIx64 "\",\"instructions\":%u,\"count\":%" PRIu64 ",\"code\":\"",
                separator, block->address, block->instructions, count);
        for (unsigned b = 0; b < block->size; b++)
            fprintf(out, "%02x", block->code[b]);
        fputs("\"}", out);
        separator = ",";
    }
    pthread_mutex_unlock(&blocks.lock);
    fputs("]", out);
}

static void print_counts(FILE *out)
{
    uint64_t count[COUNTERS];
    for (int i = 0; i < COUNTERS; i++)
        count[i] = bank_get(plugin.counters, (size_t)i, region.vcpu) - region.at_begin[i];
    fprintf(out,
            ",\"multithreaded\":%s,\"instructions\":%" PRIu64 ",\"vector\":%" PRIu64 ",\"vector_loads\":%" PRIu64
            ",\"vector_stores\":%" PRIu64 ",\"vector_config\":%" PRIu64 ",\"scalar_fp\":%" PRIu64,
            region.multithreaded ? "true" : "false", count[INSTRUCTIONS], count[VECTOR], count[VECTOR_LOADS],
            count[VECTOR_STORES], count[VECTOR_CONFIG], count[SCALAR_FP]);
    if (plugin.mem)
        fprintf(out,
                ",\"loads\":%" PRIu64 ",\"stores\":%" PRIu64 ",\"load_bytes\":%" PRIu64 ",\"store_bytes\":%" PRIu64
                ",\"memory_complete\":%s",
                region.loads, region.stores, region.load_bytes, region.store_bytes,
                count[SVE_MEMORY] == 0 ? "true" : "false");
    if (plugin.lmul) {
        uint64_t registers = 0;
        fputs(",\"vector_by_lmul\":{", out);
        for (int i = 0; i < LMUL_KINDS; i++) {
            fprintf(out, "%s\"%s\":%" PRIu64, i ? "," : "", lmul_names[i], region.by_lmul[i]);
            registers += region.by_lmul[i] * lmul_registers[i];
        }
        fputs("}", out);
        /* Left out rather than guessed. */
        if (region.by_lmul[LMUL_UNKNOWN] == 0)
            fprintf(out, ",\"vector_lmul_weighted\":%" PRIu64, registers);
    }
    if (plugin.blocks)
        print_blocks(out);
}

static void end_region(bool complete)
{
    char *line = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&line, &size);
    if (!out)
        out_of_memory();
    fprintf(out, "{\"region\":%" PRIu64 ",\"id\":%u,\"pid\":%ld,\"arch\":\"%s\",\"complete\":%s", region.number,
            region.id, (long)getpid(), plugin.arch == AARCH64 ? "aarch64" : "riscv64", complete ? "true" : "false");
    if (complete)
        print_counts(out);
    fputs("}\n", out);
    if (fclose(out) != 0)
        out_of_memory();
    write_line(line, size);
    free(line);
    region.open = false;
    region.number++;
}

/* --- what happens while the program runs ----------------------------------------------------------------------------
 */

static void on_begin(unsigned vcpu, void *id)
{
    if (region.open)
        end_region(false);
    region.id = (unsigned)(uintptr_t)id;
    region.vcpu = vcpu;
    region.multithreaded = false;
    region.loads = region.stores = region.load_bytes = region.store_bytes = 0;
    memset(region.by_lmul, 0, sizeof region.by_lmul);
    if (plugin.blocks) {
        pthread_mutex_lock(&blocks.lock);
        for (size_t i = 0; i < blocks.count; i++)
            blocks.all[i]->at_begin = bank_get(blocks.banks[i / BLOCKS_A_BANK], i % BLOCKS_A_BANK, vcpu);
        pthread_mutex_unlock(&blocks.lock);
    }
    for (int i = 0; i < COUNTERS; i++)
        region.at_begin[i] = bank_get(plugin.counters, (size_t)i, vcpu);
    region.open = true;
}

static void on_end(unsigned vcpu, void *id)
{
    /* An end without a begin ends nothing: the region it belonged to has its line already. */
    if (region.open)
        end_region(region.id == (unsigned)(uintptr_t)id && region.vcpu == vcpu);
}

static void on_memory(unsigned vcpu, qemu_plugin_meminfo_t info, uint64_t address, void *data)
{
    (void)address;
    (void)data;
    if (!region.open || region.vcpu != vcpu)
        return;
    uint64_t bytes = UINT64_C(1) << qemu_plugin_mem_size_shift(info);
    if (qemu_plugin_mem_is_store(info)) {
        region.stores++;
        region.store_bytes += bytes;
    } else {
        region.loads++;
        region.load_bytes += bytes;
    }
}

static void on_vset(unsigned vcpu, void *vlmul)
{
    if (vcpu < VCPUS_TRACKED)
        plugin.vlmul[vcpu] = (unsigned char)(uintptr_t)vlmul;
}

static void on_vector_segment(unsigned vcpu, void *instructions)
{
    if (region.open && region.vcpu == vcpu)
        region.by_lmul[vcpu < VCPUS_TRACKED ? plugin.vlmul[vcpu] : LMUL_UNKNOWN] += (uintptr_t)instructions;
}

static void on_block_of_threads(unsigned vcpu, void *data)
{
    (void)data;
    if (region.open && region.vcpu != vcpu)
        region.multithreaded = true;
}

static void on_vcpu(qemu_plugin_id_t id, unsigned vcpu)
{
    (void)id;
    (void)vcpu;
    /* QEMU discards all translated code when the second thread begins, so the blocks after this have the callback. */
    plugin.vcpus++;
}

static void on_exit_of_program(qemu_plugin_id_t id, void *data)
{
    (void)id;
    (void)data;
    if (region.open)
        end_region(false);
}

/* --- what an instruction is -----------------------------------------------------------------------------------------
 */

struct kind {
    enum { PLAIN, BEGIN, END } marker;
    unsigned id;
    bool vector, load, store, sve, config, scalar_fp;
    unsigned vlmul; /* of a config */
};

/*
 * "vector" is what works on more than one lane: AdvSIMD vector forms, SVE, and loads and stores of Q registers or of
 * structures. Scalar floating point, AdvSIMD scalar forms and loads of B, H, S and D registers are "scalar_fp"; a D
 * register may hold lanes as well as a double, which the load does not tell.
 */
static struct kind kind_of_aarch64(uint32_t word)
{
    struct kind kind = {0};
    if ((word & ~(UINT32_C(0x7f) << 5)) == UINT32_C(0xd503201f)) {
        unsigned hint = (word >> 5) & 0x7f;
        if (hint >= ASSAY_AARCH64_BEGIN && hint < ASSAY_AARCH64_BEGIN + ASSAY_REGION_IDS) {
            kind.marker = BEGIN;
            kind.id = hint - ASSAY_AARCH64_BEGIN;
        } else if (hint >= ASSAY_AARCH64_END && hint < ASSAY_AARCH64_END + ASSAY_REGION_IDS) {
            kind.marker = END;
            kind.id = hint - ASSAY_AARCH64_END;
        }
        return kind;
    }
    unsigned group = (word >> 25) & 0xf;
    if (group == 2 || (group == 0 && word >> 31)) { /* SVE; SME */
        kind.vector = true;
        if (group == 2 && word >> 31) {
            kind.sve = true;
            kind.store = word >> 29 == 7;
            kind.load = !kind.store;
        }
    } else if ((group & 7) == 7) { /* data processing, SIMD and floating point */
        kind.scalar_fp = (word >> 28) & 1;
        kind.vector = !kind.scalar_fp;
    } else if ((group & 5) == 4 && ((word >> 26) & 1)) { /* loads and stores of these registers */
        unsigned form = (word >> 27) & 7;
        unsigned size = word >> 30;
        bool structure = form == 1 && !(word >> 31);
        bool literal = form == 3 && !((word >> 24) & 1);
        bool quad = form == 5 || literal ? size == 2 : size == 0 && ((word >> 23) & 1);
        kind.vector = structure || quad;
        kind.scalar_fp = !kind.vector;
        kind.load = kind.vector && (literal || ((word >> 22) & 1));
        kind.store = kind.vector && !kind.load;
    }
    return kind;
}

static struct kind kind_of_riscv(uint32_t word)
{
    struct kind kind = {0};
    unsigned function = (word >> 12) & 7;
    if ((word & 3) != 3) { /* compressed: c.fld, c.fsd, c.fldsp, c.fsdsp */
        unsigned wide = (word >> 13) & 7;
        kind.scalar_fp = (word & 1) == 0 && (wide == 1 || wide == 5);
        return kind;
    }
    switch (word & 0x7f) {
    case 0x13:
        if ((word & 0xfffff) == 0x2013) { /* slti x0, x0, … */
            unsigned immediate = word >> 20;
            if (immediate >= ASSAY_RISCV_BEGIN && immediate < ASSAY_RISCV_BEGIN + ASSAY_REGION_IDS) {
                kind.marker = BEGIN;
                kind.id = immediate - ASSAY_RISCV_BEGIN;
            } else if (immediate >= ASSAY_RISCV_END && immediate < ASSAY_RISCV_END + ASSAY_REGION_IDS) {
                kind.marker = END;
                kind.id = immediate - ASSAY_RISCV_END;
            }
        }
        break;
    case 0x07: /* loads and stores of vectors (by their width) or of scalars */
    case 0x27:
        kind.vector = function == 0 || function >= 5;
        kind.scalar_fp = !kind.vector;
        kind.load = kind.vector && (word & 0x7f) == 0x07;
        kind.store = kind.vector && !kind.load;
        break;
    case 0x57:
        if (function != 7) {
            kind.vector = true;
            break;
        }
        kind.config = true;
        if (!(word >> 31) || word >> 30 == 3) /* vsetvli, vsetivli */
            kind.vlmul = (word >> 20) & 7;
        else
            kind.vlmul = LMUL_UNKNOWN;
        break;
    case 0x77: /* vector cryptography */
        kind.vector = true;
        break;
    case 0x43:
    case 0x47:
    case 0x4b:
    case 0x4f:
    case 0x53:
        kind.scalar_fp = true;
        break;
    default:
        break;
    }
    return kind;
}

/* The longest instruction of both is 4 bytes. */
static size_t instruction_bytes(const struct qemu_plugin_insn *insn, unsigned char to[4])
{
    size_t size = qemu_plugin_insn_size(insn);
    if (size > 4)
        size = 4;
    memset(to, 0, 4);
    if (plugin.api >= 3)
        qemu_plugin_insn_data_v3(insn, to, size);
    else
        memcpy(to, qemu_plugin_insn_data_v1(insn), size);
    return size;
}

/* --- translation ----------------------------------------------------------------------------------------------------
 */

struct segment {
    struct qemu_plugin_insn *first;
    uint64_t count[COUNTERS];
    unsigned char *code; /* with blocks=on */
    unsigned size, capacity;
};

/* QEMU translates the same code more than once; each piece of code has one counter. Returns its index. */
static size_t block_of(const struct segment *segment)
{
    uint64_t address = qemu_plugin_insn_vaddr(segment->first);
    struct block **bucket = &blocks.buckets[(address >> 1) % BLOCK_BUCKETS];
    pthread_mutex_lock(&blocks.lock);
    struct block *block = *bucket;
    while (block && !(block->address == address && block->size == segment->size &&
                      memcmp(block->code, segment->code, segment->size) == 0))
        block = block->next_in_bucket;
    if (!block) {
        if (blocks.count == blocks.capacity) {
            blocks.capacity += BLOCKS_A_BANK;
            blocks.all = realloc(blocks.all, blocks.capacity * sizeof *blocks.all);
            blocks.banks = realloc(blocks.banks, blocks.capacity / BLOCKS_A_BANK * sizeof *blocks.banks);
            if (!blocks.all || !blocks.banks)
                out_of_memory();
            /* Counters never move: translated code knows their addresses. So they come in banks. */
            blocks.banks[blocks.count / BLOCKS_A_BANK] = bank_new(BLOCKS_A_BANK);
        }
        block = allocate(1, sizeof *block);
        block->index = blocks.count;
        block->address = address;
        block->instructions = (unsigned)segment->count[INSTRUCTIONS];
        block->size = segment->size;
        block->code = allocate(segment->size, 1);
        memcpy(block->code, segment->code, segment->size);
        block->next_in_bucket = *bucket;
        *bucket = block;
        blocks.all[blocks.count++] = block;
    }
    size_t index = block->index;
    pthread_mutex_unlock(&blocks.lock);
    return index;
}

/* Makes the translated code count the segment, and begins another. */
static void finish(struct segment *segment)
{
    if (segment->first) {
        for (size_t i = 0; i < COUNTERS; i++)
            if (segment->count[i] > 0)
                bank_add(plugin.counters, i, segment->first, segment->count[i]);
        if (plugin.lmul && segment->count[VECTOR] > 0)
            qemu_plugin_register_vcpu_insn_exec_cb(segment->first, on_vector_segment, QEMU_PLUGIN_CB_NO_REGS,
                                                   (void *)(uintptr_t)segment->count[VECTOR]);
        if (plugin.blocks) {
            size_t index = block_of(segment);
            bank_add(blocks.banks[index / BLOCKS_A_BANK], index % BLOCKS_A_BANK, segment->first, 1);
        }
    }
    segment->first = NULL;
    segment->size = 0;
    memset(segment->count, 0, sizeof segment->count);
}

static void on_translation(qemu_plugin_id_t plugin_id, struct qemu_plugin_tb *tb)
{
    (void)plugin_id;
    size_t instructions = qemu_plugin_tb_n_insns(tb);
    struct segment segment = {0};
    if (plugin.blocks)
        segment.code = allocate(instructions, 4);
    if (plugin.vcpus > 1)
        qemu_plugin_register_vcpu_tb_exec_cb(tb, on_block_of_threads, QEMU_PLUGIN_CB_NO_REGS, NULL);
    for (size_t i = 0; i < instructions; i++) {
        struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
        unsigned char bytes[4];
        size_t size = instruction_bytes(insn, bytes);
        uint32_t word =
            (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
        struct kind kind = plugin.arch == AARCH64 ? kind_of_aarch64(word) : kind_of_riscv(word);
        if (kind.marker != PLAIN) {
            finish(&segment);
            qemu_plugin_register_vcpu_insn_exec_cb(insn, kind.marker == BEGIN ? on_begin : on_end,
                                                   QEMU_PLUGIN_CB_NO_REGS, (void *)(uintptr_t)kind.id);
            continue;
        }
        if (!segment.first)
            segment.first = insn;
        segment.count[INSTRUCTIONS]++;
        segment.count[VECTOR] += kind.vector;
        segment.count[VECTOR_LOADS] += kind.load;
        segment.count[VECTOR_STORES] += kind.store;
        segment.count[VECTOR_CONFIG] += kind.config;
        segment.count[SCALAR_FP] += kind.scalar_fp;
        segment.count[SVE_MEMORY] += kind.sve;
        if (plugin.blocks) {
            memcpy(segment.code + segment.size, bytes, size);
            segment.size += (unsigned)size;
        }
        if (plugin.mem)
            qemu_plugin_register_vcpu_mem_cb(insn, on_memory, QEMU_PLUGIN_CB_NO_REGS, QEMU_PLUGIN_MEM_RW, NULL);
        if (kind.config && plugin.lmul) {
            qemu_plugin_register_vcpu_insn_exec_cb(insn, on_vset, QEMU_PLUGIN_CB_NO_REGS,
                                                   (void *)(uintptr_t)kind.vlmul);
            finish(&segment);
        }
    }
    finish(&segment);
    free(segment.code);
}

/* --- installation ---------------------------------------------------------------------------------------------------
 */

static bool flag_of(const char *argument, const char *name, bool *flag, bool *bad)
{
    size_t length = strlen(name);
    if (strncmp(argument, name, length) != 0 || argument[length] != '=')
        return false;
    const char *value = argument + length + 1;
    *flag = strcmp(value, "on") == 0;
    *bad = !*flag && strcmp(value, "off") != 0;
    return true;
}

static bool read_arguments(int count, char **arguments)
{
    for (int i = 0; i < count; i++) {
        bool bad = false;
        if (strncmp(arguments[i], "out=", 4) == 0)
            plugin.path = arguments[i] + 4;
        else if (!flag_of(arguments[i], "mem", &plugin.mem, &bad) &&
                 !flag_of(arguments[i], "lmul", &plugin.lmul, &bad) &&
                 !flag_of(arguments[i], "blocks", &plugin.blocks, &bad))
            bad = true;
        if (bad) {
            fprintf(stderr, "assay_count: bad argument '%s': use out=FILE, mem=on, lmul=on, blocks=on\n", arguments[i]);
            return false;
        }
    }
    if (!plugin.path || !*plugin.path) {
        fprintf(stderr, "assay_count: no output file: add out=FILE to -plugin\n");
        return false;
    }
    return true;
}

QEMU_EXPORT int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t *info, int argc, char **argv)
{
    if (!read_arguments(argc, argv))
        return -1;
    if (strcmp(info->target_name, "aarch64") == 0) {
        plugin.arch = AARCH64;
    } else if (strcmp(info->target_name, "riscv64") == 0) {
        plugin.arch = RISCV64;
    } else {
        fprintf(stderr, "assay_count: no markers are known for '%s': only aarch64 and riscv64\n", info->target_name);
        return -1;
    }
    if (info->system_emulation) {
        fprintf(stderr, "assay_count: only user emulation (qemu-%s) is counted\n", info->target_name);
        return -1;
    }
    plugin.api = info->version.cur;
    if (plugin.arch != RISCV64)
        plugin.lmul = false;
    /* QEMU frees its arguments. */
    plugin.path = strdup(plugin.path);
    if (!plugin.path)
        out_of_memory();
    int fd = open(plugin.path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (fd < 0) {
        fprintf(stderr, "assay_count: cannot open '%s' for appending: %s\n", plugin.path, strerror(errno));
        return -1;
    }
    /* The program shares our descriptors. Out of its way, its own get the numbers they would have without us. */
    plugin.fd = fcntl(fd, F_DUPFD_CLOEXEC, 900);
    if (plugin.fd < 0)
        plugin.fd = fd;
    else
        close(fd);
    memset(plugin.vlmul, LMUL_UNKNOWN, sizeof plugin.vlmul);
    plugin.counters = bank_new(COUNTERS);
    qemu_plugin_register_vcpu_init_cb(id, on_vcpu);
    qemu_plugin_register_vcpu_tb_trans_cb(id, on_translation);
    qemu_plugin_register_atexit_cb(id, on_exit_of_program, NULL);
    return 0;
}
