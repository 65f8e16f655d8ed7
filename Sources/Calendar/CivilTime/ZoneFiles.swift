import Glibc

/// Reads the files of the zone database; the only place in Calendar that touches a file or a clock.
public enum ZoneFiles {
    static var systemFolder: String {
        if let folder = getenv("TZDIR") { return String(cString: folder) }
        return "/usr/share/zoneinfo"
    }

    /// A reading of the monotonic clock, for intervals only.
    public static func monotonicSeconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec)
    }

    /// What changes with any update of the database: the folder's and its index's times and numbers.
    struct Stamp: Hashable {
        var numbers: [Int]
    }

    static func stamp(of folder: String) -> Stamp {
        Stamp(
            numbers: ["", "/tzdata.zi", "/zone1970.tab", "/+VERSION"].flatMap { name in
                var status = stat()
                guard stat(folder + name, &status) == 0 else { return [0] }
                return [Int(status.st_mtim.tv_sec), status.st_mtim.tv_nsec, Int(status.st_ino)]
            })
    }

    /// The file's bytes, at most 1 MB; nil where it cannot be read or is no file.
    static func contents(_ path: String) -> [UInt8]? {
        guard let file = fopen(path, "rb") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 8192)
        while bytes.count < 1 << 20 {
            let count = fread(&chunk, 1, chunk.count, file)
            guard count > 0 else { break }
            bytes += chunk[..<count]
        }
        return bytes.isEmpty ? nil : bytes
    }

    /// The release named in the first line of `tzdata.zi` (`# version 2026f`) or in `+VERSION`.
    static func version(in folder: String) -> String? {
        if let bytes = contents(folder + "/tzdata.zi") {
            let line = String(decoding: bytes.prefix { $0 != 10 }, as: UTF8.self)
            if let word = line.split(separator: " ").last, line.hasPrefix("# version") { return String(word) }
        }
        return contents(folder + "/+VERSION").map { String(decoding: $0.prefix { $0 > 32 }, as: UTF8.self) }
    }
}
