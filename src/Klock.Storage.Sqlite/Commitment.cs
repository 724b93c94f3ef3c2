namespace Klock.Storage.Sqlite;

/// <summary>What answers rest on: everything up to a number, and who flushes it.</summary>
internal readonly record struct Commitment(SharedFlush Flush, long Sequence);
