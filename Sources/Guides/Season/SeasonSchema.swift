public import StorageKit

/// The tables of guide services. What belongs to a service leads with it, which is also the key to distribute by; what
/// belongs to a person (calendars, certificates) leads with the person, who may guide for several services. Instants are
/// seconds since 1970, days are days since 1970, flags are 0 and 1.
public enum SeasonSchema {
    /// Published migrations are never edited; a change is a new one at the end.
    public static let migrations: [Migration] = [
        services(number: 1), trips(number: 2), time(number: 3), guests(number: 4), record(number: 5),
        calendars(number: 6), LetterTable.migration(number: 7), LetterTable.delivery(number: 8),
        LetterTable.cuts(number: 9), SeasonStore.feedTable(number: 10),
        GuideVersionTable.migration(number: 11), backendOwners(number: 12),
        SeasonStore.personTokens(number: 13), SeasonStore.erasures(number: 14),
    ]

    /// The table that says which of them have run.
    public static let ledger = "season_migrations"

    private static func backendOwners(number: Int) -> Migration {
        Migration(
            number: number, name: "whose a backend is",
            statements: [
                // Null: everybody's, as the built-in one.
                "ALTER TABLE backends ADD COLUMN service_id TEXT REFERENCES guide_services"
            ])
    }

    private static func services(number: Int) -> Migration {
        Migration(
            number: number, name: "services and people",
            statements: [
                // Where calendars come from: the built-in platform, another server, or the hosted service.
                """
                CREATE TABLE backends (
                    backend_id TEXT PRIMARY KEY, kind TEXT NOT NULL, region TEXT, api_url TEXT NOT NULL,
                    app_url TEXT NOT NULL, client_id TEXT NOT NULL, client_secret BYTEA NOT NULL,
                    created_at BIGINT NOT NULL)
                """,
                """
                CREATE TABLE guide_services (
                    service_id TEXT PRIMARY KEY, slug TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
                    contact_email TEXT NOT NULL, zone TEXT NOT NULL, region TEXT, mode TEXT NOT NULL,
                    backend_id TEXT REFERENCES backends, ratio_is_hard BIGINT NOT NULL, rest_days BIGINT NOT NULL,
                    turnaround_minutes BIGINT NOT NULL, answer_hours BIGINT NOT NULL,
                    staffs_by_itself BIGINT NOT NULL, tentative_blocks BIGINT NOT NULL,
                    version BIGINT NOT NULL DEFAULT 0, created_at BIGINT NOT NULL)
                """,
                """
                CREATE TABLE people (
                    person_id TEXT PRIMARY KEY, email TEXT NOT NULL UNIQUE, name TEXT NOT NULL, phone TEXT,
                    zone TEXT NOT NULL, password BYTEA, created_at BIGINT NOT NULL)
                """,
                """
                CREATE TABLE memberships (
                    service_id TEXT NOT NULL REFERENCES guide_services, person_id TEXT NOT NULL REFERENCES people,
                    role TEXT NOT NULL, is_active BIGINT NOT NULL DEFAULT 1, created_at BIGINT NOT NULL,
                    PRIMARY KEY (service_id, person_id, role))
                """,
                "CREATE INDEX memberships_by_person ON memberships (person_id, service_id)",
                """
                CREATE TABLE invitations (
                    service_id TEXT NOT NULL REFERENCES guide_services, invitation_id TEXT NOT NULL, email TEXT NOT NULL,
                    role TEXT NOT NULL, token_hash BYTEA NOT NULL UNIQUE, invited_by TEXT NOT NULL,
                    state TEXT NOT NULL, expires_at BIGINT NOT NULL, created_at BIGINT NOT NULL,
                    PRIMARY KEY (service_id, invitation_id))
                """,
                """
                CREATE TABLE season_sign_ins (
                    hash BYTEA PRIMARY KEY, kind TEXT NOT NULL, person_id TEXT NOT NULL REFERENCES people,
                    expires_at BIGINT NOT NULL, created_at BIGINT NOT NULL)
                """,
                """
                CREATE TABLE qualifications (
                    person_id TEXT NOT NULL REFERENCES people, kind TEXT NOT NULL, valid_from BIGINT,
                    valid_through BIGINT, PRIMARY KEY (person_id, kind))
                """,
            ])
    }

