import CivilTime
import CronofyClient
import Sealing
import StorageKit
import Trips

/// Opens the accounts of links: the one place where tokens leave their seal. What a call teaches about the link and its
/// backend is written down here too.
public struct LinkCalls: Sendable {
    public let links: LinkStore
    public let backends: BackendDirectory
    /// Hears of tokens that could not be written back.
    let report: @Sendable (any Error) -> Void

    public init(
        links: LinkStore, backends: BackendDirectory, report: @escaping @Sendable (any Error) -> Void = { _ in }
    ) { (self.links, self.backends, self.report) = (links, backends, report) }

    /// The account of a link; new tokens are written back before they are used.
    /// - Throws: `LinkCallFailure.cut` where there is no token that opens.
    func account(of link: CalendarLink) async throws -> CronofyAccount {
        let client = try await backends.client(of: link.backend)
        let tokens: AccountTokens?
        do {
            tokens = try await self.links.database.read { [links = self.links] in try links.tokens(of: link, in: $0) }
        } catch is SealingKey.OpenError {
            throw LinkCallFailure.noToken
        }
        guard let tokens else { throw LinkCallFailure.gone }
        let (links, report) = (self.links, self.report)
        return client.application.account(tokens) { renewed in
            do {
                try await links.database.write { try links.set(renewed, guide: link.guide, link: link.id, in: $0) }
            } catch {
                // The old refresh token of a confidential application goes on working; the next renewal is written.
                report(error)
            }
        }
    }

    /// Does `work` with the account of `link`, and writes down how the link stands afterwards.
    func perform<T: Sendable>(
        _ link: CalendarLink, _ work: @Sendable (CronofyAccount) async throws(CronofyError) -> T
    ) async throws -> T {
        let account: CronofyAccount
        do { account = try await self.account(of: link) } catch LinkCallFailure.noToken {
            try await learn(.cut(.keyMissing), of: link)
            throw LinkCallFailure.noToken
        }
        let answer = await Self.outcome { () throws(CronofyError) in try await work(account) }
        switch answer {
        case .success:
            backends.note(link.backend, answered: true)
            try await learn(.works, of: link)
        case .failure(.unreachable(.cancelled)): break
        case .failure(let error):
            let news = LinkStanding.News(error)
            backends.note(link.backend, answered: news != .trouble(.unreachable))
            try await learn(news, of: link)
        }
        return try answer.get()
    }

    private static func outcome<T>(
        _ work: () async throws(CronofyError) -> T
    ) async -> Result<T, CronofyError> {
        do { return .success(try await work()) } catch { return .failure(error) }
    }

    /// Writes news of a link, and tells of a cut in the audit of every service that the guide is with.
    private func learn(_ news: LinkStanding.News, of link: CalendarLink) async throws {
        let now = links.now()
        guard link.standing.after(news, now: now) != link.standing else { return }
        try await links.database.write { session in
            guard let current = try LinkStore.link(link.id, of: link.guide, in: session) else { return }
            let standing = current.standing.after(news, now: now)
            if try LinkStore.set(standing, of: current, in: session) {
                try LinkRecord.wasCut(link.guide, thing: link.id.value, standing.cause, now: now, in: session)
            }
        }
    }
}

/// Why a link's account cannot be opened.
enum LinkCallFailure: Error, Hashable, Sendable {
    /// Unlinked meanwhile.
    case gone
    /// Its token was sealed with another key.
    case noToken
}
