// NativeTests
