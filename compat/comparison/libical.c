// Expands by libical: icalcomponent_foreach_recurrence over the first event. Arguments: begin, end, files.
#include <libical/ical.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *read_file(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file) return NULL;
    char *text = calloc(1, 1 << 20);
    if (text && fread(text, 1, (1 << 20) - 1, file) == 0) text[0] = 0;
    fclose(file);
    return text;
}

static icaltimetype begin, end;

static void put(icalcomponent *event, struct icaltime_span *span, void *data) {
    (void)data;
    char text[32];
    int is_date = icalcomponent_get_dtstart(event).is_date;
    struct tm time;
    gmtime_r(&span->start, &time);
    if (span->start < icaltime_as_timet(begin) || span->start >= icaltime_as_timet(end)) return;
    strftime(text, sizeof text, is_date ? "%Y%m%d" : "%Y%m%dT%H%M%SZ", &time);
    printf(" %s", text);
}

int main(int argc, char **argv) {
    if (argc < 4) return 64;
    icaltimezone_set_tzid_prefix("");
    begin = icaltime_from_string(argv[1]);
    end = icaltime_from_string(argv[2]);
    for (int i = 3; i < argc; i++) {
        char *text = read_file(argv[i]);
        icalcomponent *calendar = text ? icalparser_parse_string(text) : NULL;
        icalcomponent *event = calendar ? icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT) : NULL;
        if (!event) return fprintf(stderr, "not read\n"), 1;
        if (icalcomponent_get_next_component(calendar, ICAL_VEVENT_COMPONENT))
            return fprintf(stderr, "applies no overrides\n"), 1;
        printf("%s\t", argv[i]);
        icalcomponent_foreach_recurrence(event, begin, end, put, NULL);
        printf("\n");
        icalcomponent_free(calendar);
        free(text);
    }
    return 0;
}