    private static func trips(number: Int) -> Migration {
        Migration(
            number: number, name: "trips and crews",
            statements: [
                """
                CREATE TABLE trip_templates (
                    service_id TEXT NOT NULL REFERENCES guide_services, template_id TEXT NOT NULL, title TEXT NOT NULL,
                    place TEXT NOT NULL, place_zone TEXT NOT NULL, timing_mode TEXT NOT NULL,
                    start_second BIGINT NOT NULL, minutes BIGINT, days BIGINT, end_second BIGINT,
                    seats BIGINT NOT NULL, clients_per_guide BIGINT NOT NULL, price_amount BIGINT,
                    price_deposit BIGINT, price_currency TEXT, is_public BIGINT NOT NULL DEFAULT 1,
                    created_at BIGINT NOT NULL, PRIMARY KEY (service_id, template_id))
                """,
                """
                CREATE TABLE trips (
                    service_id TEXT NOT NULL REFERENCES guide_services, trip_id TEXT NOT NULL, title TEXT NOT NULL,
                    place TEXT NOT NULL, place_zone TEXT NOT NULL, timing_mode TEXT NOT NULL, first_day BIGINT NOT NULL,
                    start_second BIGINT NOT NULL, minutes BIGINT, days BIGINT, end_second BIGINT,
                    start_at BIGINT NOT NULL, end_at BIGINT NOT NULL, seats BIGINT NOT NULL,
                    seats_taken BIGINT NOT NULL DEFAULT 0, clients_per_guide BIGINT NOT NULL, state TEXT NOT NULL,
                    template_id TEXT, price_amount BIGINT, price_deposit BIGINT, price_currency TEXT,
                    notes TEXT NOT NULL, created_at BIGINT NOT NULL, PRIMARY KEY (service_id, trip_id),
                    CONSTRAINT trips_seats CHECK (seats_taken >= 0 AND seats_taken <= seats),
                    CHECK (start_at < end_at))
                """,
                "CREATE INDEX trips_by_start ON trips (service_id, start_at)",
                // Of a trip, or of a template: `owner_id` is either's.
                """
                CREATE TABLE crew_needs (
                    service_id TEXT NOT NULL, owner_id TEXT NOT NULL, place BIGINT NOT NULL, role TEXT NOT NULL,
                    count BIGINT NOT NULL, qualifications TEXT NOT NULL, PRIMARY KEY (service_id, owner_id, place))
                """,
                """
                CREATE TABLE assignments (
                    service_id TEXT NOT NULL, assignment_id TEXT NOT NULL, trip_id TEXT NOT NULL,
                    person_id TEXT NOT NULL REFERENCES people, role TEXT NOT NULL, state TEXT NOT NULL, deadline BIGINT,
                    override_by TEXT, override_reason TEXT, created_at BIGINT NOT NULL, changed_at BIGINT NOT NULL,
                    PRIMARY KEY (service_id, assignment_id))
                """,
                "CREATE INDEX assignments_by_trip ON assignments (service_id, trip_id)",
                "CREATE INDEX assignments_by_person ON assignments (person_id, state)",
                // Minutes on the road between places, either way.
                """
                CREATE TABLE drive_times (
                    service_id TEXT NOT NULL, one TEXT NOT NULL, other TEXT NOT NULL, minutes BIGINT NOT NULL,
                    PRIMARY KEY (service_id, one, other))
                """,
            ])
    }

    /// A guide's time. `commitments` is the promise that nobody is booked twice: the database itself refuses a row that
    /// overlaps another of the same subject, unless it was overridden by name.
    private static func time(number: Int) -> Migration {
        Migration(
            number: number, name: "guides' time",
            statements: [
                """
                CREATE TABLE commitments (
                    subject TEXT NOT NULL, commitment_id TEXT NOT NULL, service_id TEXT NOT NULL, trip_id TEXT NOT NULL,
                    start_at BIGINT NOT NULL, end_at BIGINT NOT NULL, overridden BIGINT NOT NULL DEFAULT 0,
                    expires_at BIGINT, PRIMARY KEY (subject, commitment_id), CHECK (start_at < end_at))
                """,
                "CREATE INDEX commitments_by_start ON commitments (subject, start_at)",
                "CREATE INDEX commitments_by_trip ON commitments (service_id, trip_id)",
                "CREATE INDEX commitments_expiring ON commitments (expires_at) WHERE expires_at IS NOT NULL",
                """
                CREATE TABLE guide_availability (
                    person_id TEXT NOT NULL REFERENCES people, row_id TEXT NOT NULL, service_id TEXT, trip_id TEXT,
                    start_at BIGINT NOT NULL, end_at BIGINT NOT NULL, is_available BIGINT NOT NULL,
                    is_tentative BIGINT NOT NULL, source TEXT NOT NULL, visibility TEXT NOT NULL, note TEXT,
                    origin TEXT, origin_key TEXT, reason TEXT NOT NULL, created_at BIGINT NOT NULL,
                    changed_at BIGINT NOT NULL, PRIMARY KEY (person_id, row_id), CHECK (start_at < end_at),
                    CONSTRAINT busy_rows_hold_no_text CHECK (source <> 'sync' OR note IS NULL))
                """,
                "CREATE INDEX guide_availability_by_end ON guide_availability (person_id, end_at)",
                """
                CREATE UNIQUE INDEX guide_availability_by_origin
                    ON guide_availability (person_id, origin, origin_key) WHERE origin IS NOT NULL
                """,
                // What a service sees of a guide's rows of one source: a rule, so that new rows follow it.
                """
                CREATE TABLE availability_shares (
                    person_id TEXT NOT NULL REFERENCES people, service_id TEXT NOT NULL, source TEXT NOT NULL,
                    visibility TEXT NOT NULL, PRIMARY KEY (person_id, service_id, source))
                """,
                // Seasons in which a guide is there only where a row says so.
                """
                CREATE TABLE seasons (
                    person_id TEXT NOT NULL REFERENCES people, first_day BIGINT NOT NULL, last_day BIGINT NOT NULL,
                    is_available BIGINT NOT NULL, PRIMARY KEY (person_id, first_day))
                """,
            ],
            only: [
                .postgresql: [
                    "CREATE EXTENSION IF NOT EXISTS btree_gist",
                    """
                    ALTER TABLE commitments ADD CONSTRAINT commitments_overlap
                    EXCLUDE USING gist (subject WITH =, int8range(start_at, end_at) WITH &&) WHERE (overridden = 0)
                    """,
                ],
                .sqlite: ["INSERT", "UPDATE OF subject, start_at, end_at, overridden"].map(overlapTrigger),
            ])
    }

