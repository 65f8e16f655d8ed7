import Glibc

/// A program of ours in its own process, silent, ended by its process id.
struct ChildProcess: Sendable {
    let id: pid_t

    init(_ program: String, _ arguments: [String], environment: [String: String]) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for descriptor in 0..<3 as Range<Int32> {
            posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0)
        }
        var words = ([program] + arguments).map { strdup($0) } + [nil]
        var settings = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { (words + settings).forEach { free($0) } }
        var id: pid_t = 0
        guard posix_spawn(&id, program, &actions, nil, &words, &settings) == 0 else {
            throw ServerFailure(text: "cannot start \(program)")
        }
        self.id = id
    }

    /// Nil while it runs.
    func statusIfEnded() -> Int32? {
        var status: Int32 = 0
        return waitpid(id, &status, WNOHANG) == id ? status : nil
    }

    func wait() -> Int32 {
        var status: Int32 = 0
        while waitpid(id, &status, 0) == -1, errno == EINTR {}
        return status
    }

    func end() {
        kill(id, SIGTERM)
        for _ in 0..<200 {
            if statusIfEnded() != nil { return }
            usleep(10_000)
        }
        kill(id, SIGKILL)
        _ = wait()
    }
}
