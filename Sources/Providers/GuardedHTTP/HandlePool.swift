internal import CCurl
internal import Synchronization

/// A curl easy handle with the connections it keeps alive.
///
/// `@unchecked Sendable`: a handle belongs to one hop from `HandlePool.take` to `HandlePool.give`, so no two threads
/// ever hold one at once, which is all libcurl asks (curl.se/libcurl/c/threadsafe.html).
final class EasyHandle: @unchecked Sendable {
    let raw: UnsafeMutableRawPointer

    init?() {
        guard Self.isLibraryReady, let raw = curl_easy_init() else { return nil }
        self.raw = raw
    }

    deinit { curl_easy_cleanup(raw) }

    private static let isLibraryReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK
}

/// Idle handles by origin: a handle is only used again for the origin its connections lead to.
final class HandlePool: Sendable {
    private let capacity: Int
    private let idle = Mutex<[(origin: Origin, handle: EasyHandle)]>([])

    init(capacity: Int) { self.capacity = capacity }

    func take(for origin: Origin) -> EasyHandle? {
        let kept = idle.withLock { idle -> EasyHandle? in
            guard let index = idle.lastIndex(where: { $0.origin == origin }) else { return nil }
            return idle.remove(at: index).handle
        }
        guard let kept else { return EasyHandle() }
        curl_easy_reset(kept.raw)  // options go, connections stay
        return kept
    }

    func give(_ handle: EasyHandle, for origin: Origin) {
        let oldest = idle.withLock { idle -> EasyHandle? in
            idle.append((origin, handle))
            return idle.count > capacity ? idle.removeFirst().handle : nil
        }
        _ = oldest  // closed here, outside the lock
    }
}
