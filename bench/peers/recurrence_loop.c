// The same occurrences by a loop written for each shape: day numbers, and one index into a table of clock changes that
// moves along. Arguments and output as those of recurrence_libical; the zone is America/Denver by its rule of 2007.
#include "recurrence.h"

enum { DAY = 86400, FIRST_YEAR = 2026, LAST_YEAR = 2410, CHANGES = 2 * (LAST_YEAR - FIRST_YEAR) + 1 };

typedef struct { int64_t wall, offset; } Change;

/* Wall time from which on the offset does not hold any more, and the offset. */
static Change changes[CHANGES];

static int64_t day_number(int year, int month, int day) {
    int shifted = month <= 2 ? year - 1 : year;
    int days = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    return (int64_t)shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + days - 719468;
}

static inline int is_leap(int year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }
/* 0 is Sunday. */
static inline int weekday(int64_t day) { return (int)((day + 4) % 7); }
/* The first such weekday at or after a day. */
static inline int64_t on_or_after(int64_t day, int wanted) { return day + (wanted - weekday(day) + 7) % 7; }

static void fill_changes(void) {
    int count = 0;
    for (int year = FIRST_YEAR; year < LAST_YEAR; year++) {
        int64_t spring = on_or_after(day_number(year, 3, 8), 0), autumn = on_or_after(day_number(year, 11, 1), 0);
        changes[count++] = (Change){spring * DAY + 3 * 3600, -7 * 3600};
        changes[count++] = (Change){autumn * DAY + 2 * 3600, -6 * 3600};
    }
    changes[count] = (Change){INT64_MAX, -7 * 3600};
}

typedef struct { Checksum sum; const Change *change; int left; } Output;

static inline void put(Output *output, int64_t wall) {
    while (wall >= output->change->wall) output->change++;
    add(&output->sum, wall - output->change->offset);
    output->left--;
}

static const int64_t *excluded;

static void by_days(Output *output, int64_t wall, int step) {
    for (; output->left > 0; wall += (int64_t)step * DAY) put(output, wall);
}
static void daily(Output *output, int64_t wall) { by_days(output, wall, 1); }
static void every_5_days(Output *output, int64_t wall) { by_days(output, wall, 5); }
static void weekly(Output *output, int64_t wall) {
    for (; output->left > 0; wall += 7 * DAY) {
        put(output, wall);
        if (output->left > 0) put(output, wall + 2 * DAY);
        if (output->left > 0) put(output, wall + 4 * DAY);
    }
}
static void daily_but(Output *output, int64_t wall) {
    const int64_t *next = excluded;
    for (; output->left > 0; wall += DAY) {
        if (wall == *next) next++;
        else put(output, wall);
    }
}
static void every_3_hours(Output *output, int64_t wall) {
    for (; output->left > 0; wall += 3 * 3600) put(output, wall);
}
static void minutes_of_hours(Output *output, int64_t wall) {
    for (; output->left > 0; wall += DAY)
        for (int quarter = 0; quarter < 32 && output->left > 0; quarter++) put(output, wall + quarter * 900);
}

enum { NINE = 9 * 3600 };

static void monthly(Output *output, int64_t wall) {
    (void)wall;
    for (int year = FIRST_YEAR;; year++)
        for (int month = 1; month <= 12; month++) {
            if (output->left == 0) return;
            put(output, day_number(year, month, 15) * DAY + NINE);
        }
}
static void second_tuesday(Output *output, int64_t wall) {
    (void)wall;
    for (int year = FIRST_YEAR;; year++)
        for (int month = 1; month <= 12; month++) {
            if (output->left == 0) return;
            put(output, on_or_after(day_number(year, month, 8), 2) * DAY + NINE);
        }
}
static void last_weekday(Output *output, int64_t wall) {
    (void)wall;
    for (int year = FIRST_YEAR;; year++)
        for (int month = 1; month <= 12; month++) {
            if (output->left == 0) return;
            int64_t last = day_number(year + month / 12, month % 12 + 1, 1) - 1;
            int day = weekday(last);
            put(output, (last - (day == 6 ? 1 : day == 0 ? 2 : 0)) * DAY + NINE);
        }
}
static void yearly(Output *output, int64_t wall) {
    (void)wall;
    for (int year = FIRST_YEAR; output->left > 0; year++) put(output, day_number(year, 7, 4) * DAY + NINE);
}
static void thanksgiving(Output *output, int64_t wall) {
    (void)wall;
    for (int year = FIRST_YEAR; output->left > 0; year++)
        put(output, on_or_after(day_number(year, 11, 22), 4) * DAY + NINE);
}
static void by_week(Output *output, int64_t wall) {
    (void)wall;
    // 4 January is in week 1.
    for (int year = FIRST_YEAR; output->left > 0; year++)
        put(output, (on_or_after(day_number(year, 1, 4) - 6, 1) + 19 * 7) * DAY + NINE);
}
static void by_year_day(Output *output, int64_t wall) {
    (void)wall;
    for (int year = FIRST_YEAR; output->left > 0; year++) {
        int64_t new_year = day_number(year, 1, 1);
        int64_t days[] = {new_year, new_year + 99, new_year + 199, new_year + (is_leap(year) ? 365 : 364)};
        for (int i = 0; i < 4 && output->left > 0; i++) put(output, days[i] * DAY + NINE);
    }
}

static const struct { const char *name; void (*loop)(Output *, int64_t); } loops[] = {
    {"daily", daily}, {"weekly", weekly}, {"every-5-days", every_5_days}, {"monthly", monthly},
    {"second-tuesday", second_tuesday}, {"last-weekday", last_weekday}, {"yearly", yearly},
    {"thanksgiving", thanksgiving}, {"by-week", by_week}, {"by-year-day", by_year_day},
    {"every-3-hours", every_3_hours}, {"minutes-of-hours", minutes_of_hours}, {"daily-but", daily_but},
};

static int64_t wall_of(const char *text) {
    int year, month, day, hour, minute, second;
    sscanf(text, "%4d%2d%2dT%2d%2d%2d", &year, &month, &day, &hour, &minute, &second);
    return day_number(year, month, day) * DAY + hour * 3600 + minute * 60 + second;
}

static uint64_t expand(const Shape *shape) {
    int64_t walls[MOST_EXCEPTIONS + 1];
    for (int i = 0; i < shape->exceptions; i++) walls[i] = wall_of(shape->exception[i]);
    walls[shape->exceptions] = INT64_MAX;
    excluded = walls;
    Output output = {{0, 0}, changes, shape->count};
    for (size_t i = 0; i < sizeof loops / sizeof *loops; i++)
        if (!strcmp(loops[i].name, shape->name)) loops[i].loop(&output, wall_of(shape->start));
    return total(output.sum);
}

int main(int argc, char **argv) {
    if (argc != 3 || strcmp(argv[2], "America/Denver"))
        return fprintf(stderr, "usage: recurrence_loop FILE America/Denver\n"), 64;
    fill_changes();
    return measure_all(argv[1], expand);
}
