import Foundation
import Glibc

/// Waiting in a server's own thread, to be slow on purpose.
public enum Pause {
    public static func seconds(_ seconds: Double) { usleep(UInt32(seconds * 1_000_000)) }
}

/// Variables of this process, for tests that show they are not read.
public enum TestEnvironment {
    public static func set(_ name: String, _ value: String) { setenv(name, value, 1) }
    public static func unset(_ name: String) { unsetenv(name) }
}

/// Bodies as a server compresses them.
public enum Gzip {
    public static func compressed(byte: UInt8, count: Int) throws -> [UInt8] {
        try compressed([UInt8](repeating: byte, count: count))
    }

    public static func compressed(_ bytes: [UInt8]) throws -> [UInt8] {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("gzip-\(UUID().uuidString)")
        try Data(bytes).write(to: file)
        let status = try ChildProcess(
            "/usr/bin/env", ["gzip", "-9", file.path], environment: PythonEnvironment.variables
        ).wait()
        guard status == 0 else { throw ServerFailure(text: "gzip failed") }
        let packed = file.appendingPathExtension("gz")
        defer { do { try FileManager.default.removeItem(at: packed) } catch { print("left behind: \(packed.path)") } }
        return Array(try Data(contentsOf: packed))
    }
}
