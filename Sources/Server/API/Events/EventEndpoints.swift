import Accounts
import HTTPTypes

/// The endpoints that write events other than one by one.
enum EventEndpoints {
    static let rows: [EndpointRow] = [
        EndpointRow(
            method: .delete, path: "/v1/events", access: .account([.deleteEvent]),
            summary: "Delete all events the application manages.", respond: DeleteAllEvents.respond,
            contract: DeleteAllEvents.contract),
        EndpointRow(
            method: .post, path: "/v1/calendars/{calendar_id}/events/{event_uid}/participation_status",
            access: .account([.changeParticipationStatus]), summary: "Answer an invitation.",
            respond: ChangeParticipation.respond, contract: ChangeParticipation.contract),
        EndpointRow(
            method: .post, path: "/v1/batch", access: .account([]), summary: "Up to 50 writes at once.",
            respond: RunBatch.respond, contract: RunBatch.contract),
        EndpointRow(
            method: .post, path: "/v1/attachments", access: .key, summary: "A file to be linked from events.",
            respond: CreateAttachment.respond, contract: CreateAttachment.contract,
            largestBody: CreateAttachment.largestBody),
    ]
}
