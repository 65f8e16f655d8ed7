import CivilTime
import Integrations
import Season
import Staffing
import StorageKit
import Synchronization
import Trips

/// Guides as browsing sees them, each kept until something of them changes: one query says of whom that is, and only they
/// are read again. A guide whose calendar had to be asked, or could not be read, is not kept.
final class PictureKeeper: Sendable {
    private struct Kept: Sendable {
        /// What the service decides for all its guides.
        let service: GuideService
        /// What is known of guides reaches over this.
        let window: Period
        var guides: [PersonID: Guide] = [:]
    }

    private struct Guide: Sendable {
        let version: Int64
        let picture: GuidePicture
        let standing: GuideTime.Standing
    }

    private let services = Mutex<[ServiceID: Kept]>([:])
    private static let mostServices = 50
    /// Days around now that are kept; whoever asks beyond reads for themselves.
    private static let (back, ahead): (Int64, Int64) = (200, 800)

    /// - Parameter read: the guides named, or all, over a window.
    func picture(
        of service: ServiceID, in window: Period, season: SeasonStore,
        read: (Period, [PersonID]?) async throws -> PlanningDesk.Picture
    ) async throws -> PlanningDesk.Picture {
        let now = try await season.database.read { session in
            // Versions before anything else: what changes meanwhile is read again the next time.
            let versions = try session.guideVersions(of: service)
            guard let found = try session.service(service) else { throw SeasonError.notFound }
            return (
                versions: versions.guides, service: found, rules: try PictureRows.rules(of: found, in: session),
                members: try session.members(of: service).filter { $0.roles.contains(.guide) }
            )
        }
        guard var kept = kept(for: now.service, reaching: window, at: season.now()) else {
            return try await read(window, nil)
        }
        let missing = now.members.map(\.person).filter { person in
            guard let guide = kept.guides[person] else { return true }
            return guide.version != now.versions[person]
        }
        var staffing = StaffingPicture(guides: [], rules: now.rules)
        var standings: [PersonID: GuideTime.Standing] = [:]
        if !missing.isEmpty {
            let fresh = try await read(kept.window, missing.count == now.members.count ? nil : missing)
            for picture in fresh.staffing.guides {
                guard let standing = fresh.standings[picture.id] else { continue }
                kept.guides[picture.id] = Guide(
                    version: now.versions[picture.id] ?? 0, picture: picture, standing: standing)
            }
        }
        let span = window.widened(byDays: PictureRows.season)
        for member in now.members {
            guard let guide = kept.guides[member.person] else { continue }
            var picture = guide.picture
            (picture.name, picture.isActive) = (member.name, member.isActive)
            picture.trips = Timeline(
                picture.trips.pieces.filter { $0.period.end > span.start && $0.period.start < span.end })
            staffing.guides.append(picture)
            standings[member.person] = guide.standing
        }
        if !missing.isEmpty { keep(kept) }
        return PlanningDesk.Picture(staffing: staffing, standings: standings)
    }

    /// What is kept of a service; empty where its settings changed or the window has moved on, nil where `window` is out
    /// of reach or calendars are asked each time anyway.
    private func kept(for service: GuideService, reaching window: Period, at now: Instant) -> Kept? {
        let reach = { (kept: Kept) in kept.window.start <= window.start && window.end <= kept.window.end }
        guard service.mode != .live else { return nil }
        if let kept = services.withLock({ $0[service.id] }), kept.service == service, reach(kept) { return kept }
        guard let start = now.advanced(bySeconds: -Self.back * 86_400),
            let end = now.advanced(bySeconds: Self.ahead * 86_400), let around = Period(from: start, to: end)
        else { return nil }
        let fresh = Kept(service: service, window: around)
        return reach(fresh) ? fresh : nil
    }

    private func keep(_ kept: Kept) {
        var kept = kept
        kept.guides = kept.guides.filter { [.rows, .nothingLinked].contains($0.value.standing.source) }
        let settled = kept
        services.withLock { services in
            if services.count >= Self.mostServices { services = [:] }
            services[settled.service.id] = settled
        }
    }
}
