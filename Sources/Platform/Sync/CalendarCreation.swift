public import Accounts
import CivilTime
import ProviderKit
import StorageKit

/// Makes calendars at providers, while the caller waits.
public struct CalendarCreation: Sendable {
    let profiles: ProfileStore
    let linker: ProfileLinker
    let source: any ProviderSource

    public init(profiles: ProfileStore, linker: ProfileLinker, source: any ProviderSource) {
        (self.profiles, self.linker, self.source) = (profiles, linker, source)
    }

    public enum Failure: Error, Hashable, Sendable {
        case unknownProfile
        /// The profile has a calendar of this name: a call that is tried again makes no second one.
        case duplicateName
        /// The person must reconnect first.
        case disconnected
        case refused(reason: String)
        case unreachable(reason: String)
    }

    /// - Throws: `Failure`, or a fault of the database.
    public func create(
        named name: String, color: String?, in id: ProfileID, of account: AccountID
    ) async throws -> (calendar: CalendarRecord, profile: Profile) {
        let (known, calendars) = try await profiles.accounts.database.read { session in
            (
                try ProfileStore.profile(id, of: account, in: session),
                try ProfileStore.calendars(of: account, in: session).filter { $0.profile == id && !$0.isDeleted }
            )
        }
        guard let profile = known else { throw Failure.unknownProfile }
        guard profile.connection.state != .disconnected else { throw Failure.disconnected }
        guard !calendars.contains(where: { $0.name == name }) else { throw Failure.duplicateName }
        let provider = try source.provider(for: profile, credential: try await profiles.credential(of: profile))
        let remote: RemoteCalendar
        do { remote = try await provider.createCalendar(named: name, color: color) } catch {
            throw Failure(error)
        }
        let now = profiles.accounts.now()
        let made = try await profiles.accounts.database.write { session in
            try CalendarListing(account: account, profile: id, now: now, session: session).add(remote)
            try linker.markRead(remote.id, profile: id, of: account, in: session)
            return try ProfileStore.calendars(of: account, in: session).first {
                $0.profile == id && $0.remoteID == remote.id.value
            }
        }
        guard let made else { throw Failure.unknownProfile }
        return (made, profile)
    }
}

extension CalendarCreation.Failure {
    fileprivate init(_ failure: RemoteFailure) {
        self =
            switch failure {
            case .authorizationLost: .disconnected
            case .refused(_, let reason): .refused(reason: reason)
            case .unreachable(let reason): .unreachable(reason: reason)
            case .throttled: .unreachable(reason: "The provider asks to be left alone for a while.")
            case .gone, .conflict, .cursorExpired: .refused(reason: "The provider did not make the calendar.")
            }
    }
}
