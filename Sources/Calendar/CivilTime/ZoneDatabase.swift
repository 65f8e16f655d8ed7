import Synchronization

/// The zones of the system's database, read when first asked for and read again when the database changes. Never holds
/// rules of its own: what is not in the database is not known.
public final class ZoneDatabase: Sendable {
    /// The system's own, in `TZDIR` or `/usr/share/zoneinfo`.
    public static let system = ZoneDatabase(folder: ZoneFiles.systemFolder)

    private let folder: String
    private let monotonicSeconds: @Sendable () -> Int64
    private let state = Mutex(State())

    private struct State {
        var zones: [String: Zone?] = [:]
        var stamp: ZoneFiles.Stamp?
        var checkedAt: Int64?
    }

    /// Seconds between looks at whether the database changed.
    static let checkInterval: Int64 = 60

    public init(
        folder: String, monotonicSeconds: @escaping @Sendable () -> Int64 = { ZoneFiles.monotonicSeconds() }
    ) {
        (self.folder, self.monotonicSeconds) = (folder, monotonicSeconds)
    }

    /// The zone with exactly this name, or nil where the database does not have it.
    public func zone(_ id: ZoneID) -> Zone? {
        let now = monotonicSeconds()
        return state.withLock { state in
            forgetIfChanged(&state, now: now)
            if let known = state.zones[id.name] { return known }
            let zone = read(id)
            state.zones[id.name] = .some(zone)
            return zone
        }
    }

    /// The zone that `name` means as calendars write it: an IANA name, a Windows name, a display name with a known
    /// Windows name in it, or any of these behind a vendor's prefix. Nil where it means none: never a guess, never UTC
    /// by default.
    public func resolve(name: String) -> Zone? {
        ZoneSpelling.candidates(for: name).lazy.compactMap { self.zone(ZoneID($0)) }.first
    }

    /// The release of the database, such as `2026f`; nil where it does not say.
    public var version: String? { ZoneFiles.version(in: folder) }

    private func read(_ id: ZoneID) -> Zone? {
        guard ZoneSpelling.isPlain(id.name), let bytes = ZoneFiles.contents(folder + "/" + id.name) else { return nil }
        do { return try Zone(id: id, tzif: bytes) } catch { return nil }
    }

    private func forgetIfChanged(_ state: inout State, now: Int64) {
        if let checked = state.checkedAt, now - checked < Self.checkInterval { return }
        state.checkedAt = now
        let stamp = ZoneFiles.stamp(of: folder)
        if stamp != state.stamp { (state.stamp, state.zones) = (stamp, [:]) }
    }
}
