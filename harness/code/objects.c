#include "harness/code/objects.h"

#include "harness/base/memory.h"

#include <fcntl.h>
#include <gelf.h>
#include <nettle/sha2.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* An object while it is read. */
struct reader {
    Elf *elf;
    size_t names; /* the section with the sections' names */
    struct sha256_ctx sum;
    struct assay_object *object;
    size_t offered_capacity, needed_capacity;
    bool good; /* false: something of it could not be read */
};

struct symbols {
    Elf_Data *data;
    size_t names; /* the section with the symbols' names */
    size_t count;
};

static void add_bytes(struct reader *r, const void *bytes, size_t length)
{
    sha256_update(&r->sum, length, bytes);
}

static void add_number(struct reader *r, uint64_t number)
{
    unsigned char bytes[8];
    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (unsigned char)(number >> 8 * i);
    add_bytes(r, bytes, sizeof(bytes));
}

static void add_text(struct reader *r, const char *text)
{
    add_bytes(r, text, strlen(text) + 1);
}

static const char *section_name(struct reader *r, const GElf_Shdr *header)
{
    const char *name = elf_strptr(r->elf, r->names, header->sh_name);
    r->good = r->good && name;
    return name ? name : "";
}

/* What is loaded and can be executed or read by what is: all but the tables for unwinding and notes. */
static bool is_code(struct reader *r, const GElf_Shdr *header)
{
    return header->sh_flags & SHF_ALLOC && header->sh_type != SHT_NOTE &&
           strncmp(section_name(r, header), ".eh_frame", strlen(".eh_frame")) != 0;
}

static bool header_of(struct reader *r, size_t index, GElf_Shdr *header)
{
    Elf_Scn *section = elf_getscn(r->elf, index);
    const bool good = section && gelf_getshdr(section, header);
    r->good = r->good && good;
    return good;
}

static void add_section(struct reader *r, Elf_Scn *section, const GElf_Shdr *header)
{
    add_text(r, section_name(r, header));
    add_number(r, header->sh_size);
    add_number(r, header->sh_addralign);
    for (Elf_Data *data = NULL; (data = elf_rawdata(section, data)) != NULL;)
        if (data->d_buf)
            add_bytes(r, data->d_buf, data->d_size);
}

static bool symbols_of(struct reader *r, size_t index, struct symbols *symbols)
{
    GElf_Shdr header;
    if (!header_of(r, index, &header) || header.sh_type != SHT_SYMTAB || header.sh_entsize == 0) {
        r->good = false;
        return false;
    }
    symbols->data = elf_getdata(elf_getscn(r->elf, index), NULL);
    symbols->names = header.sh_link;
    symbols->count = header.sh_size / header.sh_entsize;
    r->good = r->good && symbols->data;
    return symbols->data;
}

static const char *symbol_name(struct reader *r, const struct symbols *symbols, const GElf_Sym *symbol)
{
    const char *name = elf_strptr(r->elf, symbols->names, symbol->st_name);
    r->good = r->good && name;
    return name ? name : "";
}

/* Where the symbol is in its object; what others may call it does not matter there. */
static void add_place(struct reader *r, const GElf_Sym *symbol)
{
    GElf_Shdr header;
    const bool has_section = symbol->st_shndx != SHN_UNDEF && symbol->st_shndx < SHN_LORESERVE;
    add_text(r, has_section && header_of(r, symbol->st_shndx, &header) ? section_name(r, &header) : "");
    add_number(r, has_section ? 0 : symbol->st_shndx);
    add_number(r, symbol->st_value);
}

