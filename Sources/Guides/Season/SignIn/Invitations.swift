public import CivilTime
public import Sealing
import StorageKit
public import Trips

/// Somebody asked to join a service.
public struct Invitation: Hashable, Sendable {
    public let id: String
    public let service: ServiceID
    public let email: String
    public let role: Role
    public let state: State
    public let expires: Instant

    public enum State: String, Hashable, Sendable { case pending, accepted, cancelled }
}

/// What an invitation came to.
public enum InvitationOutcome: Hashable, Sendable {
    /// The address is somebody's already: they are in.
    case attached(PersonID)
    /// A letter with this token is to be sent.
    case sent(Secret)
}

extension SeasonStore {
    /// Seconds an invitation holds.
    public static let invitationLife: Int64 = 14 * 86_400

    /// Invites an address. Somebody who is known already is attached at once; their other roles stay.
    public func invite(
        email: String, as role: Role, to service: ServiceID, by actor: PersonID
    ) async throws -> InvitationOutcome {
        let address = email.lowercased()
        guard address.utf8.count <= 254, address.contains("@") else {
            throw SeasonError.invalid("email", "wants an e-mail address of at most 254 bytes")
        }
        if let known = try await person(of: address) {
            let roles = try await memberships(of: known).first { $0.service == service }?.roles ?? []
            try await setMember(known, of: service, roles: roles.union([role]), by: .person(actor))
            return .attached(known)
        }
        let (token, id) = (Secret(Crypto.token(40)), "inv_" + Crypto.hex(Crypto.random(12)))
        try await change(service, by: .person(actor)) { edit in
            _ = try edit.session.execute(
                """
                INSERT INTO invitations (service_id, invitation_id, email, role, token_hash, invited_by, state, expires_at,
                    created_at) VALUES (?, ?, ?, ?, ?, ?, 'pending', ?, ?)
                """,
                [
                    .text(service.value), .text(id), .text(address), .text(role.rawValue),
                    .blob(Crypto.sha256(token.reveal())), .text(actor.value),
                    .integer(edit.now.seconds + Self.invitationLife), .integer(edit.now.seconds),
                ])
        }
        return .sent(token)
    }

    /// A new token for a pending invitation; the old one opens nothing any more.
    public func resendInvitation(_ id: String, of service: ServiceID, by actor: PersonID) async throws -> (
        email: String, token: Secret
    ) {
        let token = Secret(Crypto.token(40))
        let email = try await change(service, by: .person(actor)) { edit in
            try edit.session.first(
                """
                UPDATE invitations SET token_hash = ?, expires_at = ?
                WHERE service_id = ? AND invitation_id = ? AND state = 'pending' RETURNING email
                """,
                [
                    .blob(Crypto.sha256(token.reveal())), .integer(edit.now.seconds + Self.invitationLife),
                    .text(service.value), .text(id),
                ]
            ) { try $0.text(0) }
        }
        guard let email else { throw SeasonError.tooLate("this invitation is not pending any more") }
        return (email, token)
    }

    public func cancelInvitation(_ id: String, of service: ServiceID, by actor: PersonID) async throws {
        try await change(service, by: .person(actor)) { edit in
            _ = try edit.session.execute(
                """
                UPDATE invitations SET state = 'cancelled'
                WHERE service_id = ? AND invitation_id = ? AND state = 'pending'
                """, [.text(service.value), .text(id)])
        }
    }

    /// The pending invitation of a token; nil where it is unknown, spent, cancelled or too old, which look alike.
    public func invitation(_ token: Secret) async throws -> Invitation? {
        let (hash, now) = (SQLValue.blob(Crypto.sha256(token.reveal())), now().seconds)
        return try await invitations(where: "token_hash = ? AND state = 'pending' AND expires_at > ?", [hash, .integer(now)])
            .first
    }

    /// Makes the person, joins them and spends the invitation.
    public func accept(_ token: Secret, name: String, zone: ZoneID) async throws -> PersonID {
        guard let invitation = try await invitation(token) else {
            throw SeasonError.tooLate("this invitation was used, cancelled or is too old")
        }
        let person = try await person(email: invitation.email, name: name, zone: zone)
        let spent = try await change(invitation.service, by: .person(person)) { edit in
            try edit.session.execute(
                """
                UPDATE invitations SET state = 'accepted'
                WHERE service_id = ? AND invitation_id = ? AND state = 'pending'
                """, [.text(invitation.service.value), .text(invitation.id)])
        }
        guard spent == 1 else { throw SeasonError.tooLate("this invitation was used already") }
        let roles = try await memberships(of: person).first { $0.service == invitation.service }?.roles ?? []
        try await setMember(
            person, of: invitation.service, roles: roles.union([invitation.role]), by: .person(person))
        return person
    }

    /// The invitations of a service that wait, newest first.
    public func pendingInvitations(of service: ServiceID) async throws -> [Invitation] {
        try await invitations(where: "service_id = ? AND state = 'pending'", [.text(service.value)])
    }

    /// The person of an address.
    public func person(of email: String) async throws -> PersonID? {
        try await database.read { session in
            try session.first("SELECT person_id FROM people WHERE email = ?", [.text(email.lowercased())]) {
                PersonID(try $0.text(0))
            }
        }
    }

    private func invitations(where condition: String, _ arguments: [SQLValue]) async throws -> [Invitation] {
        try await database.read { session in
            try session.all(
                """
                SELECT invitation_id, service_id, email, role, state, expires_at FROM invitations WHERE \(condition)
                ORDER BY created_at DESC
                """, arguments
            ) { row in
                Invitation(
                    id: try row.text(0), service: ServiceID(try row.text(1)), email: try row.text(2),
                    role: Role(rawValue: try row.text(3)) ?? .guide,
                    state: Invitation.State(rawValue: try row.text(4)) ?? .cancelled,
                    expires: Instant(seconds: try row.integer(5)))
            }
        }
    }
}
