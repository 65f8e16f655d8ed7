public import Hummingbird
public import Logging
internal import NIOCore

/// The stand-ins on an address of their own.
public struct SandboxService: Sendable {
    private let world: SandboxWorld
    private let host: String
    private let port: Int

    public init(world: SandboxWorld, host: String, port: Int) {
        (self.world, self.host, self.port) = (world, host, port)
    }

    /// `listening` hears when requests are taken.
    public func application(logger: Logger, listening: @escaping @Sendable () -> Void) -> some ApplicationProtocol {
        let world = self.world
        return Application(
            responder: CallbackResponder { (request: Request, _: BasicRequestContext) in
                await world.respond(to: request)
            }, configuration: .init(address: .hostname(host, port: port), serverName: "provider-sandbox"),
            onServerRunning: { _ in listening() }, logger: logger)
    }
}
