// Parses a calendar file with libical into its tree and walks it. Arguments: file, rounds.
// Prints `parse MB/s checksum` (the median of the rounds) and `memory kB checksum` (the most the process ever took).
// The checksum counts components, properties and parameters, each with a weight of its own.
// link: -lical
#include <libical/ical.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* In kB. What getrusage tells holds the peak of the process that started this one, from before the exec. */
static long peak_memory(void) {
    FILE *file = fopen("/proc/self/status", "r");
    char line[256];
    long peak = 0;
    while (file && fgets(line, sizeof line, file))
        if (sscanf(line, "VmHWM: %ld", &peak) == 1) break;
    if (file) fclose(file);
    return peak;
}

static uint64_t walk(icalcomponent *component) {
    uint64_t sum = 1;
    for (icalproperty *property = icalcomponent_get_first_property(component, ICAL_ANY_PROPERTY); property;
         property = icalcomponent_get_next_property(component, ICAL_ANY_PROPERTY)) {
        sum += 1000;
        for (icalparameter *parameter = icalproperty_get_first_parameter(property, ICAL_ANY_PARAMETER); parameter;
             parameter = icalproperty_get_next_parameter(property, ICAL_ANY_PARAMETER)) {
            // libical says the default kind of a value itself.
            if (icalparameter_isa(parameter) != ICAL_VALUE_PARAMETER) sum += 1000000;
        }
    }
    for (icalcomponent *child = icalcomponent_get_first_component(component, ICAL_ANY_COMPONENT); child;
         child = icalcomponent_get_next_component(component, ICAL_ANY_COMPONENT))
        sum += walk(child);
    return sum;
}

static int ascending(const void *left, const void *right) {
    double difference = *(const double *)left - *(const double *)right;
    return (difference > 0) - (difference < 0);
}

int main(int count, char **arguments) {
    if (count != 3) return 2;
    int rounds = atoi(arguments[2]);
    FILE *file = fopen(arguments[1], "rb");
    if (!file || rounds < 1 || rounds > 99) return 2;
    fseek(file, 0, SEEK_END);
    size_t size = (size_t)ftell(file);
    rewind(file);
    char *text = malloc(size + 1);
    if (!text || fread(text, 1, size, file) != size) return 2;
    text[size] = 0;
    fclose(file);
    double times[99];
    uint64_t checksum = 0;
    for (int round = 0; round < rounds; round++) {
        double start = now();
        icalcomponent *calendar = icalparser_parse_string(text);
        times[round] = now() - start;
        if (!calendar) return 1;
        checksum = walk(calendar);
        icalcomponent_free(calendar);
    }
    qsort(times, (size_t)rounds, sizeof *times, ascending);
    printf("parse %f %lu\n", (double)size / 1e6 / times[rounds / 2], (unsigned long)checksum);
    printf("memory %ld %lu\n", peak_memory(), (unsigned long)checksum);
    return 0;
}
