import Accounts
import Notifications

/// `DELETE /v1/channels/{channel_id}`: nothing is sent from now on.
enum CloseChannel {
    static let contract = EndpointContract(success: .accepted)

    static func respond(_ call: APICall) async throws -> APIAnswer {
        let channel = ChannelID(call.parameter("channel_id"))
        guard
            try await call.services.channels.close(channel, of: try call.account, client: call.caller.client)
        else { throw APIError.notFound }
        return .accepted
    }
}
