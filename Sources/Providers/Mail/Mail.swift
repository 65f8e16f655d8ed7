// Mail: letters into messages (RFC 5322, MIME), and messages to a mail server (SMTP, RFC 5321). Begin at `MailSender`.