    /// SQLite has no exclusion constraints; one writer at a time makes a trigger as good.
    private static func overlapTrigger(on event: String) -> String {
        """
        CREATE TRIGGER commitments_overlap_\(event.prefix(6).lowercased()) BEFORE \(event) ON commitments
        WHEN NEW.overridden = 0 AND EXISTS (
            SELECT 1 FROM commitments WHERE subject = NEW.subject AND overridden = 0
                AND commitment_id <> NEW.commitment_id AND start_at < NEW.end_at AND end_at > NEW.start_at)
        BEGIN SELECT RAISE(ABORT, 'commitments_overlap'); END
        """
    }

    private static func guests(number: Int) -> Migration {
        Migration(
            number: number, name: "guests",
            statements: [
                """
                CREATE TABLE guests (
                    service_id TEXT NOT NULL REFERENCES guide_services, guest_id TEXT NOT NULL, email TEXT NOT NULL,
                    name TEXT NOT NULL, phone TEXT, birth_day BIGINT, emergency_contact TEXT, medical_notes TEXT,
                    dietary_notes TEXT, created_at BIGINT NOT NULL, PRIMARY KEY (service_id, guest_id),
                    UNIQUE (service_id, email))
                """,
                """
                CREATE TABLE parties (
                    service_id TEXT NOT NULL, party_id TEXT NOT NULL, trip_id TEXT NOT NULL, primary_guest TEXT,
                    size BIGINT NOT NULL, state TEXT NOT NULL, held_until BIGINT, payment_status TEXT NOT NULL,
                    info_status TEXT NOT NULL, waiver_status TEXT NOT NULL, last_guest_activity_at BIGINT,
                    created_at BIGINT NOT NULL, changed_at BIGINT NOT NULL, PRIMARY KEY (service_id, party_id),
                    CHECK (size > 0))
                """,
                "CREATE INDEX parties_by_trip ON parties (service_id, trip_id)",
                "CREATE INDEX parties_held ON parties (held_until) WHERE state = 'held'",
                """
                CREATE TABLE party_guests (
                    service_id TEXT NOT NULL, party_id TEXT NOT NULL, guest_id TEXT NOT NULL,
                    PRIMARY KEY (service_id, party_id, guest_id))
                """,
                """
                CREATE TABLE guest_tokens (
                    hash BYTEA PRIMARY KEY, service_id TEXT NOT NULL, party_id TEXT NOT NULL, guest_id TEXT NOT NULL,
                    single_use BIGINT NOT NULL, expires_at BIGINT NOT NULL, used_at BIGINT, created_at BIGINT NOT NULL)
                """,
                "CREATE INDEX guest_tokens_by_party ON guest_tokens (service_id, party_id)",
            ])
    }

    private static func record(number: Int) -> Migration {
        Migration(
            number: number, name: "audit",
            statements: [
                // Append-only: nothing here is updated, and erasing a person replaces its name, not the line.
                """
                CREATE TABLE audit (
                    service_id TEXT NOT NULL, entry BIGINT NOT NULL, at BIGINT NOT NULL, actor TEXT NOT NULL,
                    verb TEXT NOT NULL, thing TEXT NOT NULL, detail TEXT NOT NULL, PRIMARY KEY (service_id, entry))
                """,
                "CREATE INDEX audit_by_thing ON audit (service_id, thing, entry)",
            ])
    }

