// SignInKit: signing in with outside calendars' OAuth servers (RFC 6749, PKCE by RFC 7636): the address that a person is sent
// to, the exchange of a code, the refreshing of a token, and what a refusal means. Keeps nothing. Begin at `SignInClient`.
