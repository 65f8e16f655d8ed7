import Accounts
import Foundation

/// The key that seals secrets: from the environment, or from a file that is made at first use and readable by its owner
/// only. Two processes that start at once end up with one key.
enum KeyFile {
    static func load(_ configuration: Configuration) throws(Configuration.Problem) -> SealingKey {
        if let text = configuration.key { return try parse(text, from: "ANCHORPOINT_KEY") }
        let path = configuration.keyFile
        if let data = FileManager.default.contents(atPath: path) {
            return try parse(String(decoding: data, as: UTF8.self), from: path)
        }
        try create(path)
        guard let data = FileManager.default.contents(atPath: path) else {
            throw .init("key-file: cannot read '\(path)'")
        }
        return try parse(String(decoding: data, as: UTF8.self), from: path)
    }

    private static func parse(_ text: String, from source: String) throws(Configuration.Problem) -> SealingKey {
        let digits = Array(text.utf8.filter { $0 != 10 && $0 != 13 && $0 != 32 })
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: digits.count - 1, by: 2) {
            guard let byte = UInt8(String(decoding: digits[index...(index + 1)], as: UTF8.self), radix: 16) else {
                break
            }
            bytes.append(byte)
        }
        guard digits.count == 64, let key = SealingKey(bytes: bytes) else {
            throw .init("\(source): holds no key; it must be 64 hexadecimal digits")
        }
        return key
    }

    /// Written aside and linked into place, so that no process ever reads half a key and the first one wins.
    private static func create(_ path: String) throws(Configuration.Problem) {
        let folder = (path as NSString).deletingLastPathComponent
        let aside = path + ".\(getpid())"
        let text = Array((Crypto.hex(Crypto.random(32)) + "\n").utf8)
        do {
            if !folder.isEmpty {
                try FileManager.default.createDirectory(
                    atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            }
            guard
                FileManager.default.createFile(
                    atPath: aside, contents: Data(text), attributes: [.posixPermissions: 0o600])
            else { throw CocoaError(.fileWriteUnknown) }
            // Without its key the database is worthless, so both last before anything is sealed.
            try synchronize(aside)
            if link(aside, path) != 0 && errno != EEXIST { throw CocoaError(.fileWriteUnknown) }
            try FileManager.default.removeItem(atPath: aside)
            try synchronize(folder.isEmpty ? "." : folder)
        } catch {
            throw .init("key-file: cannot write '\(path)'; name a file in a folder that you may write to")
        }
    }

    /// Has a file or a folder's list of names survive a power cut.
    private static func synchronize(_ path: String) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw CocoaError(.fileWriteUnknown) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw CocoaError(.fileWriteUnknown) }
    }
}
