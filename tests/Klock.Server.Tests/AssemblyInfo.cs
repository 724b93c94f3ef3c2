using System.Runtime.Versioning;

// Each test class has its own server, and some load it with all that two cores can do.
[assembly: CollectionBehavior(MaxParallelThreads = 2)]

// The server is built for Linux alone so far.
[assembly: SupportedOSPlatform("linux")]
