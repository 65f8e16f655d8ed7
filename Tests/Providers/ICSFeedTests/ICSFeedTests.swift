// ICSFeedTests
