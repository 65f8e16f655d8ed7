// What the endpoints of this folder take and give, for openapi.json.

enum TokenSchema {
    static let answer = Schema.named(
        "Tokens",
        .object(
            [
                "token_type": .oneOf("bearer"), "access_token": .text, "expires_in": .integer, "refresh_token": .text,
                "scope": .text, "sub": .text,
            ],
            optional: [
                "account_id": .text, "application_calendar_id": .text,
                "linking_profile": .object([
                    "provider_name": .text, "provider_service": .text, "profile_id": .text, "profile_name": .text,
                ]),
            ]))
}

extension IssueTokens {
    static let contract = EndpointContract(
        body: .object(
            ["grant_type": .oneOf("authorization_code", "refresh_token"), "client_id": .text],
            optional: [
                "client_secret": .text, "code": .text, "redirect_uri": .text(.uri), "code_verifier": .text,
                "refresh_token": .text, "scope": .text,
            ]),
        success: .json(TokenSchema.answer))
}

extension RevokeTokens {
    static let contract = EndpointContract(
        body: .object(
            ["client_id": .text],
            optional: ["client_secret": .text, "token": .text, "refresh_token": .text, "sub": .text]),
        success: .empty)
}

extension CreateLinkToken {
    static let contract = EndpointContract(success: .json(.object(["link_token": .text])))
}
