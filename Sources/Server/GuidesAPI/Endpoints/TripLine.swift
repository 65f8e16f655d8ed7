import CivilTime
import CronofyWire
import Season
import Trips

/// A trip as the API writes it.
struct TripLine: Sendable {
    let stored: StoredTrip
    let crew: [Assignment]

    static func write(_ writer: inout JSONWriter, _ line: TripLine) {
        let trip = line.stored.trip
        writer.object { writer in
            writer.member("id", trip.id.value)
            writer.member("guide_service", trip.service.value)
            writer.member("title", trip.title)
            writer.member("location", trip.place.name)
            writer.member("time_zone", trip.place.zone.name)
            writer.member("start", trip.period.start.description)
            writer.member("end", trip.period.end.description)
            switch trip.timing {
            case .singleDay(_, _, let minutes):
                writer.member("timing_mode", "single_day")
                writer.name("duration_hours")
                // Hours with what is left of one in hundredths, as the older backend writes them.
                writer.value(minutes.isMultiple(of: 60) ? .integer(Int64(minutes / 60)) : .number(Double(minutes) / 60))
                writer.name("duration_days")
                writer.null()
            case .multiDay(_, _, let days, _):
                writer.member("timing_mode", "multi_day")
                writer.name("duration_hours")
                writer.null()
                writer.member("duration_days", days)
            }
            writer.member("target_clients_per_guide", trip.clientsPerGuide)
            writer.member("seats", trip.seats)
            writer.member("seats_taken", line.stored.seatsTaken)
            writer.member("state", trip.state.rawValue)
            writer.member("template_used", orNull: trip.template?.value)
            writer.name("pricing_snapshot")
            if let price = trip.price {
                writer.object {
                    $0.name("amount")
                    $0.value(price.amount)
                    $0.name("deposit")
                    $0.value(price.deposit)
                    $0.member("currency", price.currency)
                }
            } else {
                writer.null()
            }
            writer.member("notes", trip.notes)
            writer.name("assignments")
            writer.array(line.crew, write)
        }
    }

    static func write(_ writer: inout JSONWriter, _ one: Assignment) {
        writer.object {
            $0.member("id", one.id.value)
            $0.member("trip", one.trip.value)
            $0.member("guide", one.guide.value)
            $0.member("role", one.role.rawValue)
            $0.member("state", one.state.rawValue)
            $0.member("deadline", orNull: one.deadline?.description)
        }
    }
}
