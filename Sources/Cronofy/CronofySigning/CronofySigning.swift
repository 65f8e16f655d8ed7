// CronofySigning: the signatures of notifications, made and checked over exact bytes. Knows no request and no clock, so
// a server that sends and a program that receives use the same lines. Begin at `NotificationSignature`.
