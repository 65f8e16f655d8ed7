// Authorization: who may do what in whose name. What a browser asks for (`AuthorizationRequest`) becomes a code, a code
// becomes tokens, tokens are renewed and revoked, all by RFC 6749, 7009, 7636, 9207 and 9700. Decisions are values;
// `AuthorizationDesk` reads and writes them. Pages and endpoints stand in Server. Begin at `AuthorizationDesk`.
