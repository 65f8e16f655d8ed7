/* Availability in C, in two forms: walking each person's sorted intervals into counts per start, and ready bit sets of
   fifteen minutes. Arguments: a file of busy times (200 pairs of int64 seconds per person, sorted), the number of people,
   the start of the 35 days, and how many must be free. Prints a line per form and question: name, microseconds of the processor (so that what else runs tilts nothing), checksum
   of the starts found. */
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { PIECES = 200, STEP = 900, DURATION = 3600, CELLS = 35 * 96, WORDS = (CELLS + 63) / 64, RUN = DURATION / STEP };

typedef struct { int64_t start, end; } Piece;

static const Piece *pieces;
static uint64_t (*busy)[WORDS];
static int64_t origin;
static int64_t found[CELLS];

static int list(const uint64_t *mask) {
    int count = 0;
    for (int word = 0; word < WORDS; word++)
        for (uint64_t rest = mask[word]; rest; rest &= rest - 1)
            found[count++] = origin + (word * 64 + __builtin_ctzll(rest)) * (int64_t)STEP;
    return count;
}

/* Where all of `RUN` cells are free; cells beyond the end are not. */
static void runs(const uint64_t *busy, uint64_t *out) {
    uint64_t free[WORDS + 1];
    for (int word = 0; word < WORDS; word++) free[word] = ~busy[word];
    free[WORDS] = 0;
    if (CELLS % 64) free[WORDS - 1] &= (UINT64_C(1) << CELLS % 64) - 1;
    for (int word = 0; word < WORDS; word++) free[word] &= free[word] >> 1 | free[word + 1] << 63;
    for (int word = 0; word < WORDS; word++) out[word] = free[word] & (free[word] >> 2 | free[word + 1] << 62);
}

static int bits(const int *people, int count, int needed) {
    uint64_t mask[WORDS], result[WORDS];
    if (needed == count) {
        memset(mask, 0, sizeof mask);
        for (int i = 0; i < count; i++)
            for (int word = 0; word < WORDS; word++) mask[word] |= busy[people[i]][word];
        runs(mask, result);
        return list(result);
    }
    if (needed == 1) {
        uint64_t none[WORDS] = {0}, every[WORDS];
        runs(none, every);
        memset(result, 0, sizeof result);
        for (int i = 0; i < count; i++) {
            runs(busy[people[i]], mask);
            for (int word = 0; word < WORDS; word++) result[word] |= mask[word];
            if (i % 8 == 7 && !memcmp(result, every, sizeof result)) break;
        }
        return list(result);
    }
    static uint64_t slices[WORDS][32];
    memset(slices, 0, sizeof slices);
    for (int i = 0; i < count; i++) {
        runs(busy[people[i]], mask);
        for (int word = 0; word < WORDS; word++) {
            uint64_t carry = mask[word];
            for (int slice = 0; carry; slice++) {
                uint64_t sum = slices[word][slice];
                slices[word][slice] = sum ^ carry;
                carry &= sum;
            }
        }
    }
    for (int word = 0; word < WORDS; word++) {
        uint64_t greater = 0, equal = ~UINT64_C(0);
        for (int slice = 31; slice >= 0; slice--) {
            uint64_t sum = slices[word][slice];
            if (needed >> slice & 1) equal &= sum;
            else greater |= equal & sum, equal &= ~sum;
        }
        result[word] = greater | equal;
    }
    return list(result);
}

static int merge(const int *people, int count, int needed) {
    static int32_t change[CELLS + 1];
    memset(change, 0, sizeof change);
    int64_t end = origin + (int64_t)CELLS * STEP;
    for (int i = 0; i < count; i++) {
        const Piece *own = pieces + (int64_t)people[i] * PIECES;
        int64_t reach = origin;
        for (int piece = 0; piece <= PIECES; piece++) {
            int64_t next = piece < PIECES ? own[piece].start : end;
            if (next - reach >= DURATION) {
                int64_t first = (reach - origin + STEP - 1) / STEP, last = (next - origin - DURATION) / STEP;
                if (first <= last) change[first]++, change[last + 1]--;
            }
            if (piece < PIECES && own[piece].end > reach) reach = own[piece].end;
        }
    }
    int free = 0, total = 0;
    for (int cell = 0; cell < CELLS; cell++) {
        free += change[cell];
        if (free >= needed) found[total++] = origin + (int64_t)cell * STEP;
    }
    return total;
}

static void measure(const char *name, int (*search)(const int *, int, int), const int *people, int count, int needed) {
    int repeats = 0, total = 0;
    struct timespec from, to;
    double spent = 0;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
    do {
        total = search(people, count, needed);
        repeats++;
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
        spent = (to.tv_sec - from.tv_sec) * 1e6 + (to.tv_nsec - from.tv_nsec) / 1e3;
    } while (spent < 20000);
    uint64_t checksum = 0;
    for (int i = 0; i < total; i++) checksum = checksum * 31 + (uint64_t)found[i];
    printf("%s %.4f %llu\n", name, spent / repeats, (unsigned long long)checksum);
}

int main(int argc, char **argv) {
    if (argc != 5) return fprintf(stderr, "usage: availability FILE PEOPLE START NEEDED\n"), 64;
    int count = atoi(argv[2]), needed = atoi(argv[4]);
    origin = atoll(argv[3]);
    size_t size = (size_t)count * PIECES * sizeof(Piece);
    Piece *read = malloc(size);
    FILE *file = fopen(argv[1], "rb");
    if (!read || !file || fread(read, 1, size, file) != size) return perror(argv[1]), 1;
    pieces = read;
    busy = calloc((size_t)count, sizeof *busy);
    int *people = malloc((size_t)count * sizeof *people), five[5];
    if (!busy || !people) return 1;
    for (int person = 0; person < count; person++) {
        people[person] = person;
        for (int i = 0; i < PIECES; i++) {
            Piece piece = pieces[person * PIECES + i];
            for (int64_t cell = (piece.start - origin) / STEP; origin + cell * STEP < piece.end && cell < CELLS; cell++)
                busy[person][cell / 64] |= UINT64_C(1) << cell % 64;
        }
    }
    for (int i = 0; i < 5; i++) five[i] = i * (count / 5);
    measure("merge-any", merge, people, count, 1);
    measure("merge-all", merge, five, 5, 5);
    measure("merge-some", merge, people, count, needed);
    measure("bits-any", bits, people, count, 1);
    measure("bits-all", bits, five, 5, 5);
    measure("bits-some", bits, people, count, needed);
    return 0;
}
