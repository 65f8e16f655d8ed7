public import Accounts
public import StorageKit

/// The kinds of work the platform puts into the queue, and how their subject is written in `key`.
public enum WorkKind {
    /// Bring a profile in step; key: account and profile.
    public static let sync = "sync.profile"
    /// Write one item to its provider; key: account and item.
    public static let push = "push.item"
    /// Extend the occurrences of an account's calendars as the window moves; key: account.
    public static let roll = "roll.window"

    /// Whose item the key of a push names.
    public static func item(in key: String) -> (account: AccountID, item: ItemNumber)? {
        let parts = key.split(separator: "/").map(String.init)
        guard parts.count == 2, let number = Int64(parts[1]) else { return nil }
        return (AccountID(parts[0]), ItemNumber(number))
    }
}

extension Work {
    /// A sync as soon as possible, or at `runAt` (seconds since 1970).
    public static func syncing(_ profile: ProfileID, of account: AccountID, runAt: Int64 = 0) -> Work {
        Work(kind: WorkKind.sync, key: account.value + "/" + profile.value, runAt: runAt)
    }

    /// A write-through. Writes of one item run one after another.
    public static func pushing(_ item: ItemNumber, of account: AccountID) -> Work {
        let key = account.value + "/" + String(item.value)
        return Work(kind: WorkKind.push, key: key, lane: key)
    }

    public static func rolling(_ account: AccountID, runAt: Int64) -> Work {
        Work(kind: WorkKind.roll, key: account.value, runAt: runAt)
    }
}
