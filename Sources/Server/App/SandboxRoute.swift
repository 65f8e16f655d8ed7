import HTTPTypes
import Hummingbird
import SandboxServer

/// Where the stand-ins stand that a server brings along for trying things out.
enum SandboxPath {
    static let prefix = "/sandbox"
    static func root(of vendor: String, below publicURL: String) -> String { publicURL + prefix + "/" + vendor }
}

/// Everything below `/sandbox`, whatever the method.
func addSandboxRoutes(to router: Router<some RequestContext>, world: SandboxWorld) {
    for method in [HTTPRequest.Method.get, .post, .put, .patch, .delete] {
        for path in [SandboxPath.prefix, SandboxPath.prefix + "/**"] {
            router.on(RouterPath(path), method: method) { request, _ in
                await world.respond(to: request, below: SandboxPath.prefix)
            }
        }
    }
}
