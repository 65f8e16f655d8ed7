// The occurrences of rules by libical, as instants. Arguments: a file of shapes, one a line: name, start on the wall
// (20260105T090000), rule, how many, exceptions (separated by commas, or -), with tabs between; and a zone.
// Prints a line per shape: name, nanoseconds of the processor per occurrence, checksum of the instants.
// link: -lical
#include "recurrence.h"
#include <libical/ical.h>

static icaltimezone *zone;

/* What a program that expands an event does: the iterator, the exceptions, each time as an instant. */
static uint64_t expand(const Shape *shape) {
    struct icalrecurrencetype rule = icalrecurrencetype_from_string(shape->rule);
    struct icaltimetype start = icaltime_from_string(shape->start);
    start = icaltime_set_timezone(&start, zone);
    time_t excluded[MOST_EXCEPTIONS];
    for (int i = 0; i < shape->exceptions; i++)
        excluded[i] = icaltime_as_timet_with_zone(icaltime_from_string(shape->exception[i]), zone);
    icalrecur_iterator *iterator = icalrecur_iterator_new(rule, start);
    if (!iterator) return 0;
    Checksum sum = {0, 0};
    int next = 0;
    for (int found = 0; found < shape->count;) {
        struct icaltimetype time = icalrecur_iterator_next(iterator);
        if (icaltime_is_null_time(time)) break;
        time_t instant = icaltime_as_timet_with_zone(time, zone);
        while (next < shape->exceptions && excluded[next] < instant) next++;
        if (next < shape->exceptions && excluded[next] == instant) continue;
        add(&sum, instant);
        found++;
    }
    icalrecur_iterator_free(iterator);
    return total(sum);
}

int main(int argc, char **argv) {
    if (argc != 3) return fprintf(stderr, "usage: recurrence_libical FILE ZONE\n"), 64;
    zone = icaltimezone_get_builtin_timezone(argv[2]);
    if (!zone) return fprintf(stderr, "no zone %s\n", argv[2]), 1;
    return measure_all(argv[1], expand);
}
