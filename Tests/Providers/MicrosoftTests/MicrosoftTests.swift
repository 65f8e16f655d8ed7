// Tests of the Microsoft connector: its mapping by tables, and the shared suite against the stand-in.
