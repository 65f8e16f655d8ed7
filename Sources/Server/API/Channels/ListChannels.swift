import Accounts
import CronofyWire
import Notifications

/// `GET /v1/channels`: the application's open channels on the account.
enum ListChannels {
    static let contract = EndpointContract(success: .json(.object(["channels": .array(ChannelSchema.channel)])))

    static func respond(_ call: APICall) async throws -> APIAnswer {
        let channels = try await call.services.channels.channels(of: try call.account, client: call.caller.client)
        var writer = JSONWriter()
        writer.object { writer in
            writer.name("channels")
            writer.array(channels) { writer, channel in writer.object { ChannelJSON.write(channel, to: &$0) } }
        }
        return .json(writer.bytes)
    }
}
