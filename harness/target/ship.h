/* Files for a program on a target, and files that it makes there. Where the target runs on this machine they stay where
 * they are. A board gets copies, in a folder of its own that is made for them and removed afterwards, under names that
 * the caller chooses and no shell would interpret: "in0.bin". */
#ifndef ASSAY_HARNESS_TARGET_SHIP_H
#define ASSAY_HARNESS_TARGET_SHIP_H

#include "harness/target/reach.h"

struct assay_shipped_file {
    const char *here, *there;
    enum { ASSAY_SHIP_SENT, ASSAY_SHIP_FILE_BACK, ASSAY_SHIP_FOLDER_BACK } what;
};

struct assay_shipment {
    const struct assay_link *link;
    const char *folder; /* on the board; NULL: the target runs here */
    struct assay_shipped_file *files;
    size_t count, capacity;
};

/* Makes the folder. The link outlives the shipment. False, with a message; then there is nothing to close. */
bool assay_ship_open(const struct assay_link *link, struct assay_shipment *shipment);
/* Removes the folder, also after an interruption. */
void assay_ship_close(struct assay_shipment *shipment);

/* The path there of a file that is sent now; NULL, with a message. Paths live as long as the process. */
const char *assay_ship_send(struct assay_shipment *shipment, const char *here, const char *name);
/* The path there of a file, or of a folder of files (none in further folders), that the program writes, and that
 * assay_ship_fetch() brings back to `here`. NULL, with a message, if it could not be put there. */
const char *assay_ship_expect(struct assay_shipment *shipment, const char *here, const char *name);
const char *assay_ship_expect_folder(struct assay_shipment *shipment, const char *here, const char *name);
/* Brings back all that is expected. False, with a message. */
bool assay_ship_fetch(const struct assay_shipment *shipment);

/* A word of the program's command line that may hold anything: ssh hands what it is given to a shell, which must not
 * see more in it than a word. */
const char *assay_ship_word(const struct assay_shipment *shipment, const char *word);
/* What the program said, with the names that the files have here. */
const char *assay_ship_explain(const struct assay_shipment *shipment, const char *text);

#endif
