/* What libical makes of recurrence rules, for comparison.
   Reads lines of rule, start, last wall time and how many, with tabs between; prints for each the wall times, separated
   by blanks, or ! and why not. ~ stands first where it was broken off, and the program ends there: what the iterator
   held cannot be put in order again. link: -lical */
#define _GNU_SOURCE
#include <libical/ical.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

static char answer[1 << 14] = "~";
static int length;

static void give_up(int signal) {
    answer[length] = '\n';
    ssize_t written = write(STDOUT_FILENO, answer, (size_t)length + 1);
    _exit(written > 0 && signal ? 0 : 1);
}

/* Rules that match seldom or never are followed to the year 2582. */
static void allow(long microseconds) {
    struct itimerval timer = {{0, 0}, {0, microseconds}};
    setitimer(ITIMER_VIRTUAL, &timer, NULL);
}

int main(void) {
    char *line = NULL;
    size_t size = 0;
    icalerror_set_errors_are_fatal(0);
    signal(SIGVTALRM, give_up);
    while (getline(&line, &size, stdin) > 0) {
        char *rest = line, *rule = strsep(&rest, "\t"), *start = strsep(&rest, "\t"), *last = strsep(&rest, "\t");
        int left = rest ? atoi(rest) : 0;
        struct icaltimetype first = icaltime_from_string(start), end = icaltime_from_string(last);
        icalerror_clear_errno();
        struct icalrecurrencetype recurrence = icalrecurrencetype_from_string(rule);
        icalrecur_iterator *walk =
            recurrence.freq == ICAL_NO_RECURRENCE ? NULL : icalrecur_iterator_new(recurrence, first);
        if (!walk) {
            printf("! %s\n", icalerror_strerror(icalerrno));
            fflush(stdout);
            continue;
        }
        length = 1; /* After the ~. */
        allow(4000);
        while (left-- > 0) {
            struct icaltimetype next = icalrecur_iterator_next(walk);
            if (icaltime_is_null_time(next) || icaltime_compare(next, end) > 0) break;
            length += sprintf(answer + length, " %04d%02d%02dT%02d%02d%02d", next.year, next.month, next.day, next.hour,
                              next.minute, next.second);
        }
        allow(0);
        icalrecur_iterator_free(walk);
        answer[length] = 0;
        printf("%s\n", answer + 1);
        fflush(stdout);
    }
    return 0;
}
