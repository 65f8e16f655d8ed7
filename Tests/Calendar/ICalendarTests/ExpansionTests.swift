import CivilTime
import ICalendar
import Testing

@Suite("Events in time")
struct ExpansionTests {
    /// What, its VEVENTs, and the occurrences of April 2031 as seen in Paris.
    static let golden: [(String, String, [String])] = [
        ("a time in UTC", event("DTSTART:20310405T060708Z\nDTEND:20310405T070708Z"), ["2031-04-05T06:07:08Z/3600"]),
        (
            "a Windows zone", event("DTSTART;TZID=Romance Standard Time:20310405T090000\nDURATION:PT1H"),
            ["2031-04-05T07:00:00Z/3600"]
        ),
        (
            "floating time is local", event("DTSTART:20310405T090000\nDTEND:20310405T100000"),
            ["2031-04-05T07:00:00Z/3600"]
        ),
        ("a date is a day", event("DTSTART;VALUE=DATE:20310405"), ["2031-04-05..2031-04-06"]),
        ("VALUE=DATE left out", event("DTSTART:20310405\nDTEND:20310407"), ["2031-04-05..2031-04-07"]),
        (
            "an end before the start covers what lies between",
            event("DTSTART:20310405T100000Z\nDTEND:20310405T090000Z"),
            ["2031-04-05T10:00:00Z/3600"]
        ),
        (
            "an excepted and a moved instance, the latter spelled in UTC",
            event(
                "DTSTART;TZID=Europe/Paris:20310407T090000\nDTEND;TZID=Europe/Paris:20310407T100000\nRRULE:FREQ=WEEKLY;COUNT=4\nEXDATE;TZID=Europe/Paris:20310414T090000"
            )
                + "\n"
                + event(
                    "RECURRENCE-ID:20310421T070000Z\nDTSTART;TZID=Europe/Paris:20310423T150000\nDTEND;TZID=Europe/Paris:20310423T153000"
                ),
            ["2031-04-07T07:00:00Z/3600", "2031-04-23T13:00:00Z/1800", "2031-04-28T07:00:00Z/3600"]
        ),
        (
            "this and future",
            event("DTSTART:20310401T090000Z\nDTEND:20310401T100000Z\nRRULE:FREQ=DAILY;COUNT=4")
                + "\n"
                + event(
                    "RECURRENCE-ID;RANGE=THISANDFUTURE:20310403T090000Z\nDTSTART:20310403T110000Z\nDTEND:20310403T113000Z"
                ),
            [
                "2031-04-01T09:00:00Z/3600", "2031-04-02T09:00:00Z/3600", "2031-04-03T11:00:00Z/1800",
                "2031-04-04T11:00:00Z/1800",
            ]
        ),
        (
            "an override without master",
            event("RECURRENCE-ID:20310421T070000Z\nDTSTART:20310421T080000Z\nDTEND:20310421T090000Z"),
            ["2031-04-21T08:00:00Z/3600"]
        ),
        (
            "a cancelled instance takes no time",
            event("DTSTART:20310401T090000Z\nDTEND:20310401T100000Z\nRRULE:FREQ=DAILY;COUNT=2")
                + "\n" + event("RECURRENCE-ID:20310402T090000Z\nDTSTART:20310402T090000Z\nSTATUS:CANCELLED"),
            ["2031-04-01T09:00:00Z/3600"]
        ),
        (
            "a period as RDATE",
            event("DTSTART:20310401T090000Z\nDTEND:20310401T100000Z\nRDATE;VALUE=PERIOD:20310410T090000Z/PT3H"),
            ["2031-04-01T09:00:00Z/3600", "2031-04-10T09:00:00Z/10800"]
        ),
        (
            "UNTIL as a date includes the day",
            event("DTSTART:20310401T090000Z\nDTEND:20310401T100000Z\nRRULE:FREQ=DAILY;UNTIL=20310402"),
            ["2031-04-01T09:00:00Z/3600", "2031-04-02T09:00:00Z/3600"]
        ),
        (
            "days over a clock change stay days", event("DTSTART;VALUE=DATE:20310329\nDTEND;VALUE=DATE:20310402"),
            ["2031-03-29..2031-04-02"]
        ),
        (
            "a DURATION in days keeps the clock through its change, DTEND keeps the length",
            event("DTSTART;TZID=Europe/Paris:20310329T220000\nDURATION:P2D\nRRULE:FREQ=DAILY;COUNT=2"),
            ["2031-03-29T21:00:00Z/169200", "2031-03-30T20:00:00Z/172800"]
        ),
        (
            "a DURATION in hours is exact through a clock change",
            event("DTSTART;TZID=Europe/Paris:20310330T010000\nDURATION:PT72H\nRRULE:FREQ=DAILY;COUNT=2"),
            ["2031-03-30T00:00:00Z/259200", "2031-03-30T23:00:00Z/259200"]
        ),
        (
            "a DTEND is as long for every instance as for the first, through a clock change",
            event(
                "DTSTART;TZID=Europe/Paris:20310328T220000\nDTEND;TZID=Europe/Paris:20310331T220000\nRRULE:FREQ=DAILY;COUNT=2"
            ),
            ["2031-03-28T21:00:00Z/255600", "2031-03-29T21:00:00Z/255600"]
        ),
        (
            "a duration that goes back takes its size",
            event("DTSTART:20310405T100000Z\nDURATION:-PT1H"), ["2031-04-05T10:00:00Z/3600"]
        ),
        (
            "times as nobody should write them", event("DTSTART:2031-04-05T10:00:00+02:00\nDTEND:20310405t0930z"),
            ["2031-04-05T08:00:00Z/5400"]
        ),
        (
            "a zone that is only an offset", event("DTSTART;TZID=UTC+05:30:20310405T100000\nDURATION:PT1H"),
            ["2031-04-05T04:30:00Z/3600"]
        ),
        (
            "exceptions of any form in one list, and an empty one",
            event(
                "DTSTART;TZID=Europe/Paris:20310401T090000\nDURATION:PT30M\nRRULE:FREQ=DAILY;COUNT=4\nEXDATE:20310402T070000Z,,20310403,garbage"
            ), ["2031-04-01T07:00:00Z/1800", "2031-04-04T07:00:00Z/1800"]
        ),
        (
            "the last change of a zone that the calendar defines, by UNTIL in UTC",
            """
            BEGIN:VTIMEZONE
            TZID:Camp Europe
            BEGIN:DAYLIGHT
            DTSTART:20300331T020000
            TZOFFSETFROM:+0100
            TZOFFSETTO:+0200
            RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU;UNTIL=20310330T010000Z
            END:DAYLIGHT
            BEGIN:STANDARD
            DTSTART:20301027T030000
            TZOFFSETFROM:+0200
            TZOFFSETTO:+0100
            RDATE:20311026T030000
            END:STANDARD
            END:VTIMEZONE

            """ + event("DTSTART;TZID=Camp Europe:20310405T090000\nDURATION:PT1H"), ["2031-04-05T07:00:00Z/3600"]
        ),
        (
            "a zone only the calendar knows",
            "BEGIN:VTIMEZONE\nTZID:Base Camp\nBEGIN:STANDARD\nDTSTART:16010101T000000\nTZOFFSETFROM:+0545\nTZOFFSETTO:+0545\nEND:STANDARD\nEND:VTIMEZONE\n"
                + event("DTSTART;TZID=Base Camp:20310405T090000\nDURATION:PT1H"), ["2031-04-05T03:15:00Z/3600"]
        ),
        (
            "Google's UTC master with an override by date",
            event(
                "DTSTART;TZID=Europe/Paris:20310401T090000\nDURATION:PT30M\nRRULE:FREQ=DAILY;COUNT=3\nEXDATE;VALUE=DATE:20310402"
            ),
            ["2031-04-01T07:00:00Z/1800", "2031-04-03T07:00:00Z/1800"]
        ),
    ]

