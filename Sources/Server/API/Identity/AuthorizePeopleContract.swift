extension AuthorizePeople {
    private static let members: KeyValuePairs<String, Schema> = [
        "email": .text(.email, most: 320), "callback_url": .text(.uri, most: 2000),
        "scope": .either([.text, .array(.text)]), "state": .text(most: 4096),
    ]

    /// One person's members, or up to 50 of them in a list.
    static let contract = EndpointContract(
        body: .either([
            .object([:], optional: members),
            .object(["service_account_authorizations": .array(.object([:], optional: members), atLeast: 1, most: 50)]),
        ]), success: .accepted)
}
