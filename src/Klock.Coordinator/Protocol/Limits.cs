using Klock.Kernel;
using Klock.Kernel.Resources;

namespace Klock.Coordinator.Protocol;

/// <summary>The limit on everything that comes in (SPEC section 3). Sizes of text are bytes of UTF-8.</summary>
public static class Limits
{
    /// <summary>A whole request.</summary>
    public const int RequestBytes = 1024 * 1024;

    /// <summary>An agent id or a session id; at least 1.</summary>
    public const int IdBytes = 256;

    /// <summary>A request id; at least 1.</summary>
    public const int RequestIdBytes = 128;

    /// <summary>A namespace; at least 1.</summary>
    public const int NamespaceBytes = 256;

    /// <summary>A resource path as it is written; at least 1.</summary>
    public const int PathBytes = 4 * 1024;

    /// <summary>The parts of a FILE path in normal form, and of the file of a symbol: the names between its slashes.</summary>
    public const int PathParts = Resource.MostParts;

    /// <summary>A note; may be empty.</summary>
    public const int NoteBytes = 1024;

    /// <summary>The intents of one manifest; at least 1.</summary>
    public const int Intents = 256;

    /// <summary>A lease's ttl, 24 hours in ms; at least 1.</summary>
    public const long TtlMs = 24 * 60 * 60 * 1000;

    /// <summary>How long a request may wait, 1 hour in ms.</summary>
    public const long WaitMs = 60 * 60 * 1000;

    /// <summary>How many events, leases, waits or agents a page has; at least 1.</summary>
    public const int Page = 1_000;

    /// <summary>How many leases, waits or agents are listed to a caller who asks for no page.</summary>
    public const int Listed = 100_000;

    /// <summary>How many event streams a server has open.</summary>
    public const int EventStreams = 1_024;

    /// <summary>How many tickets of one store object may be open; at most as many as threads that submit more.</summary>
    public const int Tickets = 65_536;

    /// <summary>How many answers to tickets are handed out at once.</summary>
    public const int CollectedAnswers = 1_000;

    /// <summary>How deep a request's JSON may be nested.</summary>
    public const int JsonDepth = 64;

    /// <summary>Leases and waits of a store, of a session and of a name.</summary>
    internal static TableLimits Table { get; } = new();
}