    @Test("are what each client means", arguments: golden)
    func expands(what: String, text: String, expected: [String]) throws {
        guard case .series(let series) = try oneSeries(calendar(text)) else {
            Issue.record("set aside: \(what)")
            return
        }
        let paris = try #require(ZoneDatabase.system.zone(ZoneID("Europe/Paris")))
        let window = try #require(Period(from: Instant(seconds: 1_932_681_600), to: Instant(seconds: 1_935_360_000)))
        let shown = series.occurrences(in: window, zone: paris, zones: .system).occurrences.filter { !$0.isCancelled }
            .map {
                switch $0.span {
                case .dates(let first, let end): "\(first)..\(end)"
                case .instants(let start, let end): "\(start)/\(end.seconds - start.seconds)"
                }
            }
        #expect(shown == expected, "\(what)")
    }

    @Test("are set aside where their zone is unknown, never read as UTC")
    func unknownZone() throws {
        let result = try oneSeries(calendar(event("DTSTART;TZID=Customized Time Zone:20310405T090000")))
        guard case .setAside(_, let reason) = result else {
            Issue.record("it was read")
            return
        }
        #expect(reason.contains("Customized Time Zone"))
    }

    @Test("keep their identity when a server stamps them anew, and lose it when their meaning changes")
    func hashes() throws {
        func hash(_ lines: String) throws -> [UInt8] {
            guard case .series(let series) = try oneSeries(calendar(event(lines))) else { return [] }
            return series.contentHash
        }
        let base = "DTSTART:20310405T090000Z\nSUMMARY:A"
        #expect(try hash(base + "\nDTSTAMP:20300101T000000Z\nSEQUENCE:4") == hash(base + "\nDTSTAMP:20310101T000000Z"))
        #expect(try hash(base) != hash(base + "B"))
    }

    @Test("are edited without losing what we have no field for")
    func merging() throws {
        let text = calendar(
            event(
                "DTSTART;TZID=Europe/Paris:20310405T090000\nDURATION:PT1H\nSUMMARY;LANGUAGE=fr:Sortie\nX-OWN:7\nCLASS:CONFIDENTIAL\nBEGIN:VALARM\nACTION:AUDIO\nTRIGGER:-PT5M\nEND:VALARM"
            ))
        let document = try ICalendarDocument(reading: text)
        guard case .series(let series) = document.series(zones: .system)[0], var event = series.master else { return }
        event.location = "Gate; north"
        let merged = document.calendars[0].merging(event, reminders: nil, stamp: Instant(seconds: 0), zones: .system)
        let again = try ICalendarDocument(reading: merged.icalendarText)
        let component = try #require(again.calendars[0].components.first { $0.name == "VEVENT" })
        #expect(component.first("X-OWN")?.value == "7" && component.components.map(\.name) == ["VALARM"])
        #expect(component.first("SUMMARY")?.parameter("LANGUAGE") == "fr")
        #expect(
            component.first("LOCATION")?.text == "Gate; north" && component.first("CLASS")?.value == "CONFIDENTIAL"
                || component.first("CLASS")?.value == "PRIVATE")
        #expect(again.calendars[0].components.contains { $0.name == "VTIMEZONE" })
        guard case .series(let reread) = again.series(zones: .system)[0] else { return }
        #expect(reread.master?.start == event.start && reread.master?.end == event.end)
    }
}
