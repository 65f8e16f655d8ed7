// Support: what tests share: real servers on loopback, generators, fixtures.
