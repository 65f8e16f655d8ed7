import ProviderKit

/// What every connector must show. Each runs on a fixture of its own and throws `ProviderSuiteFailure`.
public enum ProviderBehaviour: String, CaseIterable, Sendable {
    case findsTheCalendarAndNamesTheAccountForGood
    case readsEverythingPageByPage
    case transfersOnlyWhatChanged
    case noticesDeletions
    case recoversFromACursorItNeverGave
    case keepsGoodItemsBesideABadOne
    case saysThatACredentialIsRefused
    case comesBackAfterTheServerDoes
    case refusesToWriteWhatCanOnlyBeRead
    case createsOnceOnly
    case refusesToOverwriteAnEditItHasNotSeen
    case deletesOnlyWhatItHasSeenAndOnlyOnce

    /// True where the behaviour is about writing through the connector.
    private var isAboutWriting: Bool {
        switch self {
        case .createsOnceOnly, .refusesToOverwriteAnEditItHasNotSeen, .deletesOnlyWhatItHasSeenAndOnlyOnce: true
        default: false
        }
    }

    /// False where the behaviour says nothing about this connector.
    public func applies(to fixture: some ProviderFixture) -> Bool {
        switch self {
        case .saysThatACredentialIsRefused: fixture.connectWithWrongCredential() != nil
        case .refusesToWriteWhatCanOnlyBeRead: fixture.isReadOnly
        default: !isAboutWriting || !fixture.isReadOnly
        }
    }

    public func show(on fixture: some ProviderFixture) async throws {
        switch self {
        case .findsTheCalendarAndNamesTheAccountForGood: try await ReadingBehaviours.discovery(fixture)
        case .readsEverythingPageByPage: try await ReadingBehaviours.firstRead(fixture)
        case .transfersOnlyWhatChanged: try await ReadingBehaviours.increment(fixture)
        case .noticesDeletions: try await ReadingBehaviours.deletion(fixture)
        case .recoversFromACursorItNeverGave: try await ReadingBehaviours.foreignCursor(fixture)
        case .keepsGoodItemsBesideABadOne: try await ReadingBehaviours.badItem(fixture)
        case .saysThatACredentialIsRefused: try await FailureBehaviours.wrongCredential(fixture)
        case .comesBackAfterTheServerDoes: try await FailureBehaviours.outage(fixture)
        case .refusesToWriteWhatCanOnlyBeRead: try await FailureBehaviours.readOnly(fixture)
        case .createsOnceOnly: try await WritingBehaviours.creation(fixture)
        case .refusesToOverwriteAnEditItHasNotSeen: try await WritingBehaviours.conflict(fixture)
        case .deletesOnlyWhatItHasSeenAndOnlyOnce: try await WritingBehaviours.deletion(fixture)
        }
    }
}