static void add_relocations(struct reader *r, Elf_Scn *section, const GElf_Shdr *header)
{
    struct symbols symbols;
    Elf_Data *data = elf_getdata(section, NULL);
    const size_t count = header->sh_entsize > 0 ? header->sh_size / header->sh_entsize : 0;
    if (!data || !symbols_of(r, header->sh_link, &symbols)) {
        r->good = false;
        return;
    }
    for (size_t i = 0; i < count; i++) {
        GElf_Rela relocation;
        GElf_Sym symbol;
        if (!gelf_getrela(data, (int)i, &relocation) ||
            !gelf_getsym(symbols.data, (int)GELF_R_SYM(relocation.r_info), &symbol)) {
            r->good = false;
            return;
        }
        add_number(r, relocation.r_offset);
        add_number(r, GELF_R_TYPE(relocation.r_info));
        add_number(r, (uint64_t)relocation.r_addend);
        if (GELF_ST_BIND(symbol.st_info) == STB_LOCAL)
            add_place(r, &symbol);
        else
            add_text(r, symbol_name(r, &symbols, &symbol));
    }
}

static void keep_name(const char ***names, size_t *capacity, size_t *count, const char *name)
{
    assay_grow(names, capacity, *count, sizeof(**names));
    (*names)[(*count)++] = assay_keep_string(name);
}

static void add_symbols(struct reader *r, size_t index)
{
    struct symbols symbols;
    struct assay_object *object = r->object;
    if (!symbols_of(r, index, &symbols))
        return;
    for (size_t i = 0; i < symbols.count; i++) {
        GElf_Sym symbol;
        if (!gelf_getsym(symbols.data, (int)i, &symbol)) {
            r->good = false;
            return;
        }
        if (GELF_ST_BIND(symbol.st_info) == STB_LOCAL)
            continue;
        const char *name = symbol_name(r, &symbols, &symbol);
        if (symbol.st_shndx == SHN_UNDEF) {
            keep_name(&object->needed, &r->needed_capacity, &object->needed_count, name);
            continue;
        }
        keep_name(&object->offered, &r->offered_capacity, &object->offered_count, name);
        add_text(r, name);
        add_place(r, &symbol);
    }
}

static bool read_object(Elf *elf, struct assay_object *object)
{
    struct reader r = {.elf = elf, .object = object, .good = true};
    size_t code = 0;
    sha256_init(&r.sum);
    if (elf_getshdrstrndx(elf, &r.names) != 0)
        return false;
    for (Elf_Scn *section = NULL; (section = elf_nextscn(elf, section)) != NULL;) {
        GElf_Shdr header, target;
        if (!gelf_getshdr(section, &header))
            return false;
        if (header.sh_type == SHT_SYMTAB)
            add_symbols(&r, elf_ndxscn(section));
        else if (header.sh_type == SHT_RELA && header_of(&r, header.sh_info, &target) && is_code(&r, &target))
            add_relocations(&r, section, &header);
        else if (is_code(&r, &header)) {
            add_section(&r, section, &header);
            code += header.sh_flags & SHF_EXECINSTR && header.sh_size > 0;
        }
    }
    sha256_digest(&r.sum, sizeof(object->digest), object->digest);
    /* An object of link-time optimization holds its code in another form, which this would pass over. */
    return r.good && (code > 0 || object->offered_count > 0);
}

/* Each member of an archive, or the one object that the file is. */
static bool read_members(int fd, struct assay_objects *objects)
{
    size_t capacity = 0;
    bool good = true;
    Elf *file = elf_begin(fd, ELF_C_READ, NULL), *member;
    if (!file)
        return false;
    const bool is_archive = elf_kind(file) == ELF_K_AR;
    for (Elf_Cmd command = ELF_C_READ; good && (member = is_archive ? elf_begin(fd, command, file) : file) != NULL;) {
        if (elf_kind(member) == ELF_K_ELF) {
            assay_grow(&objects->items, &capacity, objects->count, sizeof(*objects->items));
            objects->items[objects->count] = (struct assay_object){0};
            good = read_object(member, &objects->items[objects->count++]);
        }
        if (!is_archive)
            break;
        command = elf_next(member);
        elf_end(member);
    }
    elf_end(file);
    return good && objects->count > 0;
}

bool assay_objects_read(const char *path, struct assay_objects *objects)
{
    *objects = (struct assay_objects){0};
    const int fd = elf_version(EV_CURRENT) == EV_NONE ? -1 : open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    const bool good = read_members(fd, objects);
    close(fd);
    return good;
}
