namespace Klock.Storage.Sqlite;

/// <summary>What answers depend on: all events up to a number, and the object that flushes them.</summary>
internal readonly record struct Commitment(SharedFlush Flush, long Sequence);