    /// Guides' own calendars. A link is one account at a backend with its tokens; its profiles are the integrations that
    /// people see. Tokens and verifiers are sealed.
    private static func calendars(number: Int) -> Migration {
        Migration(
            number: number, name: "guides' calendars",
            statements: [
                """
                CREATE TABLE calendar_links (
                    person_id TEXT NOT NULL REFERENCES people, link_id TEXT NOT NULL, backend_id TEXT NOT NULL,
                    account_id TEXT NOT NULL, access_token BYTEA NOT NULL, refresh_token BYTEA, scope TEXT NOT NULL,
                    token_expires_at BIGINT, zone TEXT, level TEXT NOT NULL, state TEXT NOT NULL, cause TEXT,
                    state_since BIGINT NOT NULL, is_paused BIGINT NOT NULL DEFAULT 0, checked_at BIGINT,
                    read_at BIGINT, complete_at BIGINT, read_from BIGINT, read_until BIGINT, watermark BIGINT,
                    notified_since BIGINT, channel_id TEXT, channel_reach TEXT, channel_seen_at BIGINT,
                    channel_key TEXT NOT NULL UNIQUE,
                    event_calendar TEXT, created_at BIGINT NOT NULL, PRIMARY KEY (person_id, link_id),
                    UNIQUE (person_id, backend_id, account_id))
                """,
                """
                CREATE TABLE calendar_integrations (
                    person_id TEXT NOT NULL, integration_id TEXT NOT NULL, link_id TEXT NOT NULL, provider TEXT NOT NULL,
                    external_id TEXT NOT NULL, name TEXT NOT NULL, state TEXT NOT NULL, cause TEXT,
                    state_since BIGINT NOT NULL, relink_url TEXT, is_active BIGINT NOT NULL DEFAULT 1,
                    created_at BIGINT NOT NULL, PRIMARY KEY (person_id, integration_id),
                    UNIQUE (person_id, link_id, external_id))
                """,
                """
                CREATE TABLE integration_calendars (
                    person_id TEXT NOT NULL, link_id TEXT NOT NULL, calendar_id TEXT NOT NULL, profile_id TEXT NOT NULL,
                    name TEXT NOT NULL, is_primary BIGINT NOT NULL, read_only BIGINT NOT NULL, deleted BIGINT NOT NULL,
                    permission TEXT NOT NULL, counts BIGINT NOT NULL, seen_at BIGINT NOT NULL,
                    PRIMARY KEY (person_id, link_id, calendar_id))
                """,
                // A browser on its way to link: bound to the session that sent it, used once.
                """
                CREATE TABLE link_requests (
                    state_hash BYTEA PRIMARY KEY, session_hash BYTEA NOT NULL, person_id TEXT NOT NULL,
                    backend_id TEXT NOT NULL, redirect_uri TEXT NOT NULL, verifier BYTEA NOT NULL, level TEXT NOT NULL,
                    expires_at BIGINT NOT NULL)
                """,
                // What a guide who chose the level 'detail' lets us keep; busy rows themselves hold no text.
                """
                CREATE TABLE calendar_details (
                    person_id TEXT NOT NULL, origin TEXT NOT NULL, origin_key TEXT NOT NULL, summary TEXT NOT NULL,
                    place TEXT, PRIMARY KEY (person_id, origin, origin_key))
                """,
                // The trip event that stands in a guide's calendar: at most one of each assignment.
                """
                CREATE TABLE trip_events (
                    service_id TEXT NOT NULL, assignment_id TEXT NOT NULL, person_id TEXT NOT NULL, link_id TEXT NOT NULL,
                    calendar_id TEXT NOT NULL, start_at BIGINT NOT NULL, end_at BIGINT NOT NULL, content BYTEA NOT NULL,
                    written_at BIGINT, PRIMARY KEY (service_id, assignment_id))
                """,
                "CREATE INDEX trip_events_by_person ON trip_events (person_id, assignment_id)",
                // What a guide did to a trip's event in the calendar: the office decides, the trip stays.
                """
                CREATE TABLE trip_event_proposals (
                    service_id TEXT NOT NULL, assignment_id TEXT NOT NULL, person_id TEXT NOT NULL, kind TEXT NOT NULL,
                    start_at BIGINT, end_at BIGINT, state TEXT NOT NULL, seen_at BIGINT NOT NULL,
                    PRIMARY KEY (service_id, assignment_id))
                """,
            ])
    }
}
