/* What the peers of recurrence share: the file of shapes, the checksum and the clock. */
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MOST_EXCEPTIONS = 64, TEXT = 16 };

typedef struct {
    char name[32], start[TEXT], rule[128];
    int count, exceptions;
    char exception[MOST_EXCEPTIONS][TEXT];
} Shape;

/* Sensitive to order, and cheap, so that it does not hide what is measured. */
typedef struct { uint64_t sum, sums; } Checksum;

static inline void add(Checksum *checksum, int64_t instant) {
    checksum->sum += (uint64_t)instant;
    checksum->sums += checksum->sum;
}

static inline uint64_t total(Checksum checksum) { return checksum.sums ^ checksum.sum << 20; }

static double nanoseconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static int read_shape(char *line, Shape *shape) {
    char exceptions[1200];
    if (sscanf(line, "%31[^\t]\t%15[^\t]\t%127[^\t]\t%d\t%1199s", shape->name, shape->start, shape->rule, &shape->count,
               exceptions) != 5)
        return 0;
    shape->exceptions = 0;
    if (!strcmp(exceptions, "-")) return 1;
    for (char *rest = exceptions, *text; (text = strtok_r(rest, ",", &rest));) {
        if (shape->exceptions == MOST_EXCEPTIONS || strlen(text) >= TEXT) return 0;
        strcpy(shape->exception[shape->exceptions++], text);
    }
    return 1;
}

static int measure_all(const char *path, uint64_t (*expand)(const Shape *)) {
    FILE *file = fopen(path, "r");
    if (!file) return perror(path), 1;
    char line[2048];
    while (fgets(line, sizeof line, file)) {
        Shape shape;
        if (!read_shape(line, &shape)) return fprintf(stderr, "not a shape: %s", line), 1;
        uint64_t checksum;
        int repeats = 0;
        double begin = nanoseconds(), spent;
        do {
            checksum = expand(&shape);
            repeats++;
            spent = nanoseconds() - begin;
        } while (spent < 5e6);
        printf("%s %.4f %llu\n", shape.name, spent / repeats / shape.count, (unsigned long long)checksum);
    }
    fclose(file);
    return 0;
}
