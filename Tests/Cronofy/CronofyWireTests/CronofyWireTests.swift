// CronofyWireTests
